"""Activating a draft of a running goal: finished work kept, what changed done again, nothing past a gate."""

from typing import Any

import pytest

from apps.core.errors import Conflict, NotAllowed
from apps.core.models import AuditLink
from apps.delivery import workspaces
from apps.goals.models import Goal
from apps.hub.advance import advance
from apps.hub.foreseeing import foresee
from apps.planning import drafts
from apps.tasks.models import Artifact, Attempt, Effect, Plan, PlanEdition, Task
from tests import factories
from tests.hub.running import Running, blueprint, plan_activate, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

TASKS = (
    work("a", 1),
    work("b", 2, "a"),
    work("c", 2),
    work("d", 4, "b"),
    work("e", 4, "c"),
)
PLAN = blueprint(*TASKS)


def other(**changes: dict[str, Any]) -> dict[str, Any]:
    """The plan with some tasks changed."""
    return blueprint(*[{**task, **changes.get(task["key"], {})} for task in TASKS])


@pytest.fixture
def running() -> Running:
    return Running.begin(PLAN)


@pytest.fixture
def late(running: Running) -> Running:
    """In phase 4, with ``d`` done and the gates 1 to 3 passed."""
    running.finish("a")
    running.pass_gate(1)
    running.finish("b", "c")
    running.pass_gate(2, 3)
    running.finish("d")
    return running


def test_finished_work_keeps_its_row_attempt_effect_and_file(late: Running) -> None:
    before = {key: late.task(key).pk for key in "abcde"}
    draft = late.draft(blueprint(*TASKS, work("f", 4, "d")))
    old = late.plan
    assert plan_activate(plan=draft, person=late.person).status == "active"
    old.refresh_from_db()
    assert (old.status, late.plan.pk) == ("superseded", draft.pk)
    assert {key: late.task(key).pk for key in "abcde"} == before
    assert late.statuses() == {**dict.fromkeys("abcd", "completed"), "e": "dispatched", "f": "ready"}
    assert Effect.objects.filter(task__plan=draft).count() == 4
    assert Artifact.objects.filter(current=True, task__plan=draft).count() == 4
    assert (late.gates(), late.cleared()) == ("ppppppp", [1, 2, 3, 4])
    assert Goal.objects.get(pk=late.goal.pk).status == "running"


def test_the_old_plan_can_still_be_looked_at_as_a_whole(late: Running) -> None:
    old = late.plan
    plan_activate(plan=late.draft(blueprint(*TASKS[:3], work("x", 4, "b"))), person=late.person)
    old.refresh_from_db()
    seen = drafts.blueprint_of(old)
    assert [task["key"] for task in seen["tasks"]] == list("abcde")
    assert {"producer": "b", "consumer": "d", "artifact": "b.txt"} in seen["edges"]
    assert not PlanEdition.objects.filter(plan=old).exclude(number=old.edition).exists()


def test_gates_from_the_first_changed_phase_are_passed_anew(late: Running) -> None:
    plan_activate(plan=late.draft(other(b={"description": "Do it otherwise."})), person=late.person)
    statuses = [gate.status for gate in late.goal.gates.order_by("phase")]
    assert statuses == ["passed", *["pending"] * 6]
    assert late.cleared() == [1, 2]
    # b is done again; d, whose input may come out different, waits for it; e can't run without clearance 4.
    assert late.statuses() == {"a": "completed", "b": "ready", "c": "completed", "d": "completed", "e": "blocked"}
    assert late.task("b").revision == 2
    assert late.task("e").wait_reason == "gate"


def test_what_a_change_brings_about_is_done_again_only_where_the_files_differ(late: Running) -> None:
    plan_activate(plan=late.draft(other(b={"description": "Do it otherwise."})), person=late.person)
    late.finish("b", text="b, revision 1")
    assert late.statuses()["d"] == "completed"
    plan_activate(plan=late.draft(other(b={"description": "And otherwise again."})), person=late.person)
    late.finish("b", text="Something else.")
    assert late.statuses()["d"] == "blocked"
    late.pass_gate(2, 3)
    assert late.statuses()["d"] == "ready"
    assert late.task("d").revision == 2
    late.finish("d", "e")
    assert set(late.statuses().values()) == {"completed"}


