"""The examples in the engine's docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import apps.engine

MODULES = sorted(module.name for module in pkgutil.walk_packages(apps.engine.__path__, "apps.engine."))


@pytest.mark.parametrize("name", MODULES)
def test_its_examples_hold(name):
    result = doctest.testmod(importlib.import_module(name))

    assert result.failed == 0


def test_there_are_examples():
    attempted = sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES)

    assert attempted > 60
