"""Every app has its place and its files; three of them have no models."""

import ast
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.architecture.sources import APPS, PROJECT, modules

WITHOUT_MODELS = ["api", "dashboard", "hub"]


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_named_after_its_folder(app: str) -> None:
    config = apps.get_app_config(app)
    assert (config.name, config.label) == (f"apps.{app}", app)
    assert (PROJECT / "apps" / app / "__init__.py").is_file()


@pytest.mark.parametrize("app", sorted(set(APPS) - set(WITHOUT_MODELS)))
def test_an_app_with_models_has_its_migrations(app: str) -> None:
    folder = PROJECT / "apps" / app
    assert (folder / "models.py").is_file() != (folder / "models" / "__init__.py").is_file()
    assert (folder / "migrations" / "__init__.py").is_file()
    assert (folder / "migrations" / "0001_initial.py").is_file()
    assert list(apps.get_app_config(app).get_models())


@pytest.mark.parametrize("app", WITHOUT_MODELS)
def test_what_only_translates_or_coordinates_keeps_no_rows(app: str) -> None:
    folder = PROJECT / "apps" / app
    assert list(apps.get_app_config(app).get_models()) == []
    assert not (folder / "models.py").exists()
    assert not (folder / "migrations").exists()


@pytest.mark.parametrize("app", [*APPS, "engine"])
def test_each_app_has_its_tests(app: str) -> None:
    assert list((PROJECT / "tests" / app).rglob("test_*.py")) != []


@pytest.mark.django_db
def test_the_migrations_are_those_of_the_models() -> None:
    out = StringIO()
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=out)
    assert "No changes" in out.getvalue()


def test_what_services_write_together_they_write_whole() -> None:
    """A service that is atomic takes its arguments by name: the call says what it changes."""
    found = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules("apps/")
        if "/services" in name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _atomic(node)
        if node.args.args or node.args.posonlyargs
    ]
    assert found == []


def _atomic(function: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(one) for one in function.decorator_list)
