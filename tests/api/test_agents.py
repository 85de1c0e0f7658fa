"""GET and POST /agents, GET and PATCH /agents/{slug}."""

import pytest

from apps.agents.models import Agent
from tests.api.conftest import is_problem

NEW = {"slug": "painter", "name": "Painter", "runtime": "local", "capabilities": ["frontend.page", "frontend.style"]}


def test_an_admin_adds_an_agent(admin, outsider):
    response = admin.post("/agents", {**NEW, "cost_per_hour": "12.5"})
    assert response.status_code == 201
    body = response.json()
    assert (body["status"], body["capabilities"], body["busy"]) == ("active", ["frontend.page", "frontend.style"], 0)
    assert outsider.get("/agents/painter").json() == {**body, "cost_per_hour": "12.50"}


def test_a_slug_is_taken_once(admin):
    assert admin.post("/agents", NEW).status_code == 201
    is_problem(admin.post("/agents", NEW), 409, "already")
    assert Agent.objects.filter(slug="painter").count() == 1


def test_a_repeat_with_the_same_key_is_no_conflict(admin):
    bodies = [admin.post("/agents", NEW, **{"Idempotency-Key": "a"}).json() for _ in range(2)]
    assert bodies[0] == bodies[1]


def test_changing_what_is_written_down_and_the_status(admin, world):
    body = admin.patch("/agents/builder", {"name": "Mason", "capabilities": ["backend.entity"], "status": "draining"})
    assert body.status_code == 200
    body = body.json()
    assert (body["name"], body["capabilities"], body["status"]) == ("Mason", ["backend.entity"], "draining")
    assert body["runtime"] == "local"
    assert admin.patch("/agents/builder", {}).json() == body


def test_a_move_that_the_lifecycle_forbids_changes_nothing(admin, world):
    admin.patch("/agents/builder", {"status": "retired"})
    is_problem(admin.patch("/agents/builder", {"name": "Ghost", "status": "active"}), 409)
    assert Agent.objects.get(slug="builder").name == "Builder"


def test_only_admins_and_their_tokens_with_the_scope(world, owner, teammate, admin, by_token):
    for caller in (owner, teammate):
        is_problem(caller.post("/agents", NEW), 403, "registry")
        is_problem(caller.patch("/agents/builder", {"name": "x"}), 403)
    from apps.accounts.models import Person

    chief = Person.objects.get(username="chief")
    is_problem(by_token(chief, "read", "submit").post("/agents", NEW), 403, "'registry'")
    assert by_token(chief, "registry").post("/agents", NEW).status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Has Space"),
        ("slug", "-x"),
        ("slug", "x" * 61),
        ("name", ""),
        ("runtime", "magic"),
        ("capabilities", []),
        ("capabilities", ["Not A Name"]),
        ("max_concurrent", 0),
        ("cost_per_hour", -1),
        ("config", "text"),
    ],
)
def test_words_for_what_can_t_be_used(admin, field, value):
    fields = is_problem(admin.post("/agents", {**NEW, field: value}), 422)["fields"]
    assert any(name.startswith(field) for name in fields)


@pytest.mark.parametrize("body", [{"name": None}, {"status": "unreachable"}, {"capabilities": []}])
def test_a_change_that_can_t_be_used(admin, world, body):
    is_problem(admin.patch("/agents/builder", body), 422)


def test_a_missing_agent_and_a_wrong_method(admin):
    is_problem(admin.get("/agents/nobody"), 404)
    is_problem(admin.patch("/agents/nobody", {"name": "x"}), 404)
    is_problem(admin.delete("/agents/nobody"), 405)


def test_a_list_takes_the_same_queries_for_any_number(admin, django_assert_num_queries):
    for number in range(6):
        admin.post("/agents", {**NEW, "slug": f"painter-{number}"})
    # session, person, agents, capabilities, scorecards
    with django_assert_num_queries(5):
        assert len(admin.get("/agents?limit=5").json()["items"]) == 5
