"""Activating while others act on the same goal: whoever comes second sees what the first has done."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core.errors import Conflict, StaleDifference
from apps.gates.models import Clearance
from apps.goals.models import Goal
from apps.hub import decisions, merging
from apps.tasks.models import Artifact, Attempt, Effect, Plan
from tests import factories
from tests.concurrency import Holding, InThread, together
from tests.hub.running import Running, blueprint, plan_activate, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sent")]

TASKS = (work("a", 1), work("b", 1), work("c", 2, "a"))


@pytest.fixture
def running(transactional_db: None) -> Running:
    return Running.begin(blueprint(*TASKS))


def anew(key: str) -> dict[str, Any]:
    """The plan with one task of it defined otherwise."""
    return blueprint(*[{**task, "description": "Otherwise."} if task["key"] == key else task for task in TASKS])


def outcome(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except Conflict as error:
        return error


def test_two_people_activate_different_drafts_and_one_of_them_is_told(running: Running) -> None:
    drafts = [running.draft(anew(key)) for key in ("a", "b")]
    people = [running.person, factories.person()]
    results = together(
        *[
            lambda draft=draft, person=person: outcome(lambda: plan_activate(plan=draft, person=person))
            for draft, person in zip(drafts, people, strict=True)
        ]
    )
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Plan"]
    assert Plan.objects.filter(goal=running.goal, status="active").count() == 1
    assert sorted(Plan.objects.values_list("status", flat=True)) == ["active", "draft", "superseded"]


def test_a_double_click_at_the_same_moment_activates_once(running: Running) -> None:
    draft = running.draft(anew("a"))
    results = together(*[lambda: plan_activate(plan=draft, person=running.person).status] * 2)
    assert results == ["active", "active"]
    assert Plan.objects.filter(status="superseded").count() == 1


def test_an_attempt_that_finishes_first_is_taken_back_with_its_task(running: Running) -> None:
    [attempt] = running.dispatch("a")
    draft = running.draft(anew("a"))
    with Holding(lambda: running.succeed(attempt)) as finishing:
        activating = InThread(lambda: plan_activate(plan=draft, person=running.person))
        activating.until_it_waits()
        finishing.commit()
        activating.result()
    task = running.task("a")
    assert (task.status, task.revision) == ("ready", 2)
    merging.merge_waiting(goal_id=running.goal.pk)
    assert not Artifact.objects.filter(path="a.txt").exists()
    running.finish("a")
    assert Effect.objects.get(task=task).revision == 2


def test_an_attempt_that_finishes_later_is_salvage(running: Running) -> None:
    [attempt] = running.dispatch("a")
    draft = running.draft(anew("a"))
    with Holding(lambda: plan_activate(plan=draft, person=running.person)) as activating:
        finishing = InThread(lambda: running.succeed(attempt))
        finishing.until_it_waits()
        activating.commit()
        finishing.result()
    attempt = Attempt.objects.get(pk=attempt.pk)
    assert (attempt.status, bool(attempt.salvage)) == ("cancelled", True)
    assert running.task("a").status == "ready"


def test_an_attempt_of_a_kept_task_finishes_and_is_merged_in_the_new_plan(running: Running) -> None:
    [attempt] = running.dispatch("b")
    draft = running.draft(anew("a"))
    with Holding(lambda: plan_activate(plan=draft, person=running.person)) as activating:
        finishing = InThread(lambda: running.succeed(attempt))
        finishing.until_it_waits()
        activating.commit()
        finishing.result()
    merging.merge_waiting(goal_id=running.goal.pk)
    assert (running.task("b").status, running.task("b").plan_id) == ("completed", draft.pk)


def test_a_result_whose_reference_moved_before_its_task_was_taken_back_is_undone(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan changes between the moment git has the result and the moment PostgreSQL records it."""
    [attempt] = running.dispatch("a")
    running.succeed(attempt)
    draft = running.draft(anew("a"))
    complete = merging._complete

    def late(*args: Any) -> None:
        monkeypatch.setattr(merging, "_complete", complete)
        plan_activate(plan=draft, person=running.person)
        complete(*args)

    monkeypatch.setattr(merging, "_complete", late)
    merging.merge_waiting(goal_id=running.goal.pk)
    assert running.task("a").status == "ready"
    assert not Artifact.objects.filter(path="a.txt").exists()
    running.finish("a", "b", text="Anew.")
    assert running.statuses() == {"a": "completed", "b": "completed", "c": "blocked"}
    assert Artifact.objects.get(path="a.txt").current


class TestGatePassing:
    @pytest.fixture
    def deciding(self, running: Running) -> Running:
        running.finish("a", "b")
        running.vote(running.open_gate(1))
        return running

    def test_first_and_who_activates_is_shown_that_its_clearance_goes(self, deciding: Running) -> None:
        draft = deciding.draft(anew("a"))
        with Holding(lambda: deciding.settle(1)) as passing:
            activating = InThread(lambda: plan_activate(plan=draft, person=deciding.person))
            activating.until_it_waits()
            passing.commit()
            with pytest.raises(StaleDifference) as changed:
                activating.result()
        assert [one["phase"] for one in changed.value.extra["activation"]["revoked"]] == [2]
        assert deciding.cleared() == [1, 2]
        plan_activate(plan=draft, person=deciding.person)
        assert deciding.cleared() == [1]
        assert deciding.goal.gates.get(phase=1).status == "pending"
        assert deciding.statuses() == {"a": "ready", "b": "completed", "c": "blocked"}

    def test_later_and_nothing_is_cleared(self, deciding: Running) -> None:
        draft = deciding.draft(anew("a"))
        with Holding(lambda: plan_activate(plan=draft, person=deciding.person)) as activating:
            passing = InThread(lambda: deciding.settle(1))
            passing.until_it_waits()
            activating.commit()
            assert passing.result() is False
        assert not Clearance.objects.filter(phase=2).exists()
        assert not decisions.settle(goal=deciding.goal, phase=1)
        assert deciding.goal.gates.get(phase=1).rounds.get().outcome == "superseded"


def test_a_dispatch_at_the_same_moment_never_runs_without_its_clearance(running: Running) -> None:
    running.finish("a", "b")
    running.pass_gate(1)
    draft = running.draft(anew("a"))
    together(
        lambda: plan_activate(plan=draft, person=running.person),
        lambda: running.dispatch(),
    )
    live = Attempt.objects.filter(status__in=["dispatched", "running"]).values_list("phase", flat=True)
    assert set(live) <= {1}
    assert running.cleared() == [1]


def test_a_delivery_that_begins_just_now_does_not_begin_without_its_clearance(running: Running) -> None:
    running.finish("a", "b")
    running.pass_gate(1)
    running.finish("c")
    running.pass_gate(*range(2, 8))
    draft = running.draft(anew("c"))
    goal = Goal.objects.get(pk=running.goal.pk)
    with Holding(lambda: plan_activate(plan=draft, person=running.person)) as activating:
        delivering = InThread(lambda: decisions.begin_delivery(goal=goal))
        delivering.until_it_waits()
        activating.commit()
        assert delivering.result() is False
    assert (Goal.objects.get(pk=goal.pk).status, running.cleared()) == ("running", [1, 2])
