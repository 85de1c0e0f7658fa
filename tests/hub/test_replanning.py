"""Planning anew while the goal runs: a draft with its difference, and nothing else until somebody activates it."""

import pytest

from apps.accounts.models import Person
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.gates.guards import verify_now
from apps.goals.models import Goal
from apps.goals.services import Constraints
from apps.hub import actions, sweeping
from apps.hub.foreseeing import foresee
from apps.inbox.models import Escalation
from apps.planning import drafts, replanning
from apps.planning import services as planning
from apps.tasks.models import Plan, Task
from tests import factories
from tests.hub.running import plan_activate

pytestmark = pytest.mark.django_db

BRIEF = b"A web application for a library. A librarian adds a book. A librarian removes a book."


@pytest.fixture(autouse=True)
def told(sent: list[tuple[str, list[object]]]) -> list[tuple[str, list[object]]]:
    return sent


@pytest.fixture
def person() -> Person:
    return factories.person("lena", groups=["owners"])


@pytest.fixture
def goal(person: Person) -> Goal:
    """A goal that runs."""
    made = actions.goal_submit(person=person, title="Books", brief=BRIEF, constraints=Constraints())
    planning.goal_plan(goal_id=made.pk)
    made.refresh_from_db()
    actions.goal_start(goal=made, person=person)
    verify_now()
    made.refresh_from_db()
    return made


def draft_of(goal: Goal) -> Plan:
    return Plan.objects.get(goal=goal, status="draft")


def test_an_addition_becomes_a_draft_and_the_goal_runs_on(goal: Goal, person: Person) -> None:
    actions.goal_replan(goal=goal, person=person, why="They lend, too.", addition="A reader borrows a book.")
    assert goal.briefs.get(number=2).text == "A reader borrows a book."
    replanning.replan(goal_id=goal.pk)
    goal.refresh_from_db()
    draft, standing = draft_of(goal), Plan.objects.get(goal=goal, status="active")
    assert (goal.status, draft.origin, draft.base_id, draft.why) == (
        "running",
        "replan",
        standing.pk,
        "They lend, too.",
    )
    assert draft.drafted_by == person
    assert not Task.objects.filter(plan=draft).exists()
    seen = foresee(goal=goal, draft=draft, standing=standing)
    added = {row.key for row in seen.difference.added}
    assert added
    assert all("borrow" in key for key in added)
    assert not seen.difference.removed
    assert "inputs" in next(one for one in seen.difference.changed if one.phase == 1).fields
    assert replanning.asked_of(goal) is None


def test_it_keeps_the_approach_that_people_chose(goal: Goal, person: Person) -> None:
    actions.goal_replan(goal=goal, person=person)
    replanning.replan(goal_id=goal.pk)
    draft, standing = draft_of(goal), Plan.objects.get(goal=goal, status="active")
    assert draft.approach is not None
    assert standing.approach is not None
    assert draft.approach.choices == standing.approach.choices
    assert foresee(goal=goal, draft=draft, standing=standing).difference.empty


def test_activated_the_goal_has_the_new_facts_and_its_tasks(goal: Goal, person: Person) -> None:
    actions.goal_replan(goal=goal, person=person, addition="A reader borrows a book.")
    replanning.replan(goal_id=goal.pk)
    draft = plan_activate(plan=draft_of(goal), person=person)
    goal.refresh_from_db()
    assert any("borrow" in one["slug"] for one in goal.facts["features"])
    keys = set(Task.objects.filter(plan=draft).values_list("key", flat=True))
    assert keys == {task["key"] for task in drafts.blueprint_of(draft)["tasks"]}
    assert any("borrow" in key for key in keys)


def test_where_no_plan_can_be_made_people_are_told_and_the_plan_stands(goal: Goal, person: Person) -> None:
    Goal.objects.filter(pk=goal.pk).update(budget="0.01")
    actions.goal_replan(goal=goal, person=person)
    replanning.replan(goal_id=goal.pk)
    raised = Escalation.objects.get(goal=goal)
    assert raised.kind == "plan_failed"
    assert "budget" in raised.text
    assert "The plan that runs goes on." in raised.text
    goal.refresh_from_db()
    assert (goal.status, replanning.asked_of(goal)) == ("running", None)
    assert list(Plan.objects.filter(goal=goal).values_list("status", flat=True)) == ["active"]


def test_a_lost_hint_is_sent_again(goal: Goal, person: Person, told: list[tuple[str, list[object]]]) -> None:
    actions.goal_replan(goal=goal, person=person)
    told.clear()
    sweeping.lost_hints()
    assert ("replan_goal", [str(goal.pk)]) in told
    replanning.replan(goal_id=goal.pk)
    replanning.replan(goal_id=goal.pk)
    assert Plan.objects.filter(goal=goal, status="draft").count() == 1
    told.clear()
    sweeping.lost_hints()
    assert ("replan_goal", [str(goal.pk)]) not in told


def test_a_request_that_comes_while_another_is_planned_is_planned_too(
    goal: Goal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.goal_replan(goal=goal, person=person, why="First.")
    explore = planning.explore

    def meanwhile(*args: object, **kwargs: object) -> planning.Found:
        monkeypatch.setattr(planning, "explore", explore)
        actions.goal_replan(goal=Goal.objects.get(pk=goal.pk), person=person, why="Second.")
        return explore(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "explore", meanwhile)
    replanning.replan(goal_id=goal.pk)
    assert not Plan.objects.filter(goal=goal, status="draft").exists()
    replanning.replan(goal_id=goal.pk)
    assert draft_of(goal).why == "Second."


@pytest.mark.parametrize("status", ["delivering", "delivered", "accepted", "cancelled"])
def test_refused_in_other_statuses(goal: Goal, person: Person, status: str) -> None:
    Goal.objects.filter(pk=goal.pk).update(status=status)
    with pytest.raises(Conflict, match=f"This goal is {status}"):
        actions.goal_replan(goal=goal, person=person, addition="More.")
    assert goal.briefs.count() == 1


def test_refused_with_words_at_the_addition(goal: Goal, person: Person) -> None:
    with pytest.raises(Invalid) as refused:
        actions.goal_replan(goal=goal, person=person, addition="x" * 300_000)
    assert set(refused.value.fields) == {"addition"}


def test_refused_for_who_may_not(goal: Goal) -> None:
    with pytest.raises(NotAllowed):
        actions.goal_replan(goal=goal, person=factories.person(role="operator"))
