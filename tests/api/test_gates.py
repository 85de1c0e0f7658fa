"""GET /gates, /gates/{id}, /gates/{id}/evidence; POST /gates/{id}/votes."""

import uuid

import pytest
from django.test import Client

from apps.gates import services as gates
from apps.gates.models import Condition, Vote
from apps.gates.results import CheckResult
from tests.api.conftest import PASSWORD, Caller, is_problem


@pytest.fixture
def open_gate(world):
    """QG-PHASE1 of a running goal, open, every blocking check passed."""
    world.start()
    live = gates.round_begin(gate=world.gate)
    names = live.definition.blocking_checks
    gates.checks_store(round=live, checks=[CheckResult(name=one, result="passed", sentence="Yes.") for one in names])
    gates.evidence_freeze(round=live, evidence={"artifacts": {}}, tree="0" * 40)
    return world.gate


def vote(caller, gate, verdict="approve", **changes):
    digest = caller.get(f"/gates/{gate.pk}").json()["evidence_digest"]
    return caller.post(f"/gates/{gate.pk}/votes", {"verdict": verdict, "evidence_digest": digest, **changes})


def test_gates_of_a_goal_by_phase(world, outsider, django_assert_num_queries):
    with django_assert_num_queries(4):  # session, person, gates, definitions (there is no round yet)
        rows = outsider.get(f"/gates?goal={world.goal.pk}").json()["items"]
    assert [row["phase"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert rows[0]["title"]
    assert (rows[0]["round"], rows[0]["evidence_digest"], rows[0]["status"]) == (None, "", "pending")


def test_it_filters_by_status_and_pages(world, owner):
    assert owner.get("/gates?status=open").json()["items"] == []
    first = owner.get("/gates?limit=4").json()
    rest = owner.get(f"/gates?limit=4&cursor={first['next']}").json()
    assert [row["phase"] for row in first["items"] + rest["items"]] == [1, 2, 3, 4, 5, 6, 7]
    for query in ("status=closed_up", "goal=7"):
        is_problem(owner.get(f"/gates?{query}"), 422)


def test_an_open_gate_shows_what_is_decided_on(open_gate, outsider):
    body = outsider.get(f"/gates/{open_gate.pk}").json()
    assert (body["code"], body["status"], body["round"]) == ("QG-PHASE1", "open", 1)
    assert len(body["evidence_digest"]) == 64
    assert body["checks"]
    assert {check["result"] for check in body["checks"] if check["blocking"]} == {"passed"}
    evidence = outsider.get(f"/gates/{open_gate.pk}/evidence").json()
    assert evidence["evidence_digest"] == body["evidence_digest"]
    assert "artifacts" in evidence["evidence"]


def test_evidence_before_it_is_frozen_is_409(world, owner):
    is_problem(owner.get(f"/gates/{world.gate.pk}/evidence"), 409, "not frozen")


def test_a_vote_from_a_session_counts(open_gate, owner):
    response = vote(owner, open_gate, comment="good")
    assert response.status_code == 201
    body = response.json()
    assert body["status"] == "deciding"
    assert [(row["person"], row["verdict"], row["comment"]) for row in body["votes"]] == [("owner", "approve", "good")]


def test_it_can_be_withdrawn(open_gate, owner):
    vote(owner, open_gate)
    assert vote(owner, open_gate, "withdraw").json()["status"] == "open"


def test_request_changes_and_reject(open_gate, owner):
    items = [{"text": "Say who the librarian is.", "anchor": "requirement:1"}]
    assert vote(owner, open_gate, "request_changes", items=items).status_code == 201
    assert Vote.objects.get().items[0]["text"] == items[0]["text"]
    body = vote(owner, open_gate, "reject", comment="no", reason_code="wrong_goal", to_phase=1)
    assert body.status_code == 201
    is_problem(vote(owner, open_gate, "reject"), 422)


def test_conditions_go_with_the_approval(open_gate, owner):
    conditions = [{"text": "Measure it.", "due_phase": 4}]
    assert vote(owner, open_gate, "approve_with_conditions", conditions=conditions).status_code == 201
    assert Vote.objects.get().items[0]["due_phase"] == 4
    is_problem(vote(owner, open_gate, "approve_with_conditions"), 422)


def test_no_token_votes_whatever_its_scopes(open_gate, owner_person, by_token):
    caller = by_token(owner_person, "read", "submit", "operate", "registry")
    is_problem(vote(caller, open_gate), 403, "token")
    assert not Vote.objects.exists()


def test_a_vote_needs_the_csrf_token(open_gate, owner_person):
    client = Client(enforce_csrf_checks=True)
    Caller(client, {}).post("/session", {"username": "owner", "password": PASSWORD})
    is_problem(vote(Caller(client, {}), open_gate), 403, "CSRF")


def test_who_can_t_vote(open_gate, teammate, outsider, stranger):
    is_problem(vote(outsider, open_gate), 403, "vote at a gate")
    is_problem(stranger.post(f"/gates/{open_gate.pk}/votes", {}), 401)
    assert vote(teammate, open_gate, group="quality").status_code in (403, 422)


def test_other_evidence_than_what_was_seen_is_409(open_gate, owner):
    body = {"verdict": "approve", "evidence_digest": "0" * 64}
    assert is_problem(owner.post(f"/gates/{open_gate.pk}/votes", body), 409)["code"] == "stale_evidence"


def test_a_repeat_with_the_same_key_is_one_vote(open_gate, owner):
    body = {"verdict": "approve", "evidence_digest": owner.get(f"/gates/{open_gate.pk}").json()["evidence_digest"]}
    for _ in range(2):
        assert owner.post(f"/gates/{open_gate.pk}/votes", body, **{"Idempotency-Key": "v"}).status_code == 201
    assert Vote.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"verdict": "maybe"}, {"evidence_digest": None}, {"to_phase": 9}, {"items": [{}]}, {"items": "x"}]
)
def test_what_can_t_be_used(open_gate, owner, changes):
    body = {"verdict": "approve", "evidence_digest": "0" * 64, **changes}
    is_problem(owner.post(f"/gates/{open_gate.pk}/votes", body), 422)


def test_a_gate_that_is_not_open_takes_no_vote(world, owner):
    is_problem(owner.post(f"/gates/{world.gate.pk}/votes", {"verdict": "approve", "evidence_digest": ""}), 409)


def test_missing_gates_and_wrong_methods(world, owner):
    missing = uuid.uuid4()
    for path in (f"/gates/{missing}", f"/gates/{missing}/evidence"):
        is_problem(owner.get(path), 404)
    is_problem(owner.post(f"/gates/{missing}/votes", {"verdict": "approve", "evidence_digest": ""}), 404)
    is_problem(owner.get(f"/gates/{world.gate.pk}/votes"), 405)


def test_a_get_decides_nothing(open_gate, owner):
    owner.get(f"/gates/{open_gate.pk}/votes?verdict=approve")
    assert not Vote.objects.exists()
    assert not Condition.objects.exists()
