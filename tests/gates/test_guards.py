"""The database refuses work without its clearance, whoever asks: tried in SQL as the application's role."""

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from apps.core.actors import HUB
from apps.gates import services
from tests.gates.support import attempt_insert, make_task, other_goal, refused, sql, verify

pytestmark = pytest.mark.django_db


def test_tests_run_as_the_role_of_the_application(world):
    assert sql("SELECT current_user") == [(settings.DATABASE_APP_ROLE,)]
    assert sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]


class TestAttempts:
    def test_with_its_clearance_it_is_made(self, world):
        clearance = world.start()
        assert attempt_insert(make_task(world, 1), clearance.pk).pk
        verify()

    def test_none_without_a_clearance(self, world):
        world.start()
        with pytest.raises(DatabaseError, match="null value"), transaction.atomic():
            attempt_insert(make_task(world, 1), None)

    def test_none_with_a_clearance_of_another_phase(self, world):
        clearance = world.start()
        with refused("attempt_by_its_clearance"):
            attempt_insert(make_task(world, 2), clearance.pk)

    def test_none_that_claims_another_phase_than_its_task(self, world):
        clearance = world.start()
        with refused("attempt_of_its_task"):
            attempt_insert(make_task(world, 2), clearance.pk, phase=1)

    def test_none_with_another_goals_clearance(self, world):
        world.start()
        _, _, foreign = other_goal(world)
        with refused("attempt_by_its_clearance"):
            attempt_insert(make_task(world, 1), foreign.pk)

    def test_none_with_a_revoked_clearance(self, world):
        clearance = world.start()
        services.clearances_revoke(goal=world.goal, from_phase=1, to_phase=1, actor=HUB, why="test")
        with refused("clearance_revoked"):
            attempt_insert(make_task(world, 1), clearance.pk)

    @pytest.mark.parametrize("change", ["phase = 2", "clearance_id = gen_random_uuid()", "task_id = gen_random_uuid()"])
    def test_none_is_moved_in_front_of_a_gate(self, world, change):
        attempt = attempt_insert(make_task(world, 1), world.start().pk)
        with refused("attempt_stays_where_it_is"):
            sql(f"UPDATE tasks_attempt SET {change} WHERE id = %s", [attempt.pk])

    def test_no_task_of_an_active_plan_is_moved_in_front_of_a_gate(self, world):
        world.start()
        task = make_task(world, 4)
        with refused("task_stays_in_its_phase"):
            sql("UPDATE tasks_task SET phase = 1 WHERE id = %s", [task.pk])

    def test_a_task_of_a_proposed_plan_may_move(self, world):
        task = make_task(world, 4)
        assert sql("UPDATE tasks_task SET phase = 3 WHERE id = %s", [task.pk]) == 1


class TestDeliverables:
    INSERT = (
        "INSERT INTO delivery_deliverable"
        " (id, goal_id, phase, clearance_id, commit, file, sha256, size, manifest, made_at)"
        " VALUES (gen_random_uuid(), %s, %s, %s, '', 'x.zip', '', 0, '{}', now())"
    )

    def test_none_with_an_earlier_clearance(self, world):
        clearance = world.start()
        with refused("deliverable_by_its_clearance"):
            sql(self.INSERT, [world.goal.pk, 8, clearance.pk])

    def test_none_of_another_phase(self, world):
        clearance = world.start()
        with pytest.raises(DatabaseError, match="deliverable_by_clearance_8"), transaction.atomic():
            sql(self.INSERT, [world.goal.pk, 1, clearance.pk])

    def test_none_with_a_revoked_clearance_and_one_with_clearance_8(self, world):
        world.clear(7)
        world.open_round(7)
        world.vote(world.teammate, 7)
        world.vote(world.quality, 7)
        clearance = world.settle(7).clearance
        assert clearance.phase == 8
        assert sql(self.INSERT, [world.goal.pk, 8, clearance.pk]) == 1
        services.clearances_revoke(goal=world.goal, from_phase=8, to_phase=8, actor=HUB, why="test")
        with refused("clearance_revoked"):
            sql(self.INSERT, [world.goal.pk, 8, clearance.pk])