def test_a_change_in_the_phase_that_runs_touches_no_gate(late: Running) -> None:
    plan_activate(plan=late.draft(other(d={"acceptance": ["Fast."]})), person=late.person)
    assert (late.gates(), late.cleared()) == ("ppppppp", [1, 2, 3, 4])
    assert [gate.status for gate in late.goal.gates.order_by("phase")][:3] == ["passed"] * 3
    assert late.statuses()["d"] == "ready"


def test_the_attempt_of_a_dropped_task_ends_and_its_slot_is_free(late: Running) -> None:
    [attempt] = late.dispatch("e")
    dropped = late.task("e")
    plan_activate(plan=late.draft(blueprint(*TASKS[:4])), person=late.person)
    attempt.refresh_from_db()
    dropped.refresh_from_db()
    assert (attempt.status, dropped.status) == ("cancelled", "cancelled")
    assert not Attempt.objects.filter(status__in=["dispatched", "running"]).exists()
    late.succeed(attempt)
    attempt.refresh_from_db()
    assert attempt.salvage
    assert not Artifact.objects.filter(path="e.txt").exists()


def test_files_of_dropped_work_leave_the_workspace_by_a_commit(late: Running) -> None:
    before = Goal.objects.get(pk=late.goal.pk).head
    plan_activate(plan=late.draft(blueprint(*TASKS[:3], TASKS[4])), person=late.person)
    goal = Goal.objects.get(pk=late.goal.pk)
    assert set(workspaces.workspace_files(goal=goal, commit=goal.head)) == {
        "strategic_prompt.txt", "a.txt", "b.txt", "c.txt",
    }  # fmt: skip
    assert workspaces.open_workspace(goal).contains(goal.head, before)
    assert not Artifact.objects.filter(path="d.txt", current=True).exists()
    late.finish("e")
    assert late.statuses()["e"] == "completed"


def test_running_work_behind_a_change_waits_for_it(running: Running) -> None:
    running.finish("a")
    running.pass_gate(1)
    [attempt] = running.dispatch("b")
    draft = running.draft(blueprint(TASKS[0], work("n", 2), work("b", 2, "a", "n"), *TASKS[2:]))
    plan_activate(plan=draft, person=running.person)
    attempt.refresh_from_db()
    assert attempt.status == "cancelled"
    assert running.task("b").status == "blocked"
    assert (running.task("b").unmet, running.task("b").wait_reason) == (1, "dependency")
    running.finish("n", "b")
    assert running.task("b").status == "completed"


def test_a_task_that_moves_to_another_phase_gets_a_row_of_its_own(late: Running) -> None:
    old = late.task("c")
    plan_activate(plan=late.draft(other(c={"phase": 4})), person=late.person)
    new = late.task("c")
    assert (new.pk != old.pk, new.phase, new.status, new.revision) == (True, 4, "blocked", 2)
    assert late.cleared() == [1, 2]


def test_what_was_given_up_stays_so_unless_new_work_needs_it(running: Running) -> None:
    Task.objects.filter(key="c").update(status="cancelled")
    plan_activate(plan=running.draft(blueprint(*TASKS, work("z", 1))), person=running.person)
    assert running.statuses()["c"] == "cancelled"
    plan_activate(plan=running.draft(blueprint(*TASKS, work("y", 4, "c"))), person=running.person)
    assert running.statuses()["c"] == "blocked"


def test_open_rounds_are_superseded_and_votes_on_them_count_no_more(late: Running) -> None:
    late.finish("e")
    live = late.open_gate(4)
    late.vote(live)
    plan_activate(plan=late.draft(other(e={"minutes": 99.0})), person=late.person)
    live.refresh_from_db()
    assert live.outcome == "superseded"
    assert not late.settle(4)
    assert late.cleared() == [1, 2, 3, 4]
    with pytest.raises(Conflict):
        late.vote(live)


def test_an_escalated_task_that_is_dropped_needs_nobody_any_more(running: Running) -> None:
    Task.objects.filter(key="a").update(status="escalated")
    raised = factories.escalation()
    type(raised).objects.filter(pk=raised.pk).update(task=running.task("a"))
    plan_activate(plan=running.draft(blueprint(work("a2", 1), *TASKS[2:3])), person=running.person)
    raised.refresh_from_db()
    assert raised.status == "resolved"


