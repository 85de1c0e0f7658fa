"""GET and POST /tokens, POST /tokens/{id}/revoke."""

import uuid

from apps.accounts.models import Token
from tests.api.conftest import Caller, is_problem

NEW = {"name": "script", "scopes": ["read"], "days": 7}


def test_the_secret_is_told_once_and_works(owner, stranger):
    made = owner.post("/tokens", NEW)
    assert made.status_code == 201
    secret = made.json()["secret"]
    caller = Caller(stranger.client, {"Authorization": f"Bearer {secret}"})
    assert caller.get("/me").json()["username"] == "owner"
    listed = owner.get("/tokens")
    assert [row["name"] for row in listed.json()["items"]] == ["script"]
    assert secret not in listed.content.decode()


def test_a_repeat_makes_no_second_token_and_is_not_told_the_secret(owner):
    first = owner.post("/tokens", NEW, **{"Idempotency-Key": "k1"}).json()
    again = owner.post("/tokens", NEW, **{"Idempotency-Key": "k1"})
    assert again.status_code == 201
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == {**first, "secret": ""}
    assert Token.objects.count() == 1


def test_a_revoked_token_is_refused_from_then_on(owner, stranger):
    made = owner.post("/tokens", NEW).json()
    caller = Caller(stranger.client, {"Authorization": f"Bearer {made['secret']}"})
    path = f"/tokens/{made['token']['id']}/revoke"
    assert owner.post(path).json()["revoked_at"]
    is_problem(caller.get("/me"), 401)
    assert owner.post(path).status_code == 200


def test_tokens_make_no_tokens(owner_person, by_token):
    caller = by_token(owner_person, "read", "submit", "operate", "registry")
    is_problem(caller.post("/tokens", NEW), 403, "token")


def test_somebody_else_s_token_stays(owner, teammate, admin):
    made = owner.post("/tokens", NEW).json()["token"]
    is_problem(teammate.post(f"/tokens/{made['id']}/revoke"), 403, "somebody else's")
    assert admin.post(f"/tokens/{made['id']}/revoke").status_code == 200


def test_words_for_what_can_t_be_used(owner):
    assert "scopes" in is_problem(owner.post("/tokens", {**NEW, "scopes": ["vote"]}), 422)["fields"]
    assert "days" in is_problem(owner.post("/tokens", {**NEW, "days": 0}), 422)["fields"]


def test_a_missing_token(owner):
    is_problem(owner.post(f"/tokens/{uuid.uuid4()}/revoke"), 404)
    is_problem(owner.post("/tokens/not-an-id/revoke"), 404)


def test_a_wrong_header_is_refused_even_with_a_session(owner):
    for header in ("Bearer ", "Bearer nonsense", "Basic b3duZXI6eA==", "cp_x"):
        is_problem(owner.request("GET", "/me", Authorization=header), 401)
