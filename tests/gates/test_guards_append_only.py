"""What people decided is never changed or deleted, and the application can't take the guards away."""

import psycopg
import pytest

from apps.core import clock
from apps.core.actors import person_actor
from apps.gates import guards, services
from apps.goals.models import Brief
from tests.gates.support import not_permitted, sql

pytestmark = pytest.mark.django_db


def make_record(world):
    """One row of everything that is append-only."""
    world.start()
    world.open_round(1)
    world.vote(world.owner, 1)
    world.settle(1)
    services.clearances_revoke(goal=world.goal, from_phase=2, to_phase=2, actor=person_actor(world.owner), why="test")
    Brief.objects.create(
        goal=world.goal, number=1, content=b"x", sha256="0", added_by=world.owner, added_at=clock.now()
    )


@pytest.fixture
def record(world):
    make_record(world)


@pytest.fixture
def committed_record(committed_world):
    make_record(committed_world)


APPEND_ONLY = {
    "gates_vote": "verdict = 'reject'",
    "gates_clearance": "phase = 8",
    "gates_clearanceseat": "seat = 'x'",
    "gates_revocation": "why = ''",
    "gates_gatedefinition": "rule = '{}'",
    "core_event": "type = 'x'",
    "core_auditlink": "what = 'x'",
    "goals_brief": "content = ''",
}


@pytest.mark.parametrize("table", APPEND_ONLY)
class TestAppendOnly:
    def test_the_application_may_not_change_delete_or_empty_it(self, record, table):
        assert sql(f"SELECT count(*) FROM {table}")[0][0] > 0
        with not_permitted():
            sql(f"UPDATE {table} SET {APPEND_ONLY[table]}")
        with not_permitted():
            sql(f"DELETE FROM {table}")
        with not_permitted():
            sql(f"TRUNCATE {table} CASCADE")

    def test_a_right_given_by_mistake_opens_nothing(self, committed_record, owner_connection, table):
        for statement in (f"UPDATE {table} SET {APPEND_ONLY[table]}", f"DELETE FROM {table}"):
            with pytest.raises(psycopg.errors.CheckViolation) as caught:
                owner_connection.execute(statement)
            assert guards.guard_of(caught.value) == "append_only"


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE gates_vote DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only ON gates_vote",
        "ALTER TABLE tasks_attempt DROP CONSTRAINT attempt_by_its_clearance",
        "CREATE TABLE mine (x int)",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION guard_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ],
)
def test_the_application_can_not_take_the_guards_away(world, statement):
    with not_permitted():
        sql(statement)
