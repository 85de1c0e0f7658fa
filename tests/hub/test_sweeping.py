"""The sweeper finds in the database what no hint will tell any more."""

import uuid
from datetime import timedelta

import pytest

from apps.agents.models import Agent
from apps.core import checkpoints, clock
from apps.hub import sweeping
from apps.hub.allocation import allocate
from apps.inbox.models import Escalation
from apps.tasks.models import Attempt, Plan, Pool, Task, Worker
from tests import factories


def test_a_lost_dispatch_is_told_again(
    plan: Plan, worker: Worker, noop: Agent, sent: list[tuple[str, list[object]]]
) -> None:
    factories.task(plan, status="ready", ready_at=clock.now())
    attempt = allocate()[0]
    sweeping.lost_hints()
    assert not [name for name, _ in sent if name == "run_attempts"], "it is too young to be lost"
    Attempt.objects.update(dispatched_at=clock.now() - timedelta(seconds=3))
    sweeping.lost_hints()
    assert ("run_attempts", [[str(attempt.pk)]]) in sent


def test_what_waits_to_be_merged_is_told_again(plan: Plan, sent: list[tuple[str, list[object]]]) -> None:
    factories.task(plan, status="merging")
    sweeping.lost_hints()
    assert ("merge_goal", [str(plan.goal_id)]) in sent


def test_work_that_nobody_can_take_is_escalated_once_for_each_capability(plan: Plan, pool: Pool) -> None:
    long_ago = clock.now() - timedelta(minutes=pool.no_agent_minutes + 1)
    for _ in range(2):
        factories.task(plan, status="ready", ready_at=long_ago, wait_reason="capability", capability="juggling")
    factories.task(plan, status="ready", ready_at=clock.now(), wait_reason="capability", capability="singing")
    sweeping.missing_agents()
    sweeping.missing_agents()
    escalation = Escalation.objects.get()
    assert escalation.key == "no_agent:juggling"
    assert "2 tasks wait" in escalation.text


def test_a_goal_in_which_nothing_moves_is_looked_at(plan: Plan, sent: list[tuple[str, list[object]]]) -> None:
    factories.task(plan, status="completed")
    sweeping.live_goals()
    assert ("advance_goal", [str(plan.goal_id)]) in sent


def test_a_goal_that_works_is_left_alone(plan: Plan, sent: list[tuple[str, list[object]]]) -> None:
    factories.task(plan, status="running")
    sweeping.live_goals()
    assert sent == []


def test_one_broken_sweep_does_not_keep_the_others_from_running(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def broken() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(sweeping, "SWEEPS", ((broken, 60.0), (lambda: ran.append("next"), 60.0)))
    sweeping.Sweeper().turn()
    assert ran == ["next"]


@pytest.mark.usefixtures("pool", "sent")
def test_every_sweep_may_run_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "checkpoint_write", lambda: None)
    sweeping.sweep_once()
    sweeping.sweep_once()
    assert not Task.objects.filter(pk=uuid.uuid4()).exists()
