"""A worker takes attempts, runs agents, and brings results home; what is no longer wanted is kept as salvage."""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from apps.agents import runtimes
from apps.agents.models import Agent
from apps.agents.runtimes import Result
from apps.core import clock
from apps.core.models import Event
from apps.hub import execution, failing
from apps.hub.allocation import allocate
from apps.tasks.models import Attempt, Effect, Plan, Pool, Task, Worker
from apps.tasks.services.attempts import attempts_end
from tests import factories

pytestmark = pytest.mark.usefixtures("worker")


class Scripted:
    """A runtime that answers with what the test says, and may do something meanwhile."""

    def __init__(self, answer: Result | Exception, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.answer, self.meanwhile = answer, meanwhile
        self.packets: list[Mapping[str, Any]] = []

    def start(self, packet: Mapping[str, Any], tree: Mapping[str, bytes], **_: Any) -> Result:
        self.packets.append(packet)
        self.meanwhile()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Scripted]:
    def install(answer: Result | Exception, meanwhile: Callable[[], object] = lambda: None) -> Scripted:
        scripted = Scripted(answer, meanwhile)
        monkeypatch.setitem(runtimes.REGISTRY, "local", lambda config, surroundings: scripted)
        return scripted

    return install


def dispatched(plan: Plan, **fields: Any) -> Attempt:
    factories.task(plan, status="ready", ready_at=clock.now(), **fields)
    assert len(allocate()) == 1
    return Attempt.objects.latest("dispatched_at")


def test_tiny_attempts_are_begun_and_completed_as_a_set(plan: Plan, noop: Agent) -> None:
    ids = []
    for _ in range(3):
        ids.append(dispatched(plan).pk)
    execution.run(ids)
    assert set(Task.objects.values_list("status", flat=True)) == {"completed"}
    assert Effect.objects.count() == 3
    started = Event.objects.filter(type="task.started").count()
    assert started == 3


def test_a_result_is_stored_and_waits_to_be_merged(plan: Plan, runs: Callable[..., Scripted]) -> None:
    factories.agent("crew", config={"entry": "crew"})
    scripted = runs(Result(outcome="succeeded", tree={"a.txt": b"hello"}, summary="Wrote it."))
    attempt = dispatched(plan, acceptance=["It says hello."])
    execution.run([attempt.pk])
    attempt.refresh_from_db()
    assert attempt.status == "succeeded"
    assert set(attempt.result["changed"]) == {"a.txt"}
    assert Task.objects.get().status == "merging"
    packet = scripted.packets[0]
    assert packet["schema"] == "task_packet/1"
    assert packet["acceptance"] == ["It says hello."]
    assert packet["agent"]["why"]


def test_a_hint_that_comes_twice_does_nothing(plan: Plan, runs: Callable[..., Scripted]) -> None:
    factories.agent("crew", config={"entry": "crew"})
    scripted = runs(Result(outcome="succeeded", tree={"a.txt": b"hello"}))
    attempt = dispatched(plan)
    execution.run([attempt.pk])
    execution.run([attempt.pk])
    execution.run([uuid.uuid4()])
    assert len(scripted.packets) == 1


@pytest.mark.parametrize("answer", [Result(outcome="failed", error="no luck"), RuntimeError("broken runtime")])
def test_a_failure_backs_off_and_says_so(plan: Plan, runs: Callable[..., Scripted], answer: Any) -> None:
    factories.agent("crew", config={"entry": "crew"})
    runs(answer)
    attempt = dispatched(plan)
    execution.run([attempt.pk])
    task = Task.objects.get()
    assert (task.status, task.wait_reason, task.failures) == ("retrying", "backoff", 1)
    assert task.not_before is not None
    assert "1 attempt failed" in task.wait_detail
    attempt.refresh_from_db()
    assert attempt.status == "failed"
    assert Event.objects.filter(type="task.failed").count() == 1


def test_a_late_result_is_salvage_and_changes_nothing(plan: Plan, runs: Callable[..., Scripted]) -> None:
    factories.agent("crew", config={"entry": "crew"})

    def taken_over() -> None:
        Attempt.objects.update(lease_until=clock.database_now() - timedelta(seconds=1))
        failing.leases_expire()

    runs(Result(outcome="succeeded", tree={"a.txt": b"late"}), taken_over)
    attempt = dispatched(plan)
    execution.run([attempt.pk])
    attempt.refresh_from_db()
    assert attempt.status == "expired"
    assert attempt.salvage is not None
    assert set(attempt.salvage["changed"]) == {"a.txt"}
    assert not Effect.objects.exists()
    assert Task.objects.get().status == "retrying"


def test_a_cancelled_attempt_is_not_revived(plan: Plan, runs: Callable[..., Scripted]) -> None:
    factories.agent("crew", config={"entry": "crew"})
    attempt_ids: list[uuid.UUID] = []
    runs(
        Result(outcome="failed", error="too late"),
        lambda: attempts_end(attempts=attempt_ids, status="cancelled", error="not wanted"),
    )
    attempt = dispatched(plan)
    attempt_ids.append(attempt.pk)
    execution.run([attempt.pk])
    attempt.refresh_from_db()
    assert (attempt.status, attempt.error) == ("cancelled", "not wanted")


def test_the_ladder_retry_then_another_agent_then_people(plan: Plan, runs: Callable[..., Scripted], pool: Pool) -> None:
    Pool.objects.update(retries=1, backoff_seconds=0)
    factories.agent("ada", config={"entry": "crew"})
    factories.agent("bob", config={"entry": "crew"})
    scripted = runs(Result(outcome="failed", error="no luck"))
    execution.run([dispatched(plan).pk])
    agents = [Attempt.objects.get().agent.slug]
    for _ in range(3):
        failing.retries_release()
        assert len(allocate()) == 1
        attempt = Attempt.objects.latest("fence")
        agents.append(attempt.agent.slug)
        execution.run([attempt.pk])
    assert agents == [agents[0], agents[0], agents[2], agents[2]]
    assert agents[0] != agents[2]
    task = Task.objects.get()
    assert (task.status, task.wait_reason) == ("escalated", "person")
    assert task.escalations.get().kind == "task_failed"
    assert [entry["outcome"] for entry in scripted.packets[-1]["handoff"]] == ["failed"] * 3


def test_a_dispatched_attempt_whose_worker_died_is_expired(plan: Plan, noop: Agent, worker: Worker) -> None:
    attempt = dispatched(plan)
    Attempt.objects.update(lease_until=clock.database_now() - timedelta(seconds=1))
    assert failing.leases_expire() == [attempt.pk]
    assert Task.objects.get().status == "retrying"
    failing.retries_release()
    assert Task.objects.get().status == "retrying", "its back-off is not over"
    Task.objects.update(not_before=clock.now())
    failing.retries_release()
    assert Task.objects.get().status == "ready"
    assert len(allocate()) == 1
    assert Attempt.objects.latest("fence").fence == 2
