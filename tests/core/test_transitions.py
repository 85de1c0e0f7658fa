"""The one door for a status: what a move writes, and who wins a race."""

import uuid

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from apps.core import transitions
from apps.core.actors import Actor
from apps.core.errors import StaleState
from apps.core.models import SYSTEM_STREAM, Event
from apps.engine.lifecycle import IllegalMove
from apps.goals.models import Goal
from apps.tasks.models import Attempt, Task
from tests import factories
from tests.concurrency import Holding, InThread, together


@pytest.mark.django_db
def test_a_move_writes_fields_and_tells_who_and_why() -> None:
    goal = factories.goal()
    ada = Actor("person", "1", "Ada")
    transitions.move(goal, "planning", actor=ada, data={"why": "asked"}, failure="none")
    goal.refresh_from_db()
    assert (goal.status, goal.failure) == ("planning", "none")
    event = Event.objects.get(subject=f"goal:{goal.pk}")
    assert (event.stream_id, event.seq, event.type) == (goal.pk, 1, "goal.planning")
    assert event.actor == {"kind": "person", "id": "1", "name": "Ada"}
    assert event.data == {"from": "draft", "to": "planning", "why": "asked"}


@pytest.mark.django_db
def test_a_computed_field_is_read_back() -> None:
    task = factories.task(factories.plan(factories.goal()))
    transitions.move(task, "ready", revision=F("revision") + 1)
    assert task.revision == 2


@pytest.mark.django_db
def test_the_events_of_the_api_keep_their_names() -> None:
    task = factories.task(factories.plan(factories.goal()), status="dispatched")
    transitions.move(task, "running")
    assert Event.objects.filter(subject=f"task:{task.pk}").values_list("type", flat=True).get() == "task.started"


@pytest.mark.django_db
def test_what_belongs_to_no_goal_is_told_in_the_streams_of_the_system() -> None:
    transitions.move(factories.agent(), "draining")
    transitions.move_many(Goal.objects.none(), "planning")
    assert set(Event.objects.values_list("stream_id", flat=True)) == {SYSTEM_STREAM}


@pytest.mark.django_db
def test_a_row_that_moved_meanwhile_is_stale_and_the_words_say_what_to_do() -> None:
    goal = factories.goal()
    seen = Goal.objects.get(pk=goal.pk)
    transitions.move(goal, "planning")
    with pytest.raises(StaleState, match=r"no longer draft: .* Look again and decide anew\."):
        transitions.move(seen, "planning")
    assert seen.status == "draft"
    assert Event.objects.filter(stream=goal.pk).count() == 1


