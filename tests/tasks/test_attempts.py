"""The life of an attempt: begun once, reported while it lives, finished once; what comes too late is salvage."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.core import clock
from apps.core.models import Event
from apps.tasks.models import Attempt, Plan, Task
from apps.tasks.services.attempts import (
    Finished,
    attempt_progress,
    attempts_begin,
    attempts_end,
    attempts_succeed,
    leases_renew,
    salvage_keep,
)
from tests import factories
from tests.concurrency import together

DONE = Finished(changed={"a.txt": "0" * 64}, deleted=["b.txt"], summary="It works.", cost=Decimal("1.5"))


@pytest.fixture
def dispatched(plan: Plan) -> Attempt:
    return factories.attempt(factories.task(plan, status="dispatched"), slot=factories.slot())


@pytest.fixture
def running(dispatched: Attempt) -> Attempt:
    attempts_begin(attempts=[dispatched.pk], worker="here", lease_seconds=30)
    dispatched.refresh_from_db()
    return dispatched


def state(attempt: Attempt) -> tuple[str, str]:
    """The status of the attempt, and of its task."""
    return Attempt.objects.values_list("status", "task__status").get(pk=attempt.pk)


def begin(attempt: Attempt) -> list[uuid.UUID]:
    return attempts_begin(attempts=[attempt.pk], worker="here", lease_seconds=30)


def test_beginning_takes_attempt_and_task_and_sets_the_lease(dispatched: Attempt) -> None:
    before = clock.database_now()
    assert begin(dispatched) == [dispatched.pk]
    dispatched.refresh_from_db()
    assert state(dispatched) == ("running", "running")
    assert dispatched.worker == "here"
    assert before + timedelta(seconds=30) <= dispatched.lease_until <= clock.database_now() + timedelta(seconds=30)
    assert Event.objects.filter(type="task.started", subject=f"task:{dispatched.task_id}").count() == 1


def test_beginning_twice_takes_it_once(running: Attempt) -> None:
    assert begin(running) == []
    assert Event.objects.filter(type="task.started").count() == 1


@pytest.mark.parametrize("status", ["succeeded", "failed", "expired", "cancelled", "waiting"])
def test_what_has_ended_is_not_begun(plan: Plan, status: str) -> None:
    ended = factories.attempt(factories.task(plan, status="ready"), status=status)
    assert begin(ended) == []
    assert state(ended) == (status, "ready")


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_begin_at_once_one_gets_it() -> None:
    attempt = factories.attempt(factories.task(factories.started_plan(), status="dispatched"))
    answers = together(lambda: begin(attempt), lambda: begin(attempt))
    assert sorted(answers, key=len) == [[], [attempt.pk]]


def test_a_lease_is_extended_while_the_attempt_runs_and_the_answer_says_who_should_stop(running: Attempt) -> None:
    ended = factories.attempt(factories.task(running.task.plan), status="expired")
    old = ended.lease_until
    assert leases_renew(attempts=[running.pk, ended.pk, uuid.uuid4()], lease_seconds=300) == {running.pk}
    running.refresh_from_db()
    ended.refresh_from_db()
    assert running.lease_until > clock.database_now() + timedelta(seconds=290)
    assert ended.lease_until == old


@pytest.mark.parametrize(("said", "kept"), [(40, 40), (-5, 0), (250, 100)])
def test_progress_is_kept_and_told(running: Attempt, said: int, kept: int) -> None:
    assert attempt_progress(attempt=running, percent=said, note="n" * 400)
    running.refresh_from_db()
    assert (running.progress, running.note) == (kept, "n" * 300)
    event = Event.objects.get(type="task.progress")
    assert (event.subject, event.actor["kind"]) == (f"task:{running.task_id}", "agent")


def test_progress_of_an_attempt_that_is_not_live_is_dropped(running: Attempt) -> None:
    stale = Attempt.objects.get(pk=running.pk)
    stale.fence = 99
    assert not attempt_progress(attempt=stale, percent=50, note="")
    attempts_end(attempts=[running.pk], status="expired", error="silent")
    assert not attempt_progress(attempt=running, percent=50, note="")
    assert not Event.objects.filter(type="task.progress").exists()


def test_success_keeps_the_result_and_sends_the_task_to_merging(running: Attempt) -> None:
    assert attempts_succeed(results={running.pk: DONE}) == [running.pk]
    running.refresh_from_db()
    assert state(running) == ("succeeded", "merging")
    assert running.result == {
        "changed": {"a.txt": "0" * 64},
        "deleted": ["b.txt"],
        "summary": "It works.",
        "claims": [],
    }
    assert (running.progress, running.cost, running.salvage) == (100, Decimal("1.5"), None)
    assert running.finished_at is not None


def test_succeeding_twice_keeps_the_first_result(running: Attempt) -> None:
    attempts_succeed(results={running.pk: DONE})
    assert attempts_succeed(results={running.pk: Finished(summary="Another.")}) == []
    running.refresh_from_db()
    assert (running.result["summary"], running.salvage) == ("It works.", None)


@pytest.mark.parametrize("ending", ["expired", "cancelled", "failed"])
def test_a_result_that_comes_too_late_is_salvage(running: Attempt, ending: str) -> None:
    attempts_end(attempts=[running.pk], status=ending, error="over")
    assert attempts_succeed(results={running.pk: DONE}) == []
    running.refresh_from_db()
    assert state(running) == (ending, "running")
    assert running.salvage is not None
    assert (running.salvage["summary"], running.result, running.cost) == ("It works.", {}, Decimal("1.5"))


def test_salvage_is_kept_once_and_its_cost_counted_once(running: Attempt) -> None:
    attempts_end(attempts=[running.pk], status="expired", error="silent")
    for _ in range(2):
        salvage_keep(attempt_id=running.pk, finished=DONE)
    running.refresh_from_db()
    assert running.cost == Decimal("1.5")


def test_one_late_result_does_not_hold_up_the_others(running: Attempt) -> None:
    late = factories.attempt(factories.task(running.task.plan), status="expired")
    assert attempts_succeed(results={late.pk: DONE, running.pk: Finished()}) == [running.pk]
    late.refresh_from_db()
    assert late.salvage is not None


@pytest.mark.django_db(transaction=True)
def test_a_result_and_an_expiry_that_come_at_once_never_both_win() -> None:
    attempt = factories.attempt(factories.task(factories.started_plan(), status="running"), status="running")
    succeeded, ended = together(
        lambda: attempts_succeed(results={attempt.pk: DONE}),
        lambda: attempts_end(attempts=[attempt.pk], status="expired", error="silent"),
    )
    assert sorted([succeeded, ended], key=len) == [[], [attempt.pk]]
    attempt.refresh_from_db()
    assert attempt.status == ("succeeded" if succeeded else "expired")
    assert bool(attempt.salvage) == bool(ended)


def test_ending_frees_the_slot_keeps_the_error_and_tells_why(running: Attempt) -> None:
    assert attempts_end(attempts=[running.pk], status="failed", error="No such file", cost=Decimal(2)) == [running.pk]
    running.refresh_from_db()
    assert (running.status, running.error, running.cost) == ("failed", "No such file", Decimal(2))
    told = Event.objects.get(type="task.failed")
    assert told.data == {"attempt": str(running.pk), "error": "No such file"}
    again = factories.attempt(factories.task(running.task.plan, status="dispatched"), slot=running.slot)
    assert again.status == "dispatched"


def test_cancelling_is_no_failure(dispatched: Attempt) -> None:
    assert attempts_end(attempts=[dispatched.pk], status="cancelled", error="The goal was cancelled.")
    assert not Event.objects.filter(type="task.failed").exists()


def test_ending_twice_ends_once(running: Attempt) -> None:
    attempts_end(attempts=[running.pk], status="expired", error="silent")
    assert attempts_end(attempts=[running.pk], status="failed", error="late") == []
    running.refresh_from_db()
    assert running.error == "silent"


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("one_live_attempt_per_slot", lambda first, task: {"of": task, "slot": first.slot}),
        ("one_live_attempt_per_task", lambda first, task: {"of": first.task}),
        ("fence_once_per_task", lambda first, task: {"of": first.task, "fence": first.fence, "status": "failed"}),
    ],
)
def test_the_database_refuses_what_must_not_be_twice(
    dispatched: Attempt, constraint: str, change: Callable[[Attempt, Task], dict[str, object]]
) -> None:
    other = factories.task(dispatched.task.plan, status="dispatched")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factories.attempt(**change(dispatched, other))  # type: ignore[arg-type]


def test_the_database_refuses_an_attempt_in_front_of_its_gate(plan: Plan) -> None:
    early = factories.task(plan, phase=2, status="dispatched")
    clearance = plan.goal.clearances.get()
    with pytest.raises(IntegrityError, match="attempt_by_its_clearance"), transaction.atomic():
        factories.attempt(early, clearance=clearance)
    with pytest.raises(IntegrityError, match="attempt_of_its_task"), transaction.atomic():
        factories.attempt(early, clearance=clearance, phase=1)
