"""GET and PATCH /templates, POST /plans/{id}/template, POST /goals with a template."""

import uuid

import pytest

from apps.goals.models import Goal
from apps.planning.models import PlanTemplate
from tests.api.conftest import is_problem

GOAL = {"title": "Pupils", "brief": "A web application. A teacher can add a pupil and search pupils."}


@pytest.fixture
def template(world, owner):
    return owner.post(f"/plans/{world.plan.pk}/template", {"name": "Shop", "summary": "Lends things."}).json()


def test_a_plan_is_saved_with_its_choices(world, owner, template):
    assert (template["name"], template["summary"], template["retired"]) == ("Shop", "Lends things.", False)
    assert (template["plan"], template["goal"]) == (str(world.plan.pk), str(world.goal.pk))
    assert template["tasks"] == world.plan.tasks.count()
    assert template["choices"] == world.plan.approach.choices
    assert template["changes"] == {"added": [], "removed": [], "orders": []}
    assert owner.get(f"/templates/{template['id']}").json() == template


def test_the_same_request_twice_makes_one(world, owner):
    address, body = f"/plans/{world.plan.pk}/template", {"name": "Shop"}
    first = owner.post(address, body, **{"Idempotency-Key": "k1"})
    again = owner.post(address, body, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.json()) == (201, first.json())
    assert PlanTemplate.objects.count() == 1


def test_it_is_listed_renamed_retired_and_taken_back(owner, template):
    address = f"/templates/{template['id']}"
    assert [one["name"] for one in owner.get("/templates").json()["items"]] == ["Shop"]
    assert owner.patch(address, {"name": "Old shop", "retired": True}).json()["retired"] is True
    assert owner.get("/templates").json()["items"] == []
    assert [one["name"] for one in owner.get("/templates?retired=true").json()["items"]] == ["Old shop"]
    assert owner.patch(address, {"retired": False}).json()["name"] == "Old shop"


def test_names_that_cannot_be_given_are_named(world, owner, template):
    problem = is_problem(owner.post(f"/plans/{world.plan.pk}/template", {"name": "Shop"}), 422)
    assert "There is a template “Shop” already" in str(problem)
    is_problem(owner.post(f"/plans/{world.plan.pk}/template", {"name": "  "}), 422)
    is_problem(owner.patch(f"/templates/{template['id']}", {"name": "x" * 61}), 422)


def test_a_goal_starts_from_it_and_not_from_a_retired_one(owner, template):
    made = owner.post("/goals", GOAL | {"template": template["id"]})
    assert made.status_code == 201
    assert made.json()["planning"]["template"] == template["id"]
    assert Goal.objects.get(pk=made.json()["id"]).planning["template"] == template["id"]

    owner.patch(f"/templates/{template['id']}", {"retired": True})
    assert "is retired" in str(is_problem(owner.post("/goals", GOAL | {"template": template["id"]}), 422))
    assert "no such template" in str(is_problem(owner.post("/goals", GOAL | {"template": str(uuid.uuid4())}), 422))


def test_strangers_outsiders_and_what_is_not_there(world, owner, outsider, stranger, template):
    is_problem(stranger.get("/templates"), 401)
    is_problem(outsider.patch(f"/templates/{template['id']}", {"retired": True}), 403)
    is_problem(outsider.post(f"/plans/{world.plan.pk}/template", {"name": "Mine"}), 403)
    is_problem(owner.get(f"/templates/{uuid.uuid4()}"), 404)
    is_problem(owner.post(f"/plans/{uuid.uuid4()}/template", {"name": "Mine"}), 404)
    is_problem(owner.post("/templates", {}), 405)
