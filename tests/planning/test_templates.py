"""Templates: saved from a plan, changed, retired; a goal that starts from one is planned by it, or told why not."""

import uuid

import pytest

from apps.core import transitions
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditLink
from apps.planning import drafts, selectors
from apps.planning.models import PlanTemplate
from apps.planning.services import goal_plan, plan_from_approach
from apps.planning.templates import goal_start_from, template_change, template_list, template_save, template_usable
from apps.tasks.models import Approach, Exploration
from tests import factories
from tests.goals.conftest import lead
from tests.planning.test_goal_plan import WEB, planned, proposed, submitted

__all__ = ["lead"]
pytestmark = pytest.mark.django_db

OTHER = "A web application for a school. A teacher can add a pupil, search pupils and grade a pupil."


@pytest.fixture
def goal(lead):
    return planned(lead)


@pytest.fixture
def last(goal):
    """The plan of the last of the approaches, proposed by a person's choice."""
    return plan_from_approach(approach=list(selectors.approaches(goal=goal))[-1])


def started_from(template, person, brief=OTHER):
    goal = submitted(person, brief=brief, title="Pupils")
    goal_start_from(goal=goal, template=template)
    goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    return goal


def with_manual(plan, person):
    """The plan with a task that the person added by hand and one that they took out, proposed."""
    base = drafts.blueprint_of(plan)
    draft = drafts.draft_create(goal=plan.goal, origin="edit", base=plan, blueprint=base, person=person, why="")
    spare = next(t for t in base["tasks"] if not {e["producer"] for e in base["edges"]} & {t["key"]})
    add = {
        "kind": "add", "phase": 7, "title": "Write a manual", "capability": "deployment.runbook",
        "produces": ["docs/manual.md"], "consumes": ["requirements/requirements.json"],
        "acceptance": ["A newcomer finds their way."], "optimistic": 1.0, "likely": 2.0, "pessimistic": 4.0,
    }  # fmt: skip
    drafts.draft_edit(plan=draft, person=person, edition=0, operation=add)
    drafts.draft_edit(plan=draft, person=person, edition=1, operation={"kind": "remove", "task": spare["key"]})
    return drafts.draft_propose(plan=draft, person=person), spare["key"]


def test_a_plan_is_kept_with_the_choices_of_its_approach(lead, last):
    made = template_save(plan=last, person=lead, name=" Small lending shop ", summary="Worked well.")

    assert (made.name, made.kind, made.summary) == ("Small lending shop", "web_application", "Worked well.")
    assert made.source == last
    assert made.blueprint["choices"] == last.approach.choices
    assert {task["key"] for task in made.blueprint["tasks"]} == {task.key for task in last.tasks.all()}
    assert made.blueprint["changes"] == {"added": [], "removed": [], "orders": []}
    link = AuditLink.objects.get(subject=f"template:{made.pk}")
    assert (link.what, link.data["name"]) == ("template.saved", "Small lending shop")


def test_a_goal_that_starts_from_it_is_proposed_its_approach_first(lead, last):
    template = template_save(plan=last, person=lead, name="Small shop")

    goal = started_from(template, lead)

    plan = proposed(goal=goal)
    assert (plan.origin, plan.why) == ("template", "From the template “Small shop”.")
    assert plan.approach.number == 1
    assert plan.approach.name.endswith("(from template “Small shop”)")
    assert plan.approach.choices == last.approach.choices
    # The features are those of the new brief.
    features = {feature for task in plan.tasks.all() if (feature := task.parameters.get("feature"))}
    assert features
    assert not [feature for feature in features if "book" in feature]
    assert Approach.objects.filter(goal=goal).count() >= 2
    assert "comes from the template “Small shop”" in Exploration.objects.get(goal=goal).why


def test_what_people_did_by_hand_goes_along_and_again_from_the_plan_that_came_of_it(lead, last):
    edited, spare = with_manual(last, lead)
    first = template_save(plan=edited, person=lead, name="With a manual")
    assert [task["title"] for task in first.blueprint["changes"]["added"]] == ["Write a manual"]
    assert first.blueprint["changes"]["removed"] == [spare]

    plan = proposed(goal=started_from(first, lead))

    assert plan.tasks.filter(title="Write a manual", estimate_source="edited").exists()
    assert not plan.tasks.filter(key=spare).exists()
    assert "1 added and 1 taken out by hand" in plan.approach.assumptions[0]
    second = template_save(plan=plan, person=lead, name="With a manual, again")
    assert second.blueprint["changes"]["removed"] == [spare]
    assert [task["title"] for task in second.blueprint["changes"]["added"]] == ["Write a manual"]


