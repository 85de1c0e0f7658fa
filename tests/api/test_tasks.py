"""GET /goals/{id}/tasks, /tasks/{id}, /tasks/{id}/packet; POST /tasks/{id}/retry, reassign, cancel."""

import uuid

import pytest

from apps.agents.models import Agent
from apps.core import transitions
from tests.api.conftest import is_problem


def test_tasks_by_phase_with_why_they_wait(world, outsider):
    world.start()
    body = outsider.get(f"/goals/{world.goal.pk}/tasks").json()
    assert [row["key"] for row in body["items"]] == [f"p{phase}-0" for phase in range(1, 8)]
    assert body["items"][0]["status"] == "ready"
    assert all(row["wait_reason"] for row in body["items"])


def test_it_filters_and_pages(world, owner):
    world.start()
    path = f"/goals/{world.goal.pk}/tasks"
    assert [row["key"] for row in owner.get(f"{path}?phase=3").json()["items"]] == ["p3-0"]
    assert [row["key"] for row in owner.get(f"{path}?status=ready").json()["items"]] == ["p1-0"]
    first = owner.get(f"{path}?limit=4").json()
    rest = owner.get(f"{path}?limit=4&cursor={first['next']}").json()
    assert [row["phase"] for row in first["items"] + rest["items"]] == [1, 2, 3, 4, 5, 6, 7]
    for query in ("phase=8", "phase=x", "status=busy", "status=%27"):
        is_problem(owner.get(f"{path}?{query}"), 422)


def test_a_task_with_its_attempts_needs_and_feeds(world, outsider):
    attempt = world.start().attempt()
    body = outsider.get(f"/tasks/{world.task.pk}").json()
    assert (body["status"], body["needs"], len(body["feeds"])) == ("running", [], 1)
    (tried,) = body["attempts"]
    assert (tried["id"], tried["agent"], tried["why"]) == (str(attempt.pk), "builder", "the only one")


def test_the_packet_of_the_newest_attempt(world, outsider):
    path = f"/tasks/{world.task.pk}/packet"
    is_problem(outsider.get(path), 404, "not been given")
    world.start().attempt()
    assert outsider.get(path).json()["schema"] == "task_packet/1"


def escalated(world):
    world.start()
    return transitions.move(world.task, "escalated")


def test_retry_an_escalated_task(world, teammate):
    task = escalated(world)
    body = teammate.post(f"/tasks/{task.pk}/retry").json()
    assert body["status"] == "ready"
    is_problem(teammate.post(f"/tasks/{task.pk}/retry"), 409)


def test_reassign_to_somebody_who_can(world, teammate):
    world.start()
    path = f"/tasks/{world.task.pk}/reassign"
    assert teammate.post(path, {"agent": "builder"}).status_code == 200
    assert world.task.wanted_agent == world.agent
    assert "agent" in is_problem(teammate.post(path, {"agent": "nobody"}), 422)["fields"]
    Agent.objects.create(slug="painter", name="Painter", runtime="local", status="active")
    is_problem(teammate.post(path, {"agent": "painter"}), 422, "can't do")


def test_cancelling_takes_the_consumers_along(world, teammate, owner):
    world.start()
    teammate.post(f"/tasks/{world.plan.tasks.get(key='p3-0').pk}/cancel", {"why": "not needed"})
    rows = owner.get(f"/goals/{world.goal.pk}/tasks").json()["items"]
    assert [row["status"] for row in rows] == ["ready", "blocked", *["cancelled"] * 5]


@pytest.mark.parametrize(("action", "body"), [("retry", None), ("reassign", {"agent": "builder"}), ("cancel", None)])
def test_who_can_t_and_what_is_missing(world, owner, outsider, stranger, action, body):
    path = f"/tasks/{world.task.pk}/{action}"
    is_problem(outsider.post(path, body), 403)
    is_problem(stranger.post(path, body), 401)
    is_problem(owner.get(path), 405)
    is_problem(owner.post(f"/tasks/{uuid.uuid4()}/{action}", body), 404)
    is_problem(owner.post(f"/tasks/7/{action}", body), 404)


def test_a_missing_task(owner):
    is_problem(owner.get(f"/tasks/{uuid.uuid4()}"), 404)
    is_problem(owner.get(f"/tasks/{uuid.uuid4()}/packet"), 404)


def test_a_list_of_tasks_takes_a_fixed_number_of_queries(world, owner, django_assert_num_queries):
    # session, person, goal, plan (active? newest, with tasks and edges: four), tasks
    with django_assert_num_queries(8):
        owner.get(f"/goals/{world.goal.pk}/tasks")
