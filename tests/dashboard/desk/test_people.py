"""One's own page, tokens that are shown once, people for admins, solo mode, signing in and out."""

import re

import pytest
from django.test import Client

from apps.accounts.models import Person, Token
from apps.accounts.selectors import token_find
from apps.accounts.services import token_create
from apps.gates.rules import solo_mode
from tests.gates.conftest import solo

PASSWORD = "open sesame 7"
NEW = {"username": "ada", "password": "a long sentence", "email": "", "role": "lead", "groups": ["design", "quality"]}


def text_of(answer):
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def test_signing_in_leads_to_the_page_that_was_asked_for(world):
    world.owner.set_password(PASSWORD)
    world.owner.save()
    client = Client()
    sent = {"username": "owner", "password": PASSWORD, "next": "/inbox"}
    answer = client.post("/sign-in", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/inbox")
    assert "signed_in_at" in client.session


def test_signing_out_is_a_post(world, browser):
    client = browser(world.owner)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/me").status_code == 200
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/me").status_code == 302


def test_time_zone_and_keys(world, browser):
    client = browser(world.viewer)
    answer = client.post("/me/preferences", {"time_zone": "Europe/Paris"})
    assert answer.status_code == 302
    person = Person.objects.get(username="viewer")
    assert (person.time_zone, person.keys_enabled) == ("Europe/Paris", False)
    assert 'data-keyboard="off"' in text_of(client.get("/me"))
    wrong = client.post("/me/preferences", {"time_zone": "Mars/Olympus"})
    assert wrong.status_code == 422


def test_a_token_is_shown_once(world, browser):
    client = browser(world.owner)
    sent = {"name": "script", "scopes": ["read"], "days": "30"}
    text = text_of(client.post("/me/tokens", sent))
    secret = re.findall(r"cp_[\w-]{20,}", text)[0]
    assert token_find(secret) == Token.objects.get(person=world.owner)
    assert secret not in text_of(client.get("/me"))
    assert "script" in text_of(client.get("/me"))


@pytest.mark.parametrize(
    "changed", [{"name": " "}, {"scopes": []}, {"scopes": ["vote"]}, {"days": "0"}, {"days": "999"}]
)
def test_a_token_that_does_not_fit_is_not_made(world, browser, changed):
    sent = {"name": "script", "scopes": ["read"], "days": "30"} | changed
    assert browser(world.owner).post("/me/tokens", sent).status_code == 422
    assert not Token.objects.exists()


def test_a_token_is_revoked_by_its_person_alone(world, browser):
    made = token_create(person=world.owner, name="script", scopes=["read"])
    path = f"/me/tokens/{made.token.pk}/revoke"
    browser(world.teammate).post(path)
    assert token_find(made.secret)
    browser(world.owner).post(path)
    assert token_find(made.secret) is None


def test_the_password_is_changed_and_the_session_stays(world, browser):
    world.owner.set_password(PASSWORD)
    world.owner.save()
    client = browser(world.owner)
    sent = {"old_password": PASSWORD, "new_password1": "another sentence", "new_password2": "another sentence"}
    assert client.post("/me/password", {**sent, "old_password": "no"}).status_code == 422
    assert client.post("/me/password", sent).status_code == 302
    assert client.get("/me").status_code == 200
    assert Person.objects.get(username="owner").check_password("another sentence")


def test_an_admin_adds_a_person(world, browser):
    answer = browser(world.admin).post("/people/new", NEW)
    assert answer.status_code == 302
    made = Person.objects.get(username="ada")
    assert (made.role, made.check_password("a long sentence")) == ("lead", True)
    assert {group.slug for group in made.seat_groups.all()} == {"design", "quality"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"username": "owner"}, "There is somebody with this name already."),
        ({"username": "a b"}, "Use letters, digits"),
        ({"password": "short"}, "too short"),
        ({"role": "king"}, "Select a valid choice"),
        ({"groups": ["kings"]}, "Select a valid choice"),
    ],
)
def test_what_does_not_fit_is_told_beside_the_field(world, browser, changed, words):
    answer = browser(world.admin).post("/people/new", {**NEW, **changed})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert "a long sentence" not in text, "a password is never written back"


def test_an_admin_changes_role_and_groups(world, browser):
    path = f"/people/{world.outsider.pk}"
    browser(world.admin).post(path, {"role": "operator", "groups": ["quality"], "active": "on"})
    changed = Person.objects.get(username="outsider")
    assert (changed.role, changed.is_active) == ("operator", True)
    assert [group.slug for group in changed.seat_groups.all()] == ["quality"]


def test_the_last_admin_stays(world, browser):
    answer = browser(world.admin).post(f"/people/{world.admin.pk}", {"role": "viewer", "active": "on"}, follow=True)
    assert Person.objects.get(username="admin").role == "admin"
    assert "This is the last admin" in answer.content.decode()


@pytest.mark.parametrize("who", ["viewer", "owner", "operator"])
def test_only_admins_see_and_change_people(world, browser, who):
    solo(True)
    client = browser(getattr(world, who))
    assert client.get("/people").status_code == 302
    client.post("/people/new", NEW)
    client.post(f"/people/{world.people[who].pk}", {"role": "admin", "active": "on"})
    client.post("/people/solo", {"on": "no"})
    assert not Person.objects.filter(username="ada").exists()
    assert Person.objects.get(username=who).role != "admin"
    assert solo_mode()


def test_solo_mode_is_switched_off_once_there_are_two(world, browser):
    solo(True)
    client = browser(world.admin)
    assert "Switch solo mode off" in text_of(client.get("/people"))
    client.post("/people/solo", {"on": "no"})
    assert not solo_mode()


def test_alone_it_stays_on_and_says_why(world, browser):
    solo(True)
    for person in Person.objects.exclude(username="admin"):
        person.seat_groups.clear()
    client = browser(world.admin)
    assert "Add a second person and put them into a group first." in text_of(client.get("/people"))
    client.post("/people/solo", {"on": "no"})
    assert solo_mode()


def test_without_the_csrf_token_nothing_is_changed(world, browser):
    client = browser(world.admin, csrf=True)
    assert client.post("/people/new", NEW).status_code == 403
    assert client.post("/me/tokens", {"name": "x", "scopes": ["read"], "days": "1"}).status_code == 403


def test_names_can_not_act(world, browser):
    token_create(person=world.admin, name="<script>alert(1)</script>", scopes=["read"])
    world.admin.first_name = "<script>alert(2)</script>"
    world.admin.save()
    client = browser(world.admin)
    for path in ("/me", "/people"):
        assert "<script>alert" not in text_of(client.get(path))
