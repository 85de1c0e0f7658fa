"""GET /goals/{id}/approaches and /plan, GET /plans/{id}, POST /goals/{id}/approach."""

import uuid

import pytest

from apps.goals.models import Goal
from apps.tasks.models import Plan
from tests.api.conftest import is_problem


def test_approaches_side_by_side(world, outsider):
    body = outsider.get(f"/goals/{world.goal.pk}/approaches").json()
    assert [row["name"] for row in body["items"]] == ["way 1", "way 2", "way 3"]
    assert [row["chosen"] for row in body["items"]] == [True, False, False]
    assert (body["why"], body["tree"], body["next"]) == ("it is faster", {"root": {}}, None)


def test_the_plan_with_tasks_and_edges(world, outsider):
    body = outsider.get(f"/goals/{world.goal.pk}/plan").json()
    assert body == outsider.get(f"/plans/{world.plan.pk}").json()
    assert (body["status"], body["version"], body["cost"]) == ("proposed", 1, "12.50")
    assert [task["phase"] for task in body["tasks"]] == [1, 2, 3, 4, 5, 6, 7]
    assert len(body["edges"]) == 6
    assert body["tasks"][0]["rice"] == {"reach": 1, "impact": 2, "confidence": 0.5, "effort": 1, "value": 0.5}


def test_a_goal_without_a_plan(owner):
    goal = owner.post("/goals", {"title": "Books", "brief": "Keep books."}).json()["id"]
    is_problem(owner.get(f"/goals/{goal}/plan"), 404, "no plan yet")
    assert owner.get(f"/goals/{goal}/approaches").json()["items"] == []
    assert owner.get(f"/goals/{goal}/metrics").json()["duration_seconds"] is None


def test_choosing_another_approach_proposes_its_plan(world, owner):
    path = f"/goals/{world.goal.pk}/approach"
    chosen = {"approach": str(world.approaches[1].pk)}
    body = owner.post(path, chosen).json()
    assert (body["version"], body["status"], body["approach"]) == (2, "proposed", chosen["approach"])
    assert owner.post(path, chosen).json()["id"] == body["id"]
    assert [plan.status for plan in Plan.objects.order_by("version")] == ["discarded", "proposed"]


def test_who_can_t_choose_and_when(world, owner, teammate, outsider):
    path = f"/goals/{world.goal.pk}/approach"
    chosen = {"approach": str(world.approaches[1].pk)}
    for caller in (teammate, outsider):
        is_problem(caller.post(path, chosen), 403)
    is_problem(owner.post(path, {"approach": str(uuid.uuid4())}), 404)
    is_problem(owner.post(path, {"approach": "first"}), 422)
    world.start()
    is_problem(owner.post(path, chosen), 409, "running")


def test_a_missing_plan(owner):
    is_problem(owner.get(f"/plans/{uuid.uuid4()}"), 404)


@pytest.mark.parametrize("path", ["drafts", "approaches"])
def test_a_wrong_method(world, owner, path):
    is_problem(owner.post(f"/goals/{world.goal.pk}/{path}", {}), 405)


def test_a_plan_takes_the_same_queries_whatever_its_size(world, owner, django_assert_num_queries):
    assert Goal.objects.count() == 1
    # session, person, goal, plan twice (active? newest), tasks, edges
    with django_assert_num_queries(7):
        owner.get(f"/goals/{world.goal.pk}/plan")
