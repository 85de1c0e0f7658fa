"""Events told together: one statement a stream at the end of the block, in order, with the streams locked once."""

import contextlib
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core import events, transitions
from apps.core.models import Event
from apps.tasks.models import Task
from tests import factories

pytestmark = pytest.mark.django_db


def types(goal):
    return list(Event.objects.filter(stream_id=goal.pk).order_by("seq").values_list("type", flat=True))


def locks(queries):
    return [query["sql"] for query in queries if "core_stream" in query["sql"] and "FOR NO KEY UPDATE" in query["sql"]]


def inserts(queries):
    return [query["sql"] for query in queries if "INSERT INTO core_event" in query["sql"]]


def dispatch_and_fail(goal):
    with transaction.atomic(), events.together({goal.pk}):
        transitions.move_many(Task.objects.filter(goal=goal), "dispatched")
        raise ZeroDivisionError


@pytest.fixture
def tasks():
    plan = factories.plan(factories.goal())
    events.record(events.Happening(plan.goal_id, "goal.noted", f"goal:{plan.goal_id}"))
    return [factories.task(plan, status="ready") for _ in range(3)]


def test_moves_are_told_in_one_statement_and_in_order(tasks):
    goal = tasks[0].goal
    before = len(types(goal))
    with CaptureQueriesContext(connection) as seen, events.together({goal.pk}):
        transitions.move_many(Task.objects.filter(goal=goal), "dispatched", streams={goal.pk})
        transitions.move_many(Task.objects.filter(goal=goal), "running", streams={goal.pk})
    assert types(goal)[before:] == ["task.dispatched"] * 3 + ["task.started"] * 3
    assert len(inserts(seen.captured_queries)) == 1
    assert len(locks(seen.captured_queries)) == 1


def test_an_event_that_is_recorded_in_between_keeps_its_place(tasks):
    goal = tasks[0].goal
    before = len(types(goal))
    with events.together({goal.pk}):
        transitions.move_many(Task.objects.filter(pk=tasks[0].pk), "dispatched")
        events.record(events.Happening(goal.pk, "goal.noted", f"goal:{goal.pk}"))
        transitions.move_many(Task.objects.filter(pk=tasks[1].pk), "dispatched")
    assert types(goal)[before:] == ["task.dispatched", "goal.noted", "task.dispatched"]


def test_a_block_within_a_block_is_a_part_of_it(tasks):
    goal = tasks[0].goal
    before = len(types(goal))
    with CaptureQueriesContext(connection) as seen, events.together({goal.pk}):
        with events.together({goal.pk}):
            transitions.move_many(Task.objects.filter(pk=tasks[0].pk), "dispatched")
        assert types(goal)[before:] == []
        transitions.move_many(Task.objects.filter(pk=tasks[1].pk), "dispatched")
    assert types(goal)[before:] == ["task.dispatched"] * 2
    assert len(inserts(seen.captured_queries)) == 1


def test_a_block_that_fails_tells_nothing_and_leaves_nothing_behind(tasks):
    goal = tasks[0].goal
    before = types(goal)
    with pytest.raises(ZeroDivisionError):
        dispatch_and_fail(goal)
    assert types(goal) == before
    assert set(Task.objects.filter(goal=goal).values_list("status", flat=True)) == {"ready"}
    transitions.move_many(Task.objects.filter(goal=goal), "dispatched")
    assert types(goal)[len(before) :] == ["task.dispatched"] * 3


def undone(work):
    """Do it inside of a savepoint that is rolled back, and go on."""
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        work()
        raise ZeroDivisionError


def dispatch_around_a_savepoint(tasks):
    with transaction.atomic(), events.together({tasks[0].goal_id}):
        transitions.move_many(Task.objects.filter(pk=tasks[0].pk), "dispatched")
        undone(lambda: transitions.move_many(Task.objects.filter(pk=tasks[1].pk), "dispatched"))


def test_what_a_savepoint_undoes_is_not_told(tasks):
    goal = tasks[0].goal
    before = len(types(goal))
    with events.together({goal.pk}):
        undone(lambda: transitions.move_many(Task.objects.filter(pk=tasks[0].pk), "dispatched"))
        transitions.move_many(Task.objects.filter(pk=tasks[1].pk), "dispatched")
    assert types(goal)[before:] == ["task.dispatched"]
    assert Event.objects.filter(stream_id=goal.pk).latest("seq").subject == f"task:{tasks[1].pk}"


def test_what_was_told_before_a_savepoint_never_goes_with_it(tasks):
    goal = tasks[0].goal
    before = types(goal)
    with pytest.raises(RuntimeError, match="begin anew"):
        dispatch_around_a_savepoint(tasks)
    assert types(goal) == before
    assert set(Task.objects.filter(goal=goal).values_list("status", flat=True)) == {"ready"}


def test_a_savepoint_that_holds_keeps_the_order(tasks):
    goal = tasks[0].goal
    before = len(types(goal))
    with events.together({goal.pk}):
        transitions.move_many(Task.objects.filter(pk=tasks[0].pk), "dispatched")
        with transaction.atomic():
            events.record(events.Happening(goal.pk, "goal.noted", f"goal:{goal.pk}"))
        transitions.move_many(Task.objects.filter(pk=tasks[1].pk), "dispatched")
    assert types(goal)[before:] == ["task.dispatched", "goal.noted", "task.dispatched"]


def test_streams_that_were_not_named_are_still_locked(tasks):
    other = factories.task(factories.plan(factories.goal()), status="ready")
    with CaptureQueriesContext(connection) as seen, events.together({tasks[0].goal_id}):
        transitions.move_many(Task.objects.filter(pk=other.pk), "dispatched")
    assert len(locks(seen.captured_queries)) == 2
    assert "task.dispatched" in types(other.goal)


def test_a_set_without_rows_asks_for_nothing():
    with CaptureQueriesContext(connection) as seen:
        assert transitions.move_many(Task.objects.filter(pk__in=[]), "dispatched", streams={uuid.uuid4()}) == []
    assert not inserts(seen.captured_queries)