def test_what_cannot_go_along_is_named(lead, last):
    template = template_save(plan=last, person=lead, name="Odd")
    template.blueprint["changes"]["added"] = [
        {
            **template.blueprint["tasks"][0],
            "key": "odd",
            "title": "Odd work",
            "consumes": ["no/such.md"],
            "produces": ["o"],
        }
    ]
    template.save()

    plan = proposed(goal=started_from(template, lead))

    assert "“Odd work” was left out: nothing here makes no/such.md." in plan.approach.assumptions


def test_a_retired_template_changes_nothing_but_the_words(lead, last):
    template = template_save(plan=last, person=lead, name="Old ways")
    template_change(template=template, person=lead, retired=True)

    goal = started_from(template, lead)

    assert goal.status == "proposed"
    assert proposed(goal=goal).origin == "approach"
    assert "The template “Old ways” was retired" in Exploration.objects.get(goal=goal).why


@pytest.mark.parametrize("wanted", ["5f0c1c3e-0f5a-4a0e-9a53-2f6f0f0f7f11", "nonsense", 5, {"a": 1}])
def test_a_template_that_is_gone_or_never_was_changes_nothing_but_the_words(lead, wanted):
    goal = submitted(lead)
    goal.planning = {"template": wanted}
    goal.save(update_fields=["planning"])
    goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()

    assert (goal.status, goal.failure) == ("proposed", "")
    assert "is gone, so the plan was made without it" in Exploration.objects.get(goal=goal).why


def test_a_template_of_another_kind_says_so(lead, last):
    template = template_save(plan=last, person=lead, name="Shop")
    report = "Write a report about the market for bicycles. It covers prices, makers and riders."

    goal = started_from(template, lead, brief=report)

    why = Exploration.objects.get(goal=goal).why
    assert goal.status == "proposed"
    assert "The template is for a web application, and this brief asks for a report." in why


@pytest.mark.parametrize(
    ("name", "words"),
    [("  ", "Give the template a name"), ("x" * 61, "at most 60 fit"), ("a\nb", "line breaks"), ("a\x00b", "control")],
)
def test_a_name_that_cannot_be_given_is_refused_with_words(lead, last, name, words):
    with pytest.raises(Invalid, match=words):
        template_save(plan=last, person=lead, name=name)
    assert not PlanTemplate.objects.exists()


def test_a_name_is_given_once_until_its_bearer_is_retired(lead, last):
    first = template_save(plan=last, person=lead, name="Shop")
    with pytest.raises(Invalid, match="There is a template “Shop” already"):
        template_save(plan=last, person=lead, name="Shop")

    template_change(template=first, person=lead, retired=True)
    template_save(plan=last, person=lead, name="Shop")

    with pytest.raises(Invalid, match="There is a template “Shop” already"):
        template_change(template=first, person=lead, retired=False)
    assert template_change(template=first, person=lead, retired=False, name="Old shop").retired is False
    assert [row.name for row in template_list(retired=False)] == ["Old shop", "Shop"]


def test_a_change_that_changes_nothing_is_not_told(lead, last):
    template = template_save(plan=last, person=lead, name="Shop")
    template_change(template=template, person=lead, name="Shop", retired=False)

    assert AuditLink.objects.filter(subject=f"template:{template.pk}").count() == 1


def test_operators_and_viewers_make_none(lead, last):
    template = template_save(plan=last, person=lead, name="Shop")
    operator = factories.person(role="operator")
    with pytest.raises(NotAllowed, match="save or change templates"):
        template_save(plan=last, person=operator, name="Mine")
    with pytest.raises(NotAllowed, match="save or change templates"):
        template_change(template=template, person=operator, retired=True)


def test_a_plan_without_an_approach_is_no_template(lead):
    plan = factories.plan(factories.goal(owner=lead))
    with pytest.raises(Conflict, match="comes from no approach"):
        template_save(plan=plan, person=lead, name="Nothing")


def test_only_templates_that_stand_can_be_started_from(lead, last):
    template = template_save(plan=last, person=lead, name="Shop")
    assert template_usable(template_id=None) is None
    assert template_usable(template_id=template.pk) == template
    with pytest.raises(Invalid, match="There is no such template"):
        template_usable(template_id=uuid.uuid4())
    template_change(template=template, person=lead, retired=True)
    with pytest.raises(Invalid, match="“Shop” is retired"):
        template_usable(template_id=template.pk)


def test_planning_anew_keeps_to_the_template(lead, last):
    template = template_save(plan=last, person=lead, name="Shop")
    goal = started_from(template, lead, brief=WEB)
    transitions.move_many(goal.plans.filter(status="proposed"), "discarded")
    transitions.move(goal, "planning")

    goal_plan(goal_id=goal.pk)

    assert proposed(goal=goal).origin == "template"