@pytest.mark.django_db
def test_a_rolled_back_move_leaves_neither_status_nor_event() -> None:
    goal = factories.goal()
    with transaction.atomic():
        transitions.move(goal, "planning")
        transaction.set_rollback(True)
    goal.refresh_from_db()
    assert (goal.status, Event.objects.count()) == ("draft", 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_move_the_same_row_one_wins() -> None:
    goal = factories.goal(status="proposed")

    def move(new: str) -> str:
        try:
            return transitions.move(Goal.objects.get(pk=goal.pk), new).status
        except (StaleState, IllegalMove) as error:  # the loser may read before the winner commits, or after
            return type(error).__name__

    answers = together(lambda: move("running"), lambda: move("planning"))
    told = Event.objects.filter(stream=goal.pk).values_list("data__to", flat=True)
    assert list(told) == [Goal.objects.get(pk=goal.pk).status]
    assert len({"StaleState", "IllegalMove"} & set(answers)) == 1


@pytest.mark.django_db(transaction=True)
def test_who_read_before_the_winner_committed_is_stale() -> None:
    goal = factories.goal(status="running")
    seen = Goal.objects.get(pk=goal.pk)
    with Holding(lambda: transitions.move(Goal.objects.get(pk=goal.pk), "paused")) as winner:
        loser = InThread(lambda: transitions.move(seen, "delivering"))
        loser.until_it_waits()
        winner.commit()
        with pytest.raises(StaleState):
            loser.result()
    assert Goal.objects.get(pk=goal.pk).status == "paused"
    assert list(Event.objects.filter(stream=goal.pk).values_list("type", flat=True)) == ["goal.paused"]


@pytest.mark.django_db
def test_a_set_moves_what_may_move_and_tells_one_event_each() -> None:
    plan = factories.plan(factories.goal())
    blocked = [factories.task(plan).pk for _ in range(3)]
    done = factories.task(plan, status="completed")
    moved = transitions.move_many(
        Task.objects.filter(plan=plan), "ready", data=lambda pk: {"n": blocked.index(pk)}, wait_reason="slot"
    )
    assert sorted(moved) == sorted(blocked)
    assert set(Task.objects.filter(pk__in=blocked).values_list("status", "wait_reason")) == {("ready", "slot")}
    done.refresh_from_db()
    assert (done.status, done.wait_reason) == ("completed", "")
    told = Event.objects.filter(stream=plan.goal_id).order_by("seq")
    assert [event.seq for event in told] == [1, 2, 3]
    assert {event.subject: event.data["n"] for event in told} == {f"task:{pk}": n for n, pk in enumerate(blocked)}


@pytest.mark.django_db
def test_a_set_of_many_goals_tells_each_in_its_own_stream() -> None:
    tasks = [factories.task(factories.plan(factories.goal())) for _ in range(3)]
    transitions.move_many(Task.objects.filter(pk__in=[task.pk for task in tasks]), "ready")
    assert {(e.stream_id, e.seq) for e in Event.objects.all()} == {(task.goal_id, 1) for task in tasks}


@pytest.mark.django_db
def test_a_set_found_through_a_join_tells_each_row_once() -> None:
    task = factories.task(factories.started_plan(), status="retrying")
    for status in ("failed", "expired"):
        factories.attempt(task, status=status)
    joined = Task.objects.filter(attempts__status__in=["failed", "expired"])
    assert joined.count() == 2
    assert transitions.move_many(joined, "ready") == [task.pk]
    assert Event.objects.filter(subject=f"task:{task.pk}").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("shape", ["sliced", "distinct", "ordered"])
def test_a_set_may_be_sliced_distinct_or_ordered(shape: str) -> None:
    plan = factories.plan(factories.goal())
    tasks = [factories.task(plan, position=number) for number in range(3)]
    rows = Task.objects.filter(plan=plan).order_by("-position")
    shaped = {"sliced": rows[:1], "distinct": rows.distinct(), "ordered": rows}[shape]
    assert len(transitions.move_many(shaped, "ready")) == (1 if shape == "sliced" else 3)
    tasks[2].refresh_from_db()
    assert tasks[2].status == "ready"


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow_with_the_set() -> None:
    counts = []
    for size in (1, 200):
        plan = factories.plan(factories.goal())
        values = {"plan": plan, "goal_id": plan.goal_id, "phase": 1, "capability": "x", "status": "blocked"}
        Task.objects.bulk_create(Task(key=str(n), title=str(n), **values) for n in range(size))
        with CaptureQueriesContext(connection) as captured:
            assert len(transitions.move_many(Task.objects.filter(plan=plan), "ready")) == size
        counts.append([query["sql"].split()[0] for query in captured.captured_queries])
    assert counts[0] == counts[1]
    # The locks, the update, the events with their numbers.
    assert [verb for verb in counts[0] if verb not in {"SAVEPOINT", "SELECT", "RELEASE"}] == ["UPDATE", "WITH"]
    assert counts[0].count("SELECT") <= 2


@pytest.mark.django_db
def test_an_empty_set_asks_once_and_tells_nothing() -> None:
    assert transitions.move_many(Task.objects.filter(pk=uuid.uuid4()), "ready") == []
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_sets_that_overlap_move_each_row_once() -> None:
    plan = factories.plan(factories.goal())
    keys = [factories.task(plan).pk for _ in range(20)]

    def move(of: list[uuid.UUID]) -> list[uuid.UUID]:
        return list(transitions.move_many(Task.objects.filter(pk__in=of), "ready"))

    first, second = together(lambda: move(keys[:15]), lambda: move(keys[5:][::-1]))
    assert sorted([*first, *second]) == sorted(keys)
    assert Event.objects.filter(type="task.ready").count() == 20


@pytest.mark.django_db(transaction=True)
def test_a_row_that_no_longer_fits_the_set_is_left_alone() -> None:
    """Ready may follow on escalated, but a set of blocked tasks does not contain an escalated one."""
    task = factories.task(factories.plan(factories.goal()))
    rows = Task.objects.filter(pk=task.pk, status="blocked")
    with Holding(lambda: transitions.move(Task.objects.get(pk=task.pk), "escalated")) as first:
        second = InThread(lambda: transitions.move_many(rows, "ready"))
        second.until_it_waits()
        first.commit()
        assert second.result() == []
    task.refresh_from_db()
    assert task.status == "escalated"


@pytest.mark.django_db
def test_saving_what_was_read_a_while_ago_does_not_undo_a_move() -> None:
    agent = factories.agent()
    edited = type(agent).objects.get(pk=agent.pk)
    transitions.move(agent, "disabled")
    edited.name = "Another name"
    edited.save()
    agent.refresh_from_db()
    assert (agent.status, agent.name) == ("disabled", "Another name")


@pytest.mark.django_db
def test_a_status_is_not_saved_by_name() -> None:
    goal = factories.goal()
    with pytest.raises(ValueError, match=r"written by core\.transitions alone"):
        goal.save(update_fields=["title", "status"])


@pytest.mark.django_db
def test_what_is_new_begins_at_the_beginning_and_partly_read_rows_can_be_saved() -> None:
    task = factories.task(factories.started_plan())
    assert task.status == "blocked"
    assert factories.attempt(task).status == "dispatched"
    partly = Task.objects.only("title", "goal_id").get(pk=task.pk)
    partly.title = "Something else"
    partly.save()
    assert Task.objects.get(pk=task.pk).title == "Something else"
    assert Attempt.objects.count() == 1
