"""GET and POST /goals, GET /goals/{id}, GET /goals/{id}/events."""

import threading
import uuid

import pytest
from django.db import connection

from apps.core.models import Event
from apps.goals.models import Goal
from tests.api.conftest import Caller, is_problem

NEW = {"title": "Books", "brief": "Keep a list of books.\r\nA librarian adds a book. "}


def test_it_keeps_the_goal_and_gives_the_whole_of_it(owner):
    constraints = {"deadline": "2090-01-01T00:00:00Z", "budget": "99.90", "slots": 3}
    response = owner.post("/goals", {**NEW, "constraints": constraints})
    assert response.status_code == 201
    body = response.json()
    assert (body["title"], body["status"], body["owner"], body["group"]) == ("Books", "planning", "owner", "owners")
    assert body["brief"] == NEW["brief"]
    assert body["constraints"] == constraints
    assert body["progress"] == 0.0
    assert owner.get(f"/goals/{body['id']}").json() == body


def test_a_goal_may_say_how_its_approaches_are_weighed(owner):
    planning = {"beam": 3, "weights": {"risk": 60}}
    body = owner.post("/goals", {**NEW, "planning": planning}).json()
    assert body["planning"] == planning
    assert owner.get(f"/goals/{body['id']}").json()["planning"] == planning


def test_all_seven_gates_are_there_at_once(owner):
    goal = owner.post("/goals", NEW).json()["id"]
    gates = owner.get(f"/gates?goal={goal}").json()["items"]
    assert [gate["code"] for gate in gates] == [f"QG-PHASE{n}" for n in range(1, 8)]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "x" * 201}),
        ("title", {"title": "a\nb"}),
        ("brief", {"brief": ""}),
        ("brief", {"brief": "x" * (200 * 1024 + 1)}),
        ("brief", {"brief": "ä" * (150 * 1024)}),
        ("brief", {"brief": "a\x1bb"}),
        ("group", {"group": "nobody"}),
        ("deadline", {"constraints": {"deadline": "2001-01-01T00:00:00Z"}}),
        ("constraints.budget", {"constraints": {"budget": -1}}),
        ("constraints.slots", {"constraints": {"slots": 99}}),
        ("constraints.deadline", {"constraints": {"deadline": "soon"}}),
        ("start", {"start": "perhaps"}),
        ("planning.depth", {"planning": {"depth": 0}}),
        ("planning.weights.cost", {"planning": {"weights": {"cost": 101}}}),
        ("time", {"planning": {"weights": {"time": 0, "cost": 0, "risk": 0, "fit": 0}}}),
    ],
)
def test_words_beside_each_field(owner, field, changes):
    assert field in is_problem(owner.post("/goals", {**NEW, **changes}), 422)["fields"]
    assert not Goal.objects.exists()


def test_who_may_submit_and_who_may_start(owner_person, owner, teammate, outsider, stranger, by_token):
    assert owner.post("/goals", {**NEW, "start": True}).status_code == 201
    assert Goal.objects.get().start_when_proposed is True
    assert teammate.post("/goals", NEW).status_code == 201
    is_problem(teammate.post("/goals", {**NEW, "start": True}), 403, "start a plan")
    is_problem(outsider.post("/goals", NEW), 403, "submit goals")
    is_problem(stranger.post("/goals", NEW), 401)
    token = by_token(owner_person, "read", "submit")
    assert token.post("/goals", NEW).status_code == 201
    is_problem(token.post("/goals", {**NEW, "start": True}), 403, "token")
    is_problem(by_token(owner_person, "read").post("/goals", NEW), 403, "'submit'")


