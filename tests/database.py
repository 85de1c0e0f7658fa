"""Databases for tests: one template, migrated once as the owner, and a copy of it for each test process."""

import contextlib
import fcntl
import os
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from orchestrator_site.supervisor.roles import database_ensure
from tests.environment import TestEnvironment, at_database

PROJECT = Path(__file__).resolve().parent.parent
# Rows that migrations make and every test may count on.
_KEPT = ("django_migrations", "django_content_type", "auth_permission")


def database_create(environment: TestEnvironment) -> None:
    """Copy the template for this process; whoever comes first makes the template, the others wait."""
    with (environment.root / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = environment.root / "template.done"
        if not done.exists():
            _ensure(environment, environment.template, template="template0")
            _migrate(environment)
            done.touch()
        database_drop(environment, environment.database)
        _ensure(environment, environment.database, template=environment.template)


def database_drop(environment: TestEnvironment, name: str) -> None:
    with psycopg.connect(environment.admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _ensure(environment: TestEnvironment, name: str, *, template: str) -> None:
    owner, app = (str(conninfo_to_dict(url)["user"]) for url in (environment.owner_url, environment.app_url))
    with psycopg.connect(environment.admin_url, autocommit=True) as connection:
        database_ensure(connection, name=name, owner=owner, app=app, template=template)
        if environment.owns_postgres:
            # lets the owner empty tables whose triggers forbid it to everybody
            role = sql.Identifier(owner)
            connection.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(role))


def _migrate(environment: TestEnvironment) -> None:
    variables = {
        **os.environ,
        **environment.variables(),
        "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings",
        "DATABASE_URL": at_database(environment.app_url, environment.template),
        "DATABASE_OWNER_URL": at_database(environment.owner_url, environment.template),
    }
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0", "--skip-checks"]
    done = subprocess.run(command, cwd=PROJECT, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, f"the migrations failed:\n{done.stdout}{done.stderr}"


def database_flush(environment: TestEnvironment) -> None:
    """Empty every table that has rows, as the owner: the role under test has no right to, which is the point of it."""
    with psycopg.connect(environment.owner_url) as connection:
        connection.execute("SET lock_timeout = '10s'")
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SET session_replication_role = replica")
        filled = _filled_tables(connection)
        if filled:
            names = sql.SQL(", ").join(map(sql.Identifier, filled))
            try:
                connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
            except psycopg.errors.LockNotAvailable as error:
                raise AssertionError(
                    "a test left a transaction open: end its threads and programs before it ends"
                ) from error


def _filled_tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        " AND relname <> ALL(%s) ORDER BY relname",
        [list(_KEPT)],
    ).fetchall()
    names = [str(name) for (name,) in rows]
    if not names:
        return []
    ask = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for name in names
    )
    return [str(name) for (name,) in connection.execute(ask).fetchall()]


def database_seed() -> None:
    """What a fresh installation has: ``tests.seeding.seed()``, called as the app's role with Django ready."""
    if find_spec("tests.seeding"):
        import_module("tests.seeding").seed()
