"""POST, GET and DELETE /session; GET /me."""

import pytest
from django.test import Client

from tests.api.conftest import PASSWORD, ROOT, Caller, is_problem


def sign_in(client, username="owner", password=PASSWORD):
    return Caller(client, {}).post("/session", {"username": username, "password": password})


def test_it_sets_the_cookie_and_gives_the_csrf_token(owner_person):
    client = Client(enforce_csrf_checks=True)
    response = sign_in(client)
    assert response.status_code == 200
    body = response.json()
    assert body["person"]["username"] == "owner"
    assert body["person"]["groups"] == ["architects", "owners"]
    assert body["person"]["may"]["goal.start"] is True
    assert body["signed_in_at"]
    assert "commandpost_session" in response.cookies
    caller = Caller(client, {"X-CSRFToken": body["csrf_token"]})
    assert caller.get("/me").json()["username"] == "owner"
    assert caller.delete("/session").status_code == 204
    is_problem(caller.get("/me"), 401)


def test_without_the_csrf_token_nothing_is_changed(owner_person):
    client = Client(enforce_csrf_checks=True)
    sign_in(client)
    is_problem(Caller(client, {}).delete("/session"), 403, "X-CSRFToken")
    assert Caller(client, {}).get("/me").status_code == 200


@pytest.mark.parametrize(("username", "password"), [("owner", "wrong"), ("nobody", PASSWORD)])
def test_it_does_not_tell_which_was_wrong(owner_person, username, password):
    body = is_problem(sign_in(Client(), username, password), 401, "name or the password is wrong")
    assert body["code"] == "wrong_password"


def test_an_account_that_is_switched_off_can_t_sign_in(owner_person):
    owner_person.is_active = False
    owner_person.save()
    is_problem(sign_in(Client()), 401)


def test_after_ten_wrong_passwords_it_waits(owner_person, settings):
    settings.AXES_ENABLED = True
    codes = [sign_in(Client(), password="wrong").status_code for _ in range(11)]
    assert codes[0] == 401
    assert codes[-1] == 429
    is_problem(sign_in(Client()), 429, "Wait")


@pytest.mark.parametrize("body", [{}, {"username": "owner"}, {"username": 1, "password": []}])
def test_what_is_missing_has_its_words(db, body, stranger):
    fields = is_problem(stranger.post("/session", body), 422)["fields"]
    assert "password" in fields


def test_a_form_from_another_site_is_no_sign_in(owner_person):
    response = Client().post(f"{ROOT}/session", {"username": "owner", "password": PASSWORD})
    is_problem(response, 415, "application/json")
    response = Client().post(
        f"{ROOT}/session", b'{"username": "owner", "password": "a long sentence"}', content_type="text/plain"
    )
    is_problem(response, 415)


def test_a_wrong_method_says_which_are_right(stranger):
    response = stranger.request("PUT", "/session", {})
    is_problem(response, 405, "POST")
    assert "POST" in response["Allow"]


def test_strangers_are_asked_who_they_are(stranger):
    response = stranger.get("/me")
    is_problem(response, 401, "Sign in")
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_token_says_what_it_may(owner_person, by_token):
    body = by_token(owner_person, "read", "operate").get("/me").json()
    assert body["may"]["goal.pause"] is True
    assert body["may"]["goal.start"] is body["may"]["gate.vote"] is False