def test_a_repeat_with_the_same_key_makes_one_goal(owner):
    first = owner.post("/goals", NEW, **{"Idempotency-Key": "a"})
    again = owner.post("/goals", NEW, **{"Idempotency-Key": "a"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Goal.objects.count() == 1
    is_problem(owner.post("/goals", {**NEW, "title": "Other"}, **{"Idempotency-Key": "a"}), 422, "another body")
    assert owner.post("/goals", NEW, **{"Idempotency-Key": "b"}).json()["id"] != first.json()["id"]


def test_keys_of_two_people_are_apart(owner, teammate):
    ids = {caller.post("/goals", NEW, **{"Idempotency-Key": "a"}).json()["id"] for caller in (owner, teammate)}
    assert len(ids) == 2


def test_a_refused_request_leaves_its_key_free(owner):
    is_problem(owner.post("/goals", {**NEW, "title": " "}, **{"Idempotency-Key": "a"}), 422)
    assert owner.post("/goals", NEW, **{"Idempotency-Key": "a"}).status_code == 201


@pytest.mark.parametrize("key", ["", "ä", "x" * 201])
def test_a_key_has_some_printable_characters(owner, key):
    is_problem(owner.post("/goals", NEW, **{"Idempotency-Key": key}), 422)


@pytest.mark.django_db(transaction=True)
def test_concurrent_repeats_have_one_effect(owner):
    barrier, found = threading.Barrier(4), []

    def send():
        barrier.wait(10)
        caller = Caller(owner.client, owner.headers)
        found.append(caller.post("/goals", NEW, **{"Idempotency-Key": "a"}))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [response.status_code for response in found] == [201] * 4
    assert len({response.json()["id"] for response in found}) == 1
    assert Goal.objects.count() == 1


def test_a_list_is_paged_newest_first_and_stays_stable(owner):
    ids = [owner.post("/goals", {**NEW, "title": f"Goal {n}"}).json()["id"] for n in range(5)]
    first = owner.get("/goals?limit=2").json()
    owner.post("/goals", {**NEW, "title": "late"})
    second = owner.get(f"/goals?limit=2&cursor={first['next']}").json()
    third = owner.get(f"/goals?limit=2&cursor={second['next']}").json()
    pages = [[row["id"] for row in page["items"]] for page in (first, second, third)]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert third["next"] is None


def test_the_queries_of_a_list_do_not_grow(owner, django_assert_num_queries):
    for number in range(2):
        owner.post("/goals", {**NEW, "title": f"Goal {number}"})
    # session, person, goals
    with django_assert_num_queries(3):
        assert len(owner.get("/goals").json()["items"]) == 2
    for number in range(6):
        owner.post("/goals", {**NEW, "title": f"Goal {number}"})
    with django_assert_num_queries(3):
        assert len(owner.get("/goals").json()["items"]) == 8


def test_it_filters_by_status(owner):
    goal = owner.post("/goals", NEW).json()["id"]
    assert [row["id"] for row in owner.get("/goals?status=live").json()["items"]] == [goal]
    assert owner.get("/goals?status=running").json()["items"] == []
    is_problem(owner.get("/goals?status=busy"), 422)


def test_everybody_signed_in_may_look_and_nobody_else(world, outsider, stranger, owner_person, by_token):
    path = f"/goals/{world.goal.pk}"
    assert outsider.get(path).json()["title"] == "Books"
    is_problem(stranger.get(path), 401)
    is_problem(by_token(owner_person, "operate").get(path), 403, "'read'")


def test_a_missing_goal(owner):
    for path in (f"/goals/{uuid.uuid4()}", "/goals/7", f"/goals/{uuid.uuid4()}/events", f"/goals/{uuid.uuid4()}/plan"):
        is_problem(owner.get(path), 404)


def test_progress_is_weighted_by_effort(world, owner):
    world.start()
    world.plan.tasks.filter(phase__lte=3).update(status="completed")
    body = owner.get(f"/goals/{world.goal.pk}").json()
    assert body["progress"] == pytest.approx((1 + 2 + 3) / 28)
    assert (body["tasks_done"], body["tasks_total"]) == (3, 7)


def test_events_have_six_keys_and_come_after_a_number(world, outsider):
    path = f"/goals/{world.goal.pk}/events"
    every = outsider.get(path).json()
    assert {frozenset(event) for event in every["items"]} == {
        frozenset({"seq", "type", "subject", "actor", "at", "data"})
    }
    numbers = [event["seq"] for event in every["items"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert every["next"] is None
    first = outsider.get(f"{path}?limit=2").json()
    assert [event["seq"] for event in first["items"]] == [1, 2]
    assert outsider.get(f"{path}?after={first['next']}").json()["items"] == every["items"][2:]
    assert Event.objects.filter(stream=world.goal.pk).count() == len(numbers)


@pytest.mark.parametrize("after", ["-1", "x", "1e3", str(2**70)])
def test_after_is_a_number(world, owner, after):
    is_problem(owner.get(f"/goals/{world.goal.pk}/events?after={after}"), 422)
