"""Results come home one after the other: merged, refused with words, in conflict, or in the middle of a crash."""

from collections.abc import Mapping
from typing import Any

import pytest

from apps.agents.models import Agent
from apps.core import clock
from apps.delivery import workspaces
from apps.delivery.models import MergeIntent
from apps.delivery.repository import MAIN, Repository
from apps.goals.models import Goal
from apps.hub import merging
from apps.hub.allocation import allocate
from apps.tasks.models import Artifact, Attempt, Effect, Plan, Pool, Task
from apps.tasks.services.attempts import Finished, attempts_begin, attempts_succeed
from apps.tasks.services.files import tree_store
from tests import factories

pytestmark = pytest.mark.usefixtures("worker", "sent")


@pytest.fixture
def goal(plan: Plan) -> Goal:
    goal = plan.goal
    goal.briefs.create(number=1, content=b"Do it.", sha256="0" * 64, added_by=goal.owner, added_at=clock.now())
    workspaces.workspace_create(goal=goal)
    Goal.objects.filter(pk=goal.pk).update(head=workspaces.open_workspace(goal).ref(MAIN))
    goal.refresh_from_db()
    return goal


def result(plan: Plan, key: str, tree: Mapping[str, bytes], **fields: Any) -> Attempt:
    """A task whose attempt began at the workspace's head of now and has come back with these files."""
    factories.task(plan, key, status="ready", ready_at=clock.now(), **fields)
    [attempt] = allocate()
    attempts_begin(attempts=[attempt.pk], worker="here", lease_seconds=30)
    head = Goal.objects.values_list("head", flat=True).get(pk=plan.goal_id)
    packet: dict[str, list[Any]] = {"inputs": [], "feedback": []}
    Attempt.objects.filter(pk=attempt.pk).update(base=head, packet=packet)
    attempts_succeed(results={attempt.pk: Finished(changed=tree_store(tree=tree), summary=key)})
    return Attempt.objects.get(pk=attempt.pk)


def test_results_of_one_base_are_merged_one_after_the_other(plan: Plan, goal: Goal, noop: Agent) -> None:
    for key in ("a", "b"):
        result(plan, key, {f"{key}.txt": key.encode()}, produces=[f"{key}.txt"])
    merging.merge_waiting(goal_id=goal.pk)
    assert set(Task.objects.values_list("status", flat=True)) == {"completed"}
    goal.refresh_from_db()
    assert set(workspaces.workspace_files(goal=goal, commit=goal.head)) == {"a.txt", "b.txt", "strategic_prompt.txt"}
    assert set(Artifact.objects.filter(current=True).values_list("path", flat=True)) == {"a.txt", "b.txt"}
    assert Effect.objects.count() == 2


def test_a_promise_that_is_not_kept_is_a_failure(plan: Plan, goal: Goal, noop: Agent) -> None:
    result(plan, "a", {"other.txt": b"x"}, produces=["a.txt"])
    merging.merge_waiting(goal_id=goal.pk)
    task = Task.objects.get()
    assert (task.status, task.failures) == ("retrying", 1)
    assert "a.txt" in Attempt.objects.get().error
    assert not Effect.objects.exists()


def test_a_broken_promise_is_not_tried_for_ever(plan: Plan, goal: Goal, noop: Agent, pool: Pool) -> None:
    Pool.objects.update(retries=0)
    result(plan, "a", {}, produces=["a.txt"])
    merging.merge_waiting(goal_id=goal.pk)
    assert Task.objects.get().status == "escalated"


def test_a_conflict_is_seen_and_the_next_attempt_starts_from_what_was_accepted(
    plan: Plan, goal: Goal, noop: Agent
) -> None:
    result(plan, "first", {"same.txt": b"one\n"})
    result(plan, "second", {"same.txt": b"two\n"})
    merging.merge_waiting(goal_id=goal.pk)
    statuses = dict(Task.objects.values_list("key", "status"))
    assert statuses == {"first": "completed", "second": "ready"}
    assert "same.txt" in Attempt.objects.get(task__key="second").error
    goal.refresh_from_db()
    assert workspaces.workspace_files(goal=goal, commit=goal.head)["same.txt"] == b"one\n"


@pytest.mark.parametrize("moment", ["before the reference moved", "after the reference moved"])
def test_a_crash_in_the_middle_is_finished_and_not_repeated(
    plan: Plan, goal: Goal, noop: Agent, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    result(plan, "a", {"a.txt": b"a"})

    class Crash(Exception):
        pass

    def crash(*args: Any, **kwargs: Any) -> Any:
        raise Crash

    with monkeypatch.context() as patch:
        if moment.startswith("before"):
            patch.setattr(Repository, "compare_and_swap", _crash_on_main(crash))
        else:
            patch.setattr(merging, "_complete", crash)
        with pytest.raises(Crash):
            merging.merge_waiting(goal_id=goal.pk)
    assert MergeIntent.objects.filter(done=False).count() == 1
    merging.merge_waiting(goal_id=goal.pk)
    merging.merge_waiting(goal_id=goal.pk)
    assert Task.objects.get().status == "completed"
    assert Effect.objects.count() == 1
    history = workspaces.open_workspace(goal).log()
    assert len([commit for commit in history if commit.subject.startswith("Accept")]) == 1
    assert not MergeIntent.objects.filter(done=False).exists()


def _crash_on_main(crash: Any) -> Any:
    original = Repository.compare_and_swap

    def swap(self: Any, ref: str, new: str, old: str | None) -> bool:
        return crash() if ref == MAIN else original(self, ref, new, old)

    return swap


def test_a_reopened_task_reopens_only_consumers_whose_inputs_changed(plan: Plan, goal: Goal, noop: Agent) -> None:
    maker = result(plan, "maker", {"x.txt": b"1", "y.txt": b"1"}).task
    merging.merge_waiting(goal_id=goal.pk)
    reader, other = (factories.task(plan, key, status="completed") for key in ("reader", "other"))
    factories.edge(maker, reader, "x.txt")
    factories.edge(maker, other, "y.txt")
    from apps.tasks.services.completion import tasks_reopen

    tasks_reopen(tasks=[maker.pk])
    [attempt] = allocate()
    attempts_begin(attempts=[attempt.pk], worker="here", lease_seconds=30)
    head = Goal.objects.values_list("head", flat=True).get(pk=goal.pk)
    Attempt.objects.filter(pk=attempt.pk).update(base=head, packet={"inputs": [], "feedback": []})
    tree = tree_store(tree={"x.txt": b"2", "y.txt": b"1"})
    attempts_succeed(results={attempt.pk: Finished(changed=tree)})
    merging.merge_waiting(goal_id=goal.pk)
    statuses = dict(Task.objects.values_list("key", "status"))
    assert statuses == {"maker": "completed", "reader": "ready", "other": "completed"}
