"""Parts of the site that stand in their own modules: used when they are there, loud when they are broken."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import URLResolver, include, path


def optional(module: str, attribute: str, *, default: Any) -> Any:
    """``module.attribute``, or ``default`` where there is no such module.

    A module that is there and fails to import is an error, as it should be.
    """
    return getattr(import_module(module), attribute) if find_spec(module) else default


def mounted(prefix: str, module: str) -> list[URLResolver]:
    """The addresses of ``module`` under ``prefix``, with the namespace that it gives itself."""
    return [path(prefix, include(module))] if find_spec(module) else []
