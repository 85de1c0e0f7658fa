"""Two connections at once: whoever is first, nothing slips between a revocation and an attempt."""

import threading

import pytest
from django.db import DatabaseError, connections, transaction

from apps.agents.models import Agent
from apps.core import clock
from apps.core.actors import HUB
from apps.gates import guards, services
from apps.tasks.models import Attempt
from tests.gates.support import attempt_insert, make_task, refused, sql


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """A revocation and an attempt that are made at the same moment: whoever is first, nothing slips through."""

    def in_background(self, action):
        done, problems = threading.Event(), []

        def run():
            try:
                with transaction.atomic():
                    action()
            except DatabaseError as error:
                problems.append(error)
            finally:
                connections.close_all()
                done.set()

        thread = threading.Thread(target=run)
        thread.start()
        return thread, done, problems

    def waits_for_lock(self, owner):
        """Until some connection is seen waiting for a lock: the other transaction has reached it."""
        deadline = clock.database_now().timestamp() + 20
        while clock.database_now().timestamp() < deadline:
            waiting = owner.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE NOT l.granted AND a.datname = current_database()"
            ).fetchone()
            if waiting[0]:
                return True
        return False

    def test_an_attempt_waits_for_a_revocation_and_is_refused(self, committed_world, owner_connection):
        world = committed_world
        clearance, task = world.start(), make_task(world, 1)
        Agent.objects.create(slug="crew", name="Crew", runtime="local")
        with transaction.atomic():
            services.clearances_revoke(goal=world.goal, from_phase=1, to_phase=1, actor=HUB, why="test")
            thread, done, problems = self.in_background(lambda: attempt_insert(task, clearance.pk))
            assert self.waits_for_lock(owner_connection)
            assert not done.is_set()
        thread.join()
        assert [guards.guard_of(one) for one in problems] == ["clearance_revoked"]
        assert not Attempt.objects.exists()

    def test_a_revocation_waits_for_an_attempt_that_is_being_made(self, committed_world, owner_connection):
        world = committed_world
        clearance, task = world.start(), make_task(world, 1)
        with transaction.atomic():
            attempt_insert(task, clearance.pk)
            thread, done, problems = self.in_background(
                lambda: services.clearances_revoke(goal=world.goal, from_phase=1, to_phase=1, actor=HUB, why="test")
            )
            assert self.waits_for_lock(owner_connection)
            assert not done.is_set()
        thread.join()
        assert not problems
        assert clearance.revocation
        with refused("clearance_revoked"):
            attempt_insert(make_task(world, 1), clearance.pk)

    def test_a_clearance_is_not_used_with_an_old_view_of_the_world(self, committed_world):
        world = committed_world
        clearance, task = world.start(), make_task(world, 1)
        with transaction.atomic():
            sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            with pytest.raises(DatabaseError) as caught:
                attempt_insert(task, clearance.pk)
            transaction.set_rollback(True)
        assert guards.guard_of(caught.value) == "clearance_read_committed"
