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
    assert text.count('hx-target="#choose-middle" hx-swap="innerHTML"') == 2, (
        "so that another can be looked at after it"
    )
    assert "Phases without tasks" in text


def test_critical_paths_have_names_and_shortest_is_said_only_where_it_is_proven(owner: Client, world: World) -> None:
    path = [{"key": "a", "title": "Write <it>", "phase": 1, "minutes": 3.0}]
    told = [
        {"bound": 10.0, "proven": proven, "tasks": 4, "critical_path": path, "critical_minutes": 3.0}
        for proven in (True, False)
    ]
    Exploration.objects.filter(goal=world.goal).update(tree={"approaches": told})
    for row in world.approaches:
        row.minutes = 10.4
        row.save()
    text = page(owner, world)
    assert "Proven: no order is shorter." in text
    assert text.count("Not proven shortest: at most 4 % above the bound.") == 1
    assert text.count("Write &lt;it&gt;") == 2
    assert "3 min, 1 task<" in text


def test_an_edited_plan_is_not_lost_without_a_word(owner: Client, world: World) -> None:
    world.plan.origin = "edit"
    world.plan.save()
    assert "was edited by a person" in owner.get(approach(world), headers=HTMX).content.decode()


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
    other.blueprint = blueprint() | {"minutes": 5.0, "critical_minutes": 12.0, "cost": "14.00"}
    other.blueprint["tasks"] = [*other.blueprint["tasks"][1:], task_of("new", 1, 99, critical=True)]
    other.blueprint["edges"] = other.blueprint["edges"][1:]
    other.save()
    text = owner.get(approach(world), headers=HTMX).content.decode()
    assert "1 added, 1 left out, 0 changed, 6 the same" in text
    assert "Do new" in text
    assert "9 min shorter" in text
    assert "€1.50 more" in text
    assert "2 min shorter" in text, "the critical path"
    assert "Proven: no order is shorter." in text
    assert "Critical path then: 1 task<" in text
    assert "Do new <span" in text


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
    assert "3 thoughts with a beam of 5, every decision thought through." in text
    assert all(f'<span class="num">1</span> {word}</dt>' in text for word in ("start", "compared", "cut"))
    assert text.count("<details") == 1


def test_the_tree_says_what_it_was_weighed_with_and_leads_to_the_approaches(owner: Client, world: World) -> None:
    refused = [thought(n, 0, "refused", reason=f"a kind of its own {n}") for n in range(3, 7)]
    tree = {
        "beam": 20,
        "asked": 5,
        "depth": 3,
        "weights": {"time": 0.25, "fit": 0.75},
        "approaches": [{"thought": 2}],
        "thoughts": [
            thought(0, -1, "root", value={"total": 0.2, "minutes": 2.0, "cost": 0.5, "risk": 0.1, "misfit": 0.0}),
            thought(1, 0, "open", decides="How data is kept", value={"total": 0.25}),
            thought(2, 1, "finalist", value={"total": 0.3}),
            *refused,
            thought(7, 0, "open", value={"total": 0.4}),
            thought(8, 7, "cut", value={"total": 0.5}),
        ],
    }
    Exploration.objects.filter(goal=world.goal).update(tree=tree)
    text = owner.get(f"/goals/{world.goal.pk}/fragment/plan-thoughts", headers=HTMX).content.decode()
    assert "beam of 20 (asked for 5; widened" in text
    assert "3 decisions deep" in text
    assert "Weighed: time 25 %, fit 75 %." in text
    assert "How data is kept:" in text
    assert "at least 2 min of work, €0.50, risk 10 %, misfit 0 %" in text
    assert ">way 1</span>" in text, "the name of the approach at its leaf"
    assert '<details open id="thought-1">' in text, "the way to an approach is open"
    assert '<details id="thought-7">' in text, "what leads to none is closed"
    assert "4 that do not fit" in text


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
    assert "Where these numbers come from" not in text


def test_rice_says_where_its_inputs_come_from(owner: Client, world: World) -> None:
    task = world.task
    task.reasons = {"reach": "It and <9> more.", "effort": "Two minutes."}
    task.save()
    for path in (f"/goals/{world.goal.pk}/fragment/plan-rice", f"/tasks/{task.pk}"):
        text = owner.get(path, headers=HTMX).content.decode()
        assert text.count("Where these numbers come from") == 1
        assert "<dt>Reach</dt><dd>It and &lt;9&gt; more.</dd><dt>Effort</dt><dd>Two minutes.</dd>" in text


WEIGHTS = {"beam": "7", "depth": "", "time": "80", "cost": "15", "risk": "25", "fit": "0"}


def weigh(world: World) -> str:
    return f"/goals/{world.goal.pk}/weigh"


def test_other_weights_plan_anew(owner: Client, world: World) -> None:
    assert 'value="35"' in page(owner, world), "the planner's own points"
    response = owner.post(weigh(world), WEIGHTS)
    assert response["Location"] == f"/goals/{world.goal.pk}/plan"
    world.goal.refresh_from_db()
    assert world.goal.status == "planning"
    assert world.goal.planning == {"beam": 7, "weights": {"time": 80.0, "cost": 15.0, "risk": 25.0, "fit": 0.0}}


def test_the_planner_s_own_are_not_kept_with_the_goal(owner: Client, world: World) -> None:
    owner.post(weigh(world), {"beam": "5", "time": "25", "cost": "15", "risk": "25", "fit": ""})
    world.goal.refresh_from_db()
    assert (world.goal.status, world.goal.planning) == ("planning", {})


def test_words_beside_what_can_not_be_weighed_with(owner: Client, world: World) -> None:
    response = owner.post(weigh(world), WEIGHTS | {"beam": "0", "depth": "deep", "time": "-1"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "The beam is a whole number from 1 to 50." in text
    assert "Write the depth as a whole number" in text
    assert "Points from 0 to 100 are wanted." in text
    assert '<details class="fold" id="weigh-fold" open>' in text
    nothing = owner.post(weigh(world), dict.fromkeys(("time", "cost", "risk", "fit"), "0")).content.decode()
    assert "Give points to at least one of time, cost, risk and fit." in nothing
    world.goal.refresh_from_db()
    assert (world.goal.status, world.goal.planning) == ("proposed", {})


def test_who_may_not_weigh_is_told_so(operator: Client, world: World) -> None:
    text = page(operator, world)
    assert "As operator you may not ask for a new plan" in text
    assert operator.post(weigh(world), WEIGHTS, headers=HTMX).status_code == 403
    assert operator.get(weigh(world)).status_code == 405
