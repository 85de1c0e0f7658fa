"""What the role may do that every process uses: rows, and never the shape of anything."""

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction

from apps.core import audit, events, grants
from apps.core.actors import HUB
from apps.core.events import Happening
from apps.core.models import SYSTEM_STREAM, AuditLink, Event

REFUSED = [
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE goals_goal ADD COLUMN mine int",
    "ALTER TABLE tasks_attempt DISABLE TRIGGER attempt_clearance_holds",
    "ALTER TABLE tasks_attempt DROP CONSTRAINT attempt_by_its_clearance",
    "DROP TABLE goals_goal",
    "DROP TRIGGER append_only ON core_auditlink",
    "CREATE TRIGGER mine BEFORE INSERT ON goals_goal FOR EACH ROW EXECUTE FUNCTION guard_append_only()",
    "CREATE INDEX mine ON goals_goal (title)",
    "CREATE OR REPLACE FUNCTION guard_clearance_holds() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "TRUNCATE goals_goal CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE pg_database_owner",
    "REINDEX TABLE goals_goal",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0099_mine', now())",
    "DELETE FROM django_migrations",
    "COPY goals_goal TO PROGRAM 'cat'",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", REFUSED)
def test_the_app_role_is_refused(statement: str) -> None:
    with pytest.raises((ProgrammingError, DatabaseError)) as refused, transaction.atomic():
        connection.cursor().execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", 0)))
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_what_is_append_only_is_neither_changed_nor_deleted(table: str, statement: str) -> None:
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    column = model._meta.pk.column
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table, column, column))


@pytest.mark.django_db
def test_the_record_of_decisions_is_append_only() -> None:
    named = {"gates_vote", "gates_clearance", "gates_clearanceseat", "gates_revocation", "core_auditlink", "core_event"}
    assert named <= set(grants.append_only_tables())


@pytest.mark.django_db
def test_the_app_role_reads_and_writes_every_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT'))"
        )
        assert [name for (name,) in cursor.fetchall()] == ["django_migrations"]


@pytest.mark.django_db
def test_the_app_role_owns_nothing_and_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Event, AuditLink])
def test_even_the_owner_changes_the_record_only_by_taking_its_trigger_away(
    model: type[Event | AuditLink], owner_connection: psycopg.Connection
) -> None:
    events.record(Happening(SYSTEM_STREAM, "x", "x:1"))
    audit.append(actor=HUB, what="x", subject="x:1", data={})
    for statement in (f"UPDATE {model._meta.db_table} SET subject = 'y'", f"DELETE FROM {model._meta.db_table}"):
        with pytest.raises(psycopg.errors.CheckViolation, match="never changed or deleted"):
            owner_connection.execute(statement)
    assert model.objects.get().subject == "x:1"


@pytest.mark.django_db
def test_granting_as_the_app_role_changes_nothing() -> None:
    grants.grant()
    with pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute("DELETE FROM core_event")
