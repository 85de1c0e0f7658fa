"""What every test may use: real services, a database of its own, an owner's connection.

Tests run as the app's role, so that what the database refuses in production it refuses here. ``db`` wraps a test in a
transaction; ``transactional_db`` commits, and empties the tables through the owner afterwards.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orchestrator_site.supervisor.services import Services
from tests import database
from tests.chromium import chromium_path
from tests.environment import TestEnvironment, this_environment

_services: Services | None = None


def _services_start(environment: TestEnvironment) -> None:
    """Start what the environment does not bring; does nothing the second time, and in an xdist worker."""
    global _services
    if _services is not None or "PYTEST_XDIST_WORKER" in os.environ:
        return
    _services = Services(layout=environment.layout, durable=False)
    given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}
    # The addresses in the environment are those of the tests by now; ours must be started all the same.
    os.environ.update(
        DATABASE_URL=os.environ["TESTS_APP_URL"],
        DATABASE_OWNER_URL=os.environ["TESTS_OWNER_URL"],
        REDIS_URL=os.environ["TESTS_REDIS_URL"],
    )
    try:
        _services.start()
    finally:
        os.environ.update(given)


def pytest_configure(config: pytest.Config) -> None:
    # Before Django's own teardown of transactional tests, which would TRUNCATE with a role that may not.
    from django.test import TransactionTestCase

    def flush_as_owner(case: TransactionTestCase) -> None:
        database.database_flush(this_environment())
        database.database_seed()

    TransactionTestCase._fixture_teardown = flush_as_owner  # type: ignore[attr-defined]
    if config.getoption("numprocesses", None):
        _services_start(this_environment())


def pytest_unconfigure(config: pytest.Config) -> None:
    if _services is not None:
        _services.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a Chromium the browser tests are left out, in one line of the summary; where one is demanded, not."""
    if chromium_path():
        return
    if os.environ.get("CHROMIUM_REQUIRED"):
        raise pytest.UsageError(
            "No Chromium is found, but CHROMIUM_REQUIRED is set. Install it, or set CHROMIUM to its path."
        )
    out = [item for item in items if item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in set(out)]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not chromium_path():
        terminalreporter.write_line(
            "No Chromium is found: tests/browser were left out. Install it, or set CHROMIUM to its path."
        )


@pytest.fixture(scope="session")
def services() -> TestEnvironment:
    """Running PostgreSQL and Redis, with the addresses that this process uses. Needs no Django database."""
    environment = this_environment()
    _services_start(environment)
    Path(environment.variables()["VAR_DIR"]).mkdir(parents=True, exist_ok=True)
    return environment


@pytest.fixture(scope="session")
def django_db_setup(services: TestEnvironment, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Overrides pytest-django's: a copy of the migrated template instead of migrations in every process."""
    from django.db import connections

    database.database_create(services)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.database_seed()
    yield
    connections.close_all()
    database.database_drop(services, services.database)
    if not services.owns_postgres and services.worker in {"main", "gw0"}:
        with contextlib.suppress(psycopg.errors.ObjectInUse):
            database.database_drop(services, services.template)


@pytest.fixture
def owner_connection(services: TestEnvironment, django_db_setup: None) -> Iterator[psycopg.Connection]:
    """The database as its owner, autocommitting: sees what is committed only, and may do what the app may not."""
    with psycopg.connect(services.owner_url, autocommit=True) as connection:
        yield connection
