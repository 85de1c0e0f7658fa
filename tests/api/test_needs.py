"""Questions, escalations, conditions and the inbox."""

import uuid

import pytest

from apps.core import clock
from apps.gates import services as gates
from apps.gates.models import Condition
from apps.inbox import services as inbox
from tests.api.conftest import is_problem


@pytest.fixture
def question(world):
    return inbox.question_ask(goal=world.goal, key="storage", text="Where?", default="in a file", changes="the store")


@pytest.fixture
def escalation(world):
    return inbox.escalation_raise(goal=world.goal, kind="no_agent", key="k", text="Nobody can.", what_to_do="Add one.")


@pytest.fixture
def condition(world, owner_person):
    world.start()
    live = gates.round_begin(gate=world.gate)
    return Condition.objects.create(
        goal=world.goal, round=live, status="open", text="Measure it.", owner=owner_person, due_phase=4
    )


def test_questions_are_listed_and_answered(question, teammate, outsider):
    (row,) = outsider.get("/questions?answered=false").json()["items"]
    assert (row["text"], row["default"], row["answer"]) == ("Where?", "in a file", "")
    body = teammate.post(f"/questions/{question.pk}/answer", {"answer": "in SQLite"}).json()
    assert (body["answer"], body["answered_by"]) == ("in SQLite", "teammate")
    assert outsider.get("/questions?answered=false").json()["items"] == []
    assert len(outsider.get(f"/questions?answered=true&goal={question.goal_id}").json()["items"]) == 1


def test_escalations_are_listed_and_resolved_once(escalation, teammate, outsider):
    assert [row["kind"] for row in outsider.get("/escalations?status=open").json()["items"]] == ["no_agent"]
    path = f"/escalations/{escalation.pk}/resolve"
    body = teammate.post(path, {"resolution": "added one"}).json()
    assert (body["status"], body["resolved_by"]) == ("resolved", "teammate")
    is_problem(teammate.post(path, {"resolution": "again"}), 409)


def test_conditions_are_listed_and_closed_by_a_person(condition, owner, outsider, owner_person, by_token):
    (row,) = outsider.get("/conditions?status=open").json()["items"]
    assert (row["text"], row["due_phase"], row["owner"]) == ("Measure it.", 4, "owner")
    path, met = f"/conditions/{condition.pk}/close", {"status": "met", "words": "It takes 2 ms."}
    is_problem(by_token(owner_person, "read", "operate").post(path, met), 403, "token")
    body = owner.post(path, met).json()
    assert (body["status"], body["closed_by"], body["closing_words"]) == ("met", "owner", "It takes 2 ms.")
    is_problem(owner.post(path, met), 409)


ACTIONS = [
    ("questions", "answer", {"answer": "x"}),
    ("escalations", "resolve", {"resolution": "x"}),
    ("conditions", "close", {"status": "met", "words": "x"}),
]


@pytest.mark.parametrize(("things", "action", "body"), ACTIONS)
def test_who_can_t_and_what_is_missing(question, escalation, condition, owner, outsider, things, action, body):
    thing = {"questions": question, "escalations": escalation, "conditions": condition}[things]
    path = f"/{things}/{thing.pk}/{action}"
    is_problem(outsider.post(path, body), 403)
    is_problem(owner.post(path, {}), 422)
    is_problem(owner.get(path), 405)
    is_problem(owner.post(f"/{things}/{uuid.uuid4()}/{action}", body), 404)


@pytest.mark.parametrize("things", ["questions", "escalations", "conditions"])
def test_lists_are_for_people_who_are_known(owner, stranger, things):
    is_problem(stranger.get(f"/{things}"), 401)
    is_problem(owner.post(f"/{things}", {}), 405)
    is_problem(owner.get(f"/{things}?goal=7"), 422)


def test_the_inbox_has_everything_and_its_badge_is_the_same_look(question, escalation, teammate, outsider):
    body = teammate.get("/inbox").json()
    assert [item["kind"] for item in body["items"]] == ["escalation", "question"]
    assert all(item["mine"] and item["why_here"] for item in body["items"])
    needs_you = teammate.get("/inbox?tab=needs_you").json()
    assert len(needs_you["items"]) == needs_you["counts"]["needs_you"] == 2
    assert outsider.get("/inbox?tab=needs_you").json()["items"] == []
    assert len(outsider.get("/inbox?tab=waiting").json()["items"]) == 2


def test_what_was_decided_moves_to_its_tab(question, teammate):
    teammate.post(f"/questions/{question.pk}/answer", {"answer": "in SQLite"})
    assert [item["text"] for item in teammate.get("/inbox?tab=decided").json()["items"]] == ["in SQLite"]
    assert teammate.get("/inbox").json()["items"] == []


def test_the_inbox_is_paged(world, owner):
    for number in range(3):
        inbox.escalation_raise(goal=world.goal, kind="slo", key=f"k{number}", text=f"Slow {number}.")
    first = owner.get("/inbox?limit=2").json()
    rest = owner.get(f"/inbox?limit=2&cursor={first['next']}").json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    for cursor in ("x", "WyJ4Il0", "WyItMSJd", "WyIxIiwiMiJd"):
        is_problem(owner.get(f"/inbox?cursor={cursor}"), 422)
    is_problem(owner.get("/inbox?tab=mine"), 422)


def test_the_queries_of_lists_do_not_grow(world, owner, django_assert_max_num_queries):
    for number in range(12):
        inbox.question_ask(goal=world.goal, key=f"q{number}", text="Where?", default="here")
        inbox.escalation_raise(goal=world.goal, kind="slo", key=f"k{number}", text=f"Slow at {clock.now()}.")
    for path, most in (("/questions", 3), ("/escalations", 3), ("/conditions", 3), ("/inbox", 10)):
        with django_assert_max_num_queries(most):
            assert owner.get(path).status_code == 200
