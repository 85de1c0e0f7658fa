"""Imports point one way, and each outside library stays where it belongs."""

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, PROJECT, imported, modules


def _importers(library: str, *, under: str = "apps/", but: Collection[str] = ()) -> list[str]:
    """Where a library is imported: name:line of all files but those whose name begins with one of ``but``."""
    return [
        f"{name}:{line} {module}"
        for name, tree in modules(under)
        if not name.startswith(tuple(but))
        for module, line in imported(tree)
        if module == library or module.startswith(f"{library}.")
    ]


def test_the_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "0 broken" in done.stdout


def test_every_app_has_its_layer() -> None:
    import tomllib

    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    named = {name.removeprefix("apps.") for layer in layers for name in layer.split(" | ")}
    assert named == {*APPS, "engine", "orchestrator_site"}


def test_the_engine_imports_the_standard_library_and_networkx_only() -> None:
    allowed = {*sys.stdlib_module_names, "networkx"}
    found = [
        f"{name}:{line} {module}"
        for name, tree in modules("apps/engine/")
        for module, line in imported(tree)
        if module.split(".")[0] not in allowed and not (module == "apps" or module.startswith("apps.engine"))
    ]
    assert found == []


@pytest.mark.parametrize("module", ["time", "datetime.datetime.now", "random", "os", "socket", "threading", "asyncio"])
def test_the_engine_takes_time_chance_and_the_world_as_arguments(module: str) -> None:
    # A seeded generator that is handed in may be named as a type.
    found = [one for one in _importers(module, under="apps/engine/") if not one.endswith("random.Random")]
    assert [one for one in found if not (module == "random" and one.endswith(" random"))] == []


def test_what_runs_in_the_sandbox_imports_the_standard_library_only() -> None:
    for folder, own in (("apps/agents/crew/", "apps.agents.crew"), ("apps/agents/sandbox/", "apps.agents.sandbox")):
        found = [
            f"{name}:{line} {module}"
            for name, tree in modules(folder)
            for module, line in imported(tree)
            if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith(own)
        ]
        assert found == []


def test_only_the_hub_imports_celery() -> None:
    assert _importers("celery", but=["apps/hub/"]) == _importers("kombu", but=["apps/hub/"]) == []


def test_only_the_dashboard_imports_channels() -> None:
    assert _importers("channels", but=["apps/dashboard/"]) == []


@pytest.mark.parametrize("library", ["django.http", "django.shortcuts", "django.urls", "django.views", "ninja"])
def test_only_pages_and_api_know_http(library: str) -> None:
    # The admin is pages too; Django looks for it beside the models. They all ask one helper who is signed in.
    admin = [name for name, _ in modules("apps/") if name.endswith("/admin.py") or "/admin/" in name]
    admin += ["apps/accounts/requests.py"]
    assert _importers(library, but=["apps/dashboard/", "apps/api/", *admin]) == []


def test_models_and_selectors_import_no_services() -> None:
    found = [
        f"{name}:{line} {module}"
        for name, tree in modules("apps/")
        if "/models" in name
        for module, line in imported(tree)
        if ".services" in module or ".selectors" in module
    ]
    assert found == []


def test_imports_are_absolute() -> None:
    import ast

    found = [
        f"{name}:{node.lineno}"
        for folder in ("apps/", "orchestrator_site/", "tests/")
        for name, tree in modules(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert found == []
