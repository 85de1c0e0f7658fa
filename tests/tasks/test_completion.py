"""Completing: one effect of each revision. Reopening: a new revision, and only what is touched by the change."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.agents.models import Scorecard
from apps.core.models import Event
from apps.core.transitions import move
from apps.tasks.models import Attempt, Effect, Plan, Task
from apps.tasks.services.completion import consumers_reopen, results_in_force, tasks_complete, tasks_reopen
from tests import factories
from tests.concurrency import together
from tests.tasks.conftest import Succeeded


def fresh(task: Task) -> tuple[str, int, int]:
    return Task.objects.values_list("status", "revision", "unmet").get(pk=task.pk)


def again(task: Task) -> Attempt:
    """Bring a task to merging with one attempt more."""
    task.refresh_from_db()
    for status in ("dispatched", "running"):
        move(task, status)
    made = factories.attempt(task, status="succeeded")
    move(task, "merging")
    return made


def test_completing_leaves_one_effect_and_frees_what_waited(merging: Succeeded, plan: Plan) -> None:
    task, attempt = merging(failures=2, feedback=[{"text": "louder"}])
    consumer = factories.task(plan, unmet=1)
    factories.edge(task, consumer)
    assert tasks_complete(attempts=[attempt.pk], commits={attempt.pk: "c0ffee"}) == [task.pk]
    effect = Effect.objects.get(task=task)
    assert (effect.revision, effect.attempt_id, effect.commit) == (1, attempt.pk, "c0ffee")
    task.refresh_from_db()
    assert (task.status, task.failures, task.feedback) == ("completed", 0, [])
    assert fresh(consumer) == ("ready", 1, 0)


def test_completing_twice_does_it_once(merging: Succeeded, plan: Plan) -> None:
    task, attempt = merging()
    consumer = factories.task(plan, unmet=2)
    factories.edge(task, consumer)
    tasks_complete(attempts=[attempt.pk])
    assert tasks_complete(attempts=[attempt.pk]) == []
    assert Effect.objects.count() == 1
    assert fresh(consumer) == ("blocked", 1, 1)
    assert Scorecard.objects.get(agent=attempt.agent).tries == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_complete_the_same_do_it_once() -> None:
    task = factories.task(factories.started_plan(), status="merging")
    attempt = factories.attempt(task, status="succeeded")
    answers = together(*[lambda: tasks_complete(attempts=[attempt.pk])] * 2)
    assert sorted(answers, key=len) == [[], [task.pk]]
    assert Effect.objects.count() == 1
    assert Event.objects.filter(type="task.completed").count() == 1


@pytest.mark.parametrize("status", ["running", "retrying", "escalated", "cancelled", "blocked"])
def test_a_task_that_is_not_merging_is_left_alone(plan: Plan, status: str) -> None:
    task = factories.task(plan, status=status)
    attempt = factories.attempt(task, status="succeeded")
    assert tasks_complete(attempts=[attempt.pk]) == []
    assert not Effect.objects.exists()


def test_a_result_that_was_refused_is_not_taken_for_the_next_one(merging: Succeeded) -> None:
    """After a conflict the task comes to merging with another attempt; the first still reads succeeded."""
    task, refused = merging()
    for status in ("conflict", "ready"):
        move(task, status)
    second = again(task)
    assert list(results_in_force()) == [second]
    assert tasks_complete(attempts=[refused.pk]) == []
    assert tasks_complete(attempts=[refused.pk, second.pk]) == [task.pk]
    assert Effect.objects.get().attempt_id == second.pk


def test_a_result_of_an_earlier_revision_is_not_taken_for_this_one(merging: Succeeded) -> None:
    task, before = merging()
    Task.objects.filter(pk=task.pk).update(revision=2)
    assert tasks_complete(attempts=[before.pk]) == []
    assert fresh(task)[0] == "merging"


def test_the_database_allows_one_effect_for_each_revision(merging: Succeeded) -> None:
    task, attempt = merging()
    tasks_complete(attempts=[attempt.pk])
    other = factories.attempt(task, status="succeeded")
    with pytest.raises(IntegrityError, match="one_effect_per_revision"), transaction.atomic():
        Effect.objects.create(task=task, revision=1, attempt=other, at=other.dispatched_at)


def test_reopening_begins_a_new_revision_with_the_words_of_the_people(merging: Succeeded) -> None:
    task, attempt = merging()
    tasks_complete(attempts=[attempt.pk])
    note = {"round": 1, "number": 1, "text": "Sort by date", "anchor": "a.py:3"}
    assert tasks_reopen(tasks=[task.pk], feedback={task.pk: [note]}) == [task.pk]
    task.refresh_from_db()
    assert (task.status, task.revision, task.feedback) == ("ready", 2, [note])
    assert task.finished_at is None
    second = again(task)
    assert tasks_complete(attempts=[second.pk]) == [task.pk]
    assert list(Effect.objects.order_by("revision").values_list("revision", flat=True)) == [1, 2]


def test_only_what_is_completed_is_reopened(plan: Plan) -> None:
    tasks = [factories.task(plan, status=status) for status in ("running", "ready", "cancelled")]
    assert tasks_reopen(tasks=[task.pk for task in tasks]) == []
    assert {fresh(task)[1] for task in tasks} == {1}


def test_a_consumer_that_is_reopened_with_its_producer_waits_for_it(plan: Plan) -> None:
    producer, consumer = (factories.task(plan, status="completed") for _ in range(2))
    factories.edge(producer, consumer)
    tasks_reopen(tasks=[consumer.pk, producer.pk])
    assert fresh(producer) == ("ready", 2, 0)
    assert fresh(consumer) == ("blocked", 2, 1)
    attempt = again(producer)
    tasks_complete(attempts=[attempt.pk])
    assert fresh(consumer) == ("ready", 2, 0)


def test_a_consumer_that_has_not_begun_waits_for_the_reopened_producer(plan: Plan) -> None:
    producer, consumer = factories.task(plan, status="completed"), factories.task(plan, unmet=0)
    factories.edge(producer, consumer)
    tasks_reopen(tasks=[producer.pk])
    assert fresh(consumer) == ("blocked", 1, 1)


@pytest.mark.parametrize(("changed", "reopened"), [({"a.txt"}, True), ({"other.txt"}, False), (set(), False)])
def test_finished_consumers_are_reopened_only_if_their_input_changed(
    plan: Plan, changed: set[str], reopened: bool
) -> None:
    producer, consumer = (factories.task(plan, status="completed") for _ in range(2))
    factories.edge(producer, consumer, "a.txt")
    factories.edge(producer, consumer, "b.txt")
    expected: list[uuid.UUID] = [consumer.pk] if reopened else []
    assert consumers_reopen(task=producer, changed_paths=changed) == expected
    assert fresh(consumer) == (("ready", 2, 0) if reopened else ("completed", 1, 0))


def test_finished_work_of_a_later_phase_is_done_anew_after_its_gate(plan: Plan) -> None:
    """A new plan keeps such work; when its input changes after all, it waits for its phase, whose gate is pending."""
    producer = factories.task(plan, status="completed")
    later = factories.task(plan, status="completed", phase=2)
    factories.edge(producer, later, "a.txt")
    assert consumers_reopen(task=producer, changed_paths={"other.txt"}) == []
    assert fresh(later) == ("completed", 1, 0)
    assert consumers_reopen(task=producer, changed_paths={"a.txt"}) == [later.pk]
    assert fresh(later) == ("blocked", 2, 0)


def test_the_scorecard_counts_what_was_completed(merging: Succeeded, plan: Plan) -> None:
    agent = factories.agent()
    for _ in range(2):
        task = factories.task(plan, status="merging")
        tasks_complete(attempts=[factories.attempt(task, by=agent, status="succeeded", cost=3).pk])
    card = Scorecard.objects.get(agent=agent)
    assert (card.capability, card.tries, card.succeeded) == ("backend.feature", 2, 2)
    assert card.cost_total == Decimal(6)
