"""Slots are given by priority, within every limit, and whoever waits is told why."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.agents.models import Agent
from apps.core import clock
from apps.hub.allocation import allocate
from apps.inbox.models import Escalation
from apps.tasks.models import Attempt, Plan, Pool, Task, Worker
from tests import factories


def ready(plan: Plan, key: str = "", **fields: object) -> Task:
    return factories.task(plan, key, status="ready", ready_at=clock.now(), **fields)


def test_it_gives_a_slot_with_lease_fence_clearance_and_reason(plan: Plan, worker: Worker, noop: Agent) -> None:
    task = ready(plan)
    assert len(allocate()) == 1
    attempt = Attempt.objects.get(task=task)
    assert attempt.status == "dispatched"
    assert attempt.slot is not None
    assert (attempt.fence, attempt.number, attempt.revision) == (1, 1, 1)
    assert attempt.lease_until > clock.database_now()
    assert attempt.clearance.phase == attempt.phase == 1
    assert "noop does backend.feature" in attempt.why
    task.refresh_from_db()
    assert (task.status, task.wait_reason) == ("dispatched", "")


def test_it_never_gives_more_than_there_are_slots(plan: Plan, worker: Worker, noop: Agent, pool: Pool) -> None:
    for _ in range(15):
        ready(plan)
    assert len(allocate()) == 10
    assert len(allocate()) == 0
    waiting = Task.objects.filter(status="ready")
    assert {task.wait_reason for task in waiting} == {"slot"}
    assert "All 10 slots are in use." in waiting[0].wait_detail


def test_a_slot_holds_one_live_attempt(plan: Plan, noop: Agent, pool: Pool) -> None:
    factories.attempt(ready(plan), by=noop, slot=factories.slot())
    with pytest.raises(IntegrityError, match="one_live_attempt_per_slot"), transaction.atomic():
        factories.attempt(ready(plan), by=noop, slot=factories.slot())


def test_the_longest_path_goes_first(plan: Plan, worker: Worker, noop: Agent, pool: Pool) -> None:
    Worker.objects.update(capacity=1)
    short, long = ready(plan, "short", bottom_level=1), ready(plan, "long", bottom_level=9)
    allocate()
    assert list(Attempt.objects.values_list("task__key", flat=True)) == ["long"]
    short.refresh_from_db()
    assert short.wait_reason == "worker"
    assert long.pk


def test_age_passes_every_newer_task_after_a_hundred_minutes(
    plan: Plan, worker: Worker, noop: Agent, pool: Pool
) -> None:
    Worker.objects.update(capacity=1)
    ready(plan, "new", bottom_level=10)
    old = ready(plan, "old", bottom_level=0)
    Task.objects.filter(pk=old.pk).update(ready_at=clock.now() - timedelta(minutes=101))
    allocate()
    assert list(Attempt.objects.values_list("task__key", flat=True)) == ["old"]


def test_without_a_worker_nothing_is_dispatched(plan: Plan, pool: Pool, noop: Agent) -> None:
    task = ready(plan)
    assert len(allocate()) == 0
    task.refresh_from_db()
    assert task.wait_reason == "worker"


def test_a_silent_worker_counts_for_nothing(plan: Plan, worker: Worker, noop: Agent) -> None:
    Worker.objects.update(seen_at=clock.database_now() - timedelta(seconds=16))
    ready(plan)
    assert len(allocate()) == 0


def test_nobody_able_is_the_reason(plan: Plan, worker: Worker) -> None:
    task = ready(plan, capability="juggling")
    allocate()
    task.refresh_from_db()
    assert (task.wait_reason, task.wait_detail) == ("capability", "No active agent can do juggling.")


def test_an_agent_takes_no_more_than_its_limit(plan: Plan, worker: Worker, noop: Agent) -> None:
    Agent.objects.filter(pk=noop.pk).update(max_concurrent=2)
    for _ in range(3):
        ready(plan)
    assert len(allocate()) == 2
    assert Task.objects.get(status="ready").wait_reason == "agent"


def test_a_goal_takes_no_more_than_its_own_slots(plan: Plan, worker: Worker, noop: Agent) -> None:
    plan.goal.slots = 1
    plan.goal.save(update_fields=["slots"])
    for _ in range(2):
        ready(plan)
    assert len(allocate()) == 1
    assert "all 1 slots that it may have" in Task.objects.get(status="ready").wait_detail


def test_a_spent_budget_holds_the_goal(plan: Plan, worker: Worker, noop: Agent) -> None:
    plan.goal.budget = 5
    plan.goal.save(update_fields=["budget"])
    factories.attempt(factories.task(plan, status="completed"), by=noop, status="succeeded", cost=6)
    task = ready(plan)
    assert len(allocate()) == 0
    task.refresh_from_db()
    assert task.wait_reason == "budget"


def test_a_paused_goal_gets_nothing(plan: Plan, worker: Worker, noop: Agent) -> None:
    type(plan.goal).objects.filter(pk=plan.goal_id).update(status="paused")
    ready(plan)
    assert len(allocate()) == 0


def test_the_statements_do_not_grow_with_the_tasks(plan: Plan, worker: Worker, noop: Agent, pool: Pool) -> None:
    Pool.objects.update(slots=50)
    pool.refresh_from_db()
    from apps.tasks.services.pool import slots_ensure

    slots_ensure(pool=pool)
    Worker.objects.update(capacity=50)
    ready(plan)
    with CaptureQueriesContext(connection) as few:
        allocate()
    for _ in range(40):
        ready(plan)
    with CaptureQueriesContext(connection) as many:
        assert len(allocate()) == 40
    assert len(many) <= len(few) + 1


def test_beyond_the_limit_the_lowest_are_shed_and_come_back(
    plan: Plan, worker: Worker, noop: Agent, pool: Pool
) -> None:
    Pool.objects.update(queue_limit=5, queue_resume=4)
    Worker.objects.update(capacity=1)
    for number in range(8):
        ready(plan, f"t{number}", bottom_level=number)
    allocate()
    shed = Task.objects.filter(shed=True)
    assert {task.key for task in shed} == {"t0", "t1", "t2"}
    assert {task.wait_reason for task in shed} == {"queue_full"}
    assert Escalation.objects.filter(kind="queue_full", status="open").count() == 1
    for task in Task.objects.filter(shed=False, status="ready")[:3]:
        Task.objects.filter(pk=task.pk).update(status="completed")
    allocate()
    assert not Task.objects.filter(shed=True).exists()
    assert Escalation.objects.get(kind="queue_full").status == "expired"


def test_a_chosen_agent_is_the_one(plan: Plan, worker: Worker, noop: Agent) -> None:
    other = factories.agent("other", config={"entry": "noop"})
    ready(plan, wanted_agent=other)
    allocate()
    assert Attempt.objects.get().agent == other
