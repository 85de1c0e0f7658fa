"""The plan of a goal: approaches, difference, choice, start, the tree of thoughts, RICE."""

import uuid
from typing import Any
from urllib.parse import unquote

from django.test import Client

from apps.core import transitions
from apps.goals.models import Goal
from apps.tasks.models import Exploration
from tests.api.world import World
from tests.dashboard.goals.conftest import HTMX
from tests.planning.blueprints import blueprint, task_of


def page(client: Client, world: World) -> str:
    return client.get(f"/goals/{world.goal.pk}/plan").content.decode()


def approach(world: World, number: int = 1, rest: str = "") -> str:
    return f"/goals/{world.goal.pk}/approaches/{world.approaches[number].pk}{rest}"


def test_it_shows_the_approaches_side_by_side(owner: Client, world: World) -> None:
    world.approaches[0].scores = {"total": 0.9, "time": 0.5, "cost": 1.0, "risk": 0.4, "fit": 0.71}
    world.approaches[0].risks = ["It may rain."]
    world.approaches[0].save()
    text = page(owner, world)
    assert all(one in text for one in ("way 1", "way 2", "way 3", "it is faster", "It may rain."))
    assert ">90</span>" in text
    assert ">71</span>" in text
    assert text.count("Choose this one") == 2
    assert "Phases without tasks" in text


def test_it_says_that_the_plan_is_being_made(owner: Client, world: World) -> None:
    Goal.objects.filter(pk=world.goal.pk)
    transitions.move(world.plan, "discarded")
    transitions.move(world.goal, "planning")
    text = page(owner, world)
    assert "The plan is being made" in text
    assert "skeleton" in text
    assert "The plan is still being made." in text, "why Start is disabled"


def test_it_shows_why_planning_failed(owner: Client, world: World) -> None:
    transitions.move(world.goal, "planning")
    transitions.move(world.goal, "failed", failure="The brief asks for nothing.")
    assert "The brief asks for nothing." in page(owner, world)


def test_the_difference_comes_before_the_choice(owner: Client, world: World) -> None:
    other = world.approaches[1]
    other.blueprint = blueprint()
    other.blueprint["tasks"] = [*other.blueprint["tasks"][1:], task_of("new", 1, 99)]
    other.minutes, other.cost = 5.0, "14.00"
    other.save()
    text = owner.get(approach(world), headers=HTMX).content.decode()
    assert "1 new, 1 left out, 6 the same" in text
    assert "Do new" in text
    assert "9 min shorter" in text
    assert "€1.50 more" in text


def test_choosing_proposes_the_other_plan(owner: Client, world: World) -> None:
    response = owner.post(approach(world, rest="/choose"), headers=HTMX)
    assert response["HX-Redirect"] == f"/goals/{world.goal.pk}/plan"
    assert world.goal.plans.get(status="proposed").approach == world.approaches[1]


def test_choosing_is_refused_while_the_goal_runs(owner: Client, world: World) -> None:
    world.start()
    response = owner.post(approach(world, rest="/choose"), headers=HTMX)
    assert response.status_code == 409
    assert "while a plan is proposed" in unquote(response["X-Problem"])


def test_an_operator_is_told_why_they_can_not_choose_or_start(operator: Client, world: World) -> None:
    text = page(operator, world)
    assert "As operator you may not start a plan" in text
    assert operator.post(approach(world, rest="/choose"), headers=HTMX).status_code == 403
    assert operator.post(f"/goals/{world.goal.pk}/act/start", headers=HTMX).status_code == 403


def test_an_approach_of_another_goal_is_not_there(owner: Client, world: World) -> None:
    path = f"/goals/{world.goal.pk}/approaches/{uuid.uuid4()}"
    assert owner.get(path).status_code == 404
    assert owner.post(f"{path}/choose").status_code == 404
    assert owner.get(approach(world, rest="/choose")).status_code == 405


def thought(number: int, parent: int, status: str, **more: Any) -> dict[str, Any]:
    return {"number": number, "parent": parent, "title": f"thought {number}", "status": status, **more}


def test_the_tree_shows_the_reason_of_each_cut(owner: Client, world: World) -> None:
    tree = {
        "beam": 5,
        "thoughts": [
            thought(0, -1, "root", value={"total": 0.2}),
            thought(1, 0, "finalist", value={"total": 0.25}),
            thought(2, 0, "cut", reason="beyond the beam <of 5>"),
        ],
    }
    Exploration.objects.filter(goal=world.goal).update(tree=tree)
    text = owner.get(f"/goals/{world.goal.pk}/fragment/plan-thoughts", headers=HTMX).content.decode()
    assert "beyond the beam &lt;of 5&gt;" in text
    assert "3 thoughts with a beam of 5: 1 cut, 1 finalist, 1 root" in text
    assert text.count("<details") == 1


def test_a_tree_of_another_shape_does_no_harm(owner: Client, world: World) -> None:
    trees: tuple[dict[str, Any], ...] = ({}, {"root": {}}, {"thoughts": []})
    for tree in trees:
        Exploration.objects.filter(goal=world.goal).update(tree=tree)
        path = f"/goals/{world.goal.pk}/fragment/plan-thoughts"
        assert "No tree was kept" in owner.get(path, headers=HTMX).content.decode()


def test_rice_shows_its_four_inputs(owner: Client, world: World) -> None:
    text = owner.get(f"/goals/{world.goal.pk}/fragment/plan-rice", headers=HTMX).content.decode()
    assert "1 × 2 × 0.50 ÷ 7.0 min = 0.50" in text
    assert text.count('data-label="RICE"') == 7
