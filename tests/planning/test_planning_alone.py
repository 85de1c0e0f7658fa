"""One worker plans a goal, without a transaction open while a model thinks; what it leaves, another takes up."""

import threading
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import connection

from apps.core import clock, events, transitions
from apps.core.models import Event
from apps.goals.models import Goal
from apps.planning import locking
from apps.planning.models import ModelCall
from apps.planning.services import goal_plan
from apps.planning.thinking import keeping
from apps.planning.thinking.since import planning_since
from apps.planning.versions import library_seed
from apps.tasks.models import Exploration, Plan
from tests.environment import this_environment
from tests.goals.conftest import lead
from tests.planning.test_goal_plan import submitted
from tests.planning.thinking.parts import BRIEF, model_row
from tests.support.modelserver import Hang, model_server

__all__ = ["lead"]


def in_thread(work):
    """Run with a connection of its own, as another worker would."""
    raised: list[BaseException] = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert raised == []


@pytest.mark.django_db(transaction=True)
def test_while_a_model_thinks_no_transaction_is_open_and_a_second_call_changes_nothing(lead):
    library_seed()
    goal = submitted(lead, BRIEF)
    seen = {}

    def look(_heard):
        def work():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
                )
                seen["open"] = cursor.fetchone()[0]
            before = Event.objects.filter(stream=goal.pk).count()
            goal_plan(goal_id=goal.pk)
            seen["changed"] = Event.objects.filter(stream=goal.pk).count() - before
            seen["plans"] = Plan.objects.count()

        in_thread(work)
        return {}

    with model_server(facts=look) as server:
        model_row(server, secret="")
        goal_plan(goal_id=goal.pk)
    assert seen == {"open": 0, "changed": 0, "plans": 0}
    assert (Exploration.objects.count(), Plan.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_goal_that_is_cancelled_meanwhile_stays_cancelled(lead):
    library_seed()
    goal = submitted(lead, BRIEF)

    def cancel(_heard):
        in_thread(lambda: transitions.move(Goal.objects.get(pk=goal.pk), "cancelled"))
        return {}

    with model_server(facts=cancel) as server:
        model_row(server, secret="")
        goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    assert goal.status == "cancelled"
    assert not Plan.objects.exists()
    assert ModelCall.objects.filter(goal=goal).exists()  # it was paid for all the same


@pytest.mark.django_db(transaction=True)
def test_the_lock_goes_with_the_worker_that_held_it(lead):
    library_seed()
    goal = submitted(lead, BRIEF)
    address = this_environment().variables()["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as worker:
        worker.execute("SELECT pg_try_advisory_lock(%s, %s)", [locking.PLANNING_LOCK, goal.pk.int % 2**31])
        goal_plan(goal_id=goal.pk)
        assert not Plan.objects.exists()
    goal_plan(goal_id=goal.pk)
    assert Plan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_lock_is_given_back(lead):
    library_seed()
    goal = submitted(lead, BRIEF)
    goal_plan(goal_id=goal.pk)
    with connection.cursor() as cursor:
        # Of this database only: tests that run beside this one plan in theirs, on the same server.
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
            "WHERE locktype = 'advisory' AND classid = %s AND datname = current_database()",
            [locking.PLANNING_LOCK],
        )
        assert cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_whoever_takes_over_has_what_is_left_of_time_and_money(lead):
    goal = submitted(lead, BRIEF)
    ModelCall.objects.create(
        goal=goal, purpose="facts", model="m", outcome="used", cost=Decimal("0.9999"), called_at=clock.now()
    )
    with model_server() as server:
        model_row(server, secret="", cost_limit=Decimal(1))
        goal_plan(goal_id=goal.pk)
        assert server.heard == []
    assert "€0.9999 were spent" in Exploration.objects.get(goal=goal).thinking["stands"][0]


@pytest.mark.django_db
def test_a_goal_that_waited_long_for_a_worker_is_planned_without_the_model(lead):
    goal = submitted(lead, BRIEF)
    with model_server(facts=Hang) as server, clock.at(clock.now() + timedelta(seconds=241)):
        model_row(server, secret="")
        goal_plan(goal_id=goal.pk)
        assert server.heard == []
    goal.refresh_from_db()
    assert goal.status == "proposed"
    assert "time for this plan was used up" in Exploration.objects.get(goal=goal).thinking["stands"][0]


@pytest.mark.django_db
def test_what_was_spent_on_an_earlier_plan_does_not_count(lead):
    goal = submitted(lead, BRIEF)
    with clock.at(clock.now() - timedelta(days=1)):
        ModelCall.objects.create(
            goal=goal, purpose="facts", model="m", outcome="used", cost=Decimal(5), called_at=clock.now()
        )
    with model_server() as server:
        model_row(server, secret="", cost_limit=Decimal(1))
        goal_plan(goal_id=goal.pk)
        assert server.asked("facts")


@pytest.mark.django_db
def test_a_new_version_of_a_running_goal_s_plan_has_its_own_limit(lead):
    goal = submitted(lead, BRIEF)
    ModelCall.objects.create(
        goal=goal, purpose="facts", model="m", outcome="used", cost=Decimal(5), called_at=clock.now()
    )
    with clock.at(clock.now() + timedelta(hours=1)):
        events.record(events.Happening(goal.pk, "goal.replan_asked", f"goal:{goal.pk}"))
        assert keeping.spent(goal=goal) == 0
        assert planning_since(goal=goal) == clock.now()