def test_a_phase_that_is_done_without_the_dropped_task_comes_to_its_gate(running: Running) -> None:
    running.finish("a")
    running.pass_gate(1)
    running.finish("b")
    plan_activate(plan=running.draft(blueprint(TASKS[0], TASKS[1], TASKS[3])), person=running.person)
    advance(goal_id=running.goal.pk)
    assert running.goal.gates.get(phase=2).status == "reviewing"


def test_what_is_foreseen_is_what_happens(late: Running) -> None:
    [attempt] = late.dispatch("e")
    draft = late.draft(blueprint(work("a", 1), work("b", 2, "a", description="New."), work("c", 2), TASKS[3]))
    seen = foresee(goal=late.goal, draft=draft, standing=late.plan)
    assert [task.key for task in seen.reopened] == ["b"]
    assert [task.key for task in seen.perhaps] == ["d"]
    assert [gate.code for gate in seen.gates] == ["QG-PHASE2", "QG-PHASE3"]
    assert [one.phase for one in seen.revoked] == [3, 4]
    assert (seen.attempts, seen.files, seen.first_phase) == ((attempt.pk,), (), 2)
    assert seen.as_dict()["revoked"][0]["persons"] == [str(late.person)]
    plan_activate(plan=draft, person=late.person)
    attempt.refresh_from_db()
    assert (attempt.status, late.cleared()) == ("cancelled", [1, 2])


def test_the_audit_chain_says_who_and_what(late: Running) -> None:
    plan_activate(plan=late.draft(other(b={"description": "New."})), person=late.person)
    link = AuditLink.objects.get(what="plan.activated")
    assert (link.actor["name"], link.data["reopened"], link.data["revoked"]) == (str(late.person), ["b"], [3, 4])


class TestRefused:
    def test_when_another_version_became_active(self, running: Running) -> None:
        first, second = (running.draft(other(b={"description": words})) for words in ("One.", "Two."))
        plan_activate(plan=first, person=running.person)
        with pytest.raises(Conflict, match=r"made from version 1, and version 2 is active by now"):
            plan_activate(plan=second, person=running.person)
        assert running.plan.pk == first.pk

    def test_not_for_a_double_click_but_for_somebody_else(self, running: Running) -> None:
        draft = running.draft(other(b={"description": "New."}))
        plan_activate(plan=draft, person=running.person)
        assert plan_activate(plan=draft, person=running.person).status == "active"
        with pytest.raises(Conflict, match=rf"{running.person} activated it"):
            plan_activate(plan=draft, person=factories.person())
        assert AuditLink.objects.filter(what="plan.activated").count() == 1

    @pytest.mark.parametrize(
        ("status", "words"),
        [("delivering", "being delivered"), ("delivered", "is delivered"), ("proposed", "has not been started")],
    )
    def test_in_another_status_of_the_goal(self, running: Running, status: str, words: str) -> None:
        draft = running.draft(other(b={"description": "New."}))
        Goal.objects.filter(pk=running.goal.pk).update(status=status)
        with pytest.raises(Conflict, match=words):
            plan_activate(plan=draft, person=running.person)

    def test_not_on_a_paused_goal_where_nothing_starts_all_the_same(self, running: Running) -> None:
        Goal.objects.filter(pk=running.goal.pk).update(status="paused")
        plan_activate(plan=running.draft(other(a={"description": "New."})), person=running.person)
        assert Goal.objects.get(pk=running.goal.pk).status == "paused"
        assert not running.dispatch()

    def test_for_a_discarded_draft(self, running: Running) -> None:
        draft = running.draft(PLAN)
        Plan.objects.filter(pk=draft.pk).update(status="discarded")
        with pytest.raises(Conflict, match="discarded"):
            plan_activate(plan=draft, person=running.person)

    @pytest.mark.parametrize("role", ["viewer", "operator"])
    def test_for_who_may_not(self, running: Running, role: str) -> None:
        with pytest.raises(NotAllowed):
            plan_activate(plan=running.draft(PLAN), person=factories.person(role=role))

    def test_for_a_token_whatever_its_scopes(self, running: Running) -> None:
        person = running.person
        person.acting_scopes = frozenset({"read", "submit", "operate", "registry"})
        with pytest.raises(NotAllowed):
            plan_activate(plan=running.draft(PLAN), person=person)
