"""What you saw is what you approved: an activation does what its page showed, or says what it would do now."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import StaleDifference
from apps.hub import actions, activating, rounds
from apps.hub.allocation import allocate
from apps.hub.foreseeing import foresee
from apps.inbox.models import Escalation
from apps.inbox.services import escalation_raise
from apps.planning import drafts
from apps.tasks.models import Artifact, Attempt, Plan, SuppliedArtifact, Task
from apps.tasks.services.files import artifacts_accept, tree_store
from tests import factories
from tests.hub.running import Running, blueprint, digest_of, plan_activate, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

TASKS = (work("a", 1), work("b", 2, "a"), work("c", 2), work("d", 4, "b"))
PLAN = blueprint(*TASKS)


def other(**changes: dict[str, Any]) -> dict[str, Any]:
    return blueprint(*[{**task, **changes.get(task["key"], {})} for task in TASKS])


@pytest.fixture
def running() -> Running:
    return Running.begin(PLAN)


def seen_of(running: Running, draft: Plan) -> Any:
    return foresee(goal=running.goal, draft=draft, standing=running.plan)


class TestChangedSinceItWasSeen:
    @pytest.fixture
    def draft(self, running: Running) -> Plan:
        running.finish("a")
        return running.draft(other(b={"description": "Otherwise."}))

    def refused(self, running: Running, draft: Plan, digest: str) -> Any:
        with pytest.raises(StaleDifference) as changed:
            activating.plan_activate(plan=draft, person=running.person, digest=digest)
        draft.refresh_from_db()
        assert draft.status == "draft"
        assert changed.value.extra["digest"] == digest_of(draft)
        return changed.value.extra

    def test_a_gate_passed(self, running: Running, draft: Plan) -> None:
        digest = digest_of(running.draft(other(a={"description": "Otherwise."})))
        draft = Plan.objects.get(version=3)
        running.pass_gate(1)
        extra = self.refused(running, draft, digest)
        assert [one["phase"] for one in extra["activation"]["revoked"]] == [2]

    def test_work_that_would_be_done_again_was_finished(self, running: Running, draft: Plan) -> None:
        running.pass_gate(1)
        digest = digest_of(draft)
        running.finish("b")
        extra = self.refused(running, draft, digest)
        assert [one["key"] for one in extra["activation"]["reopened"]] == ["b"]

    def test_somebody_edited_the_draft(self, running: Running, draft: Plan) -> None:
        digest = digest_of(draft)
        operation = {"kind": "change", "task": "d", "acceptance": ["It is fast."]}
        actions.draft_edit(plan=draft, person=running.person, edition=0, operation=operation)
        extra = self.refused(running, draft, digest)
        assert [one["key"] for one in extra["difference"]["changed"]] == ["b", "d"]

    def test_somebody_changed_a_task_of_the_plan_that_runs(self, running: Running, draft: Plan) -> None:
        digest = digest_of(draft)
        change = {"optimistic": 30, "likely": 60, "pessimistic": 90}
        actions.task_change(task=running.task("d"), person=running.person, change=change)
        extra = self.refused(running, draft, digest)
        assert extra["activation"]["patched"] == [{"key": "d", "title": "Do d", "fields": ["estimate"]}]

    @pytest.mark.parametrize("digest", ["", "0" * 64])
    def test_whoever_saw_nothing(self, running: Running, draft: Plan, digest: str) -> None:
        self.refused(running, draft, digest)

    def test_not_where_agents_only_went_on(self, running: Running, draft: Plan) -> None:
        running.pass_gate(1)
        digest = digest_of(draft)
        running.dispatch("b", "c")
        running.finish()
        assert activating.plan_activate(plan=draft, person=running.person, digest=digest).status == "active"


class TestChangedInTheRunningPlan:
    """Somebody sets an estimate, an agent or a criterion of the plan that runs, after the draft was made from it."""

    ESTIMATE = {"optimistic": 30, "likely": 60, "pessimistic": 90}

    def test_it_is_carried_over_and_said(self, running: Running) -> None:
        draft = running.draft(blueprint(*TASKS, work("e", 4, "d")))
        change = {**self.ESTIMATE, "acceptance": ["It is fast."], "agent": running.agent.slug}
        actions.task_change(task=running.task("d"), person=running.person, change=change)
        seen = seen_of(running, draft)
        assert [(one.key, one.words) for one in seen.patched] == [("d", ("acceptance", "agent", "estimate"))]
        assert not seen.difference.changed
        assert "d" not in {one.key for one in seen.difference.figures if "likely" in one.fields}
        plan_activate(plan=draft, person=running.person)
        task = running.task("d")
        assert (task.likely, task.minutes, task.estimate_source) == (60, 60, "edited")
        assert (task.acceptance, task.wanted_agent) == (["It is fast."], running.agent)
        assert running.plan.minutes >= 60, "the times of the plan were computed with it"
        assert running.task("e").planned_start >= task.planned_finish

    def test_what_the_draft_says_itself_stands_and_is_shown(self, running: Running) -> None:
        draft = running.draft(PLAN)
        mine = {"kind": "change", "task": "d", "optimistic": 4, "likely": 5, "pessimistic": 6}
        actions.draft_edit(plan=draft, person=running.person, edition=0, operation=mine)
        actions.task_change(task=running.task("d"), person=running.person, change=self.ESTIMATE)
        draft.refresh_from_db()
        seen = seen_of(running, draft)
        assert not seen.patched
        [told] = [one for one in seen.difference.figures if one.key == "d"]
        assert (told.before["likely"], told.after["likely"]) == (60, 5)
        plan_activate(plan=draft, person=running.person)
        assert running.task("d").likely == 5

    def test_what_was_set_before_the_draft_was_made_is_no_news(self, running: Running) -> None:
        actions.task_change(task=running.task("d"), person=running.person, change=self.ESTIMATE)
        assert not seen_of(running, running.draft(drafts.blueprint_of(running.plan))).patched

    def test_an_agent_that_a_running_task_was_given_is_no_difference(self, running: Running) -> None:
        draft = running.draft(PLAN)
        actions.task_reassign(task=running.task("a"), agent=running.agent, person=running.person)
        seen = seen_of(running, draft)
        assert not [one for one in seen.difference.figures if "wanted_agent" in one.fields]
        plan_activate(plan=draft, person=running.person)
        assert running.task("a").wanted_agent == running.agent


def test_an_attempt_that_is_to_wait_for_another_task_is_foreseen_to_end(running: Running) -> None:
    """An order that a person adds is no other work, and ends what runs too early."""
    running.finish("a")
    running.pass_gate(1)
    [attempt] = running.dispatch("c")
    plan = other()
    plan["edges"].append({"producer": "b", "consumer": "c", "artifact": ""})
    draft = running.draft(plan)
    assert seen_of(running, draft).attempts == (attempt.pk,)
    plan_activate(plan=draft, person=running.person)
    attempt.refresh_from_db()
    assert (attempt.status, running.task("c").status) == ("cancelled", "blocked")
    assert not Attempt.objects.filter(task__key="c", status__in=["dispatched", "running"]).exists()


def test_reviews_of_a_superseded_round_end_as_foreseen_and_their_slots_are_free(running: Running) -> None:
    running.finish("a")
    running.pass_gate(1)
    running.finish("b", "c")
    factories.agent(capabilities=["review.code", "review.security", "review.performance"])
    assert rounds.begin(goal=running.goal, phase=2)
    reviews = [one for one in allocate() if one.task.kind == "review"]
    assert reviews
    draft = running.draft(other(d={"description": "Otherwise."}))
    assert set(seen_of(running, draft).attempts) == {one.pk for one in reviews}
    plan_activate(plan=draft, person=running.person)
    assert not Attempt.objects.filter(status__in=["dispatched", "running"]).exists()
    assert (running.goal.gates.get(phase=2).status, running.cleared()) == ("pending", [1, 2])
    assert not Task.objects.filter(kind="review").exclude(status="cancelled").exists()


def test_what_people_supplied_stays_when_the_task_that_would_write_over_it_is_dropped(running: Running) -> None:
    tree = tree_store(tree={"d.txt": b"Brought along."})
    artifacts_accept(goal_id=running.goal.pk, attempt=None, changed=tree, deleted=())
    SuppliedArtifact.objects.create(
        goal=running.goal, path="d.txt", blob_id=tree["d.txt"], supplied_by=running.person,
        supplied_at=running.goal.created_at,
    )  # fmt: skip
    draft = running.draft(blueprint(*TASKS[:3]))
    assert seen_of(running, draft).files == ()
    plan_activate(plan=draft, person=running.person)
    assert Artifact.objects.get(path="d.txt", current=True).sha256 == tree["d.txt"]


@pytest.mark.parametrize("change", [{"description": "Otherwise."}, {}], ids=["done-again", "kept"])
def test_an_escalated_task_needs_somebody_only_while_it_is_escalated(running: Running, change: dict[str, Any]) -> None:
    Task.objects.filter(key="a").update(status="escalated")
    raised = escalation_raise(
        goal=running.goal, task=running.task("a"), kind="task_failed", key="a", text="It could not be done."
    )
    plan_activate(plan=running.draft(other(a=change)), person=running.person)
    expected = ("ready", "resolved") if change else ("escalated", "open")
    assert (running.task("a").status, Escalation.objects.get(pk=raised.pk).status) == expected


@pytest.mark.usefixtures("db")
def test_statements_do_not_grow_with_the_plan() -> None:
    small, large = statements(21), statements(84)
    assert small == large < 80


def statements(number: int) -> int:
    """How many an activation takes in which a third of so many tasks is kept, changed, dropped or added, and some of
    each are escalated."""
    tasks = [work(f"t{place}", 1 + place % 7) for place in range(number)]
    running = Running.begin(blueprint(*tasks))
    escalated = Task.objects.filter(goal=running.goal, key__in=[f"t{place}" for place in range(0, number, 4)])
    for task in escalated:
        escalation_raise(goal=running.goal, task=task, kind="task_failed", key=f"{task.pk}", text="It can't be done.")
    escalated.update(status="escalated")
    staying = [
        {**task, "description": "New."} if place % 2 else task for place, task in enumerate(tasks[number // 3 :])
    ]
    draft = running.draft(blueprint(*staying, *[work(f"u{place}", 3) for place in range(number // 3)]))
    digest = digest_of(draft)
    with CaptureQueriesContext(connection) as asked:
        activating.plan_activate(plan=draft, person=running.person, digest=digest)
    return len(asked)
