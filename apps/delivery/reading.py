"""Reading JSON that agents left in a workspace: bounded, strict, and never trusted to have the promised shape."""

from collections.abc import Mapping
from typing import Any

from apps.core.strictjson import NotStrictJson, loads

REQUIREMENTS = "requirements/requirements.json"
ACCEPTANCE = "requirements/acceptance.json"
COVERAGE = "reports/coverage.json"
INTEGRATION = "reports/integration.json"


class Unreadable(ValueError):
    """The file is missing or is not what it should be; the message is a sentence that names it."""


def document(files: Mapping[str, bytes], path: str) -> Mapping[str, Any]:
    """The JSON object in a file. Raises `Unreadable`."""
    content = files.get(path)
    if content is None:
        raise Unreadable(f"{path} is missing.")
    try:
        value = loads(content)
    except NotStrictJson as error:
        raise Unreadable(f"{path} can't be read. {error}") from error
    if not isinstance(value, dict):
        raise Unreadable(f"{path} does not hold a JSON object.")
    return value


def rows(value: Any, key: str) -> list[Mapping[str, Any]]:
    """The objects in the list `value[key]`; whatever else is there is left out."""
    found = value.get(key) if isinstance(value, Mapping) else None
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def whole(value: Any) -> int | None:
    """A whole number, or None; True is not one."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def wholes(value: Any) -> list[int]:
    """The whole numbers of a list."""
    return [number for item in value if (number := whole(item)) is not None] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The non-empty texts of a list, or of one text alone."""
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, str) and item.strip()]
