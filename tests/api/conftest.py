"""Three fixed people and an admin, and clients that speak for them: by session or by token."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from apps.accounts import services as accounts
from apps.accounts.models import Person
from tests.api.world import World, world_made

PASSWORD = "a long sentence"
ROOT = "/api/v1"


@dataclass
class Caller:
    """A client of the API: paths below /api/v1, bodies as JSON, the CSRF token where there is a session."""

    client: Client
    headers: dict[str, str]

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(
            method, ROOT + path, data, content_type="application/json", headers={**self.headers, **headers}
        )

    def get(self, path: str) -> Any:
        return self.request("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.request("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None) -> Any:
        return self.request("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.request("DELETE", path)


@pytest.fixture
def by_session() -> Callable[[Person], Caller]:
    def sign_in(person: Person) -> Caller:
        client = Client(enforce_csrf_checks=True)
        client.force_login(person)
        csrf = client.get(f"{ROOT}/session").json()["csrf_token"]
        return Caller(client, {"X-CSRFToken": csrf})

    return sign_in


@pytest.fixture
def by_token() -> Callable[..., Caller]:
    def make(person: Person, *scopes: str) -> Caller:
        made = accounts.token_create(person=person, name="script", scopes=scopes)
        return Caller(Client(enforce_csrf_checks=True), {"Authorization": f"Bearer {made.secret}"})

    return make


def _person(username: str, role: str, *groups: str) -> Person:
    accounts.groups_seed()
    return accounts.person_create(username=username, password=PASSWORD, role=role, groups=groups)


@pytest.fixture
def owner_person(db: None) -> Person:
    return _person("owner", "lead", "owners", "architects")


@pytest.fixture
def owner(owner_person: Person, by_session: Callable[[Person], Caller]) -> Caller:
    """Leads the goal's group."""
    return by_session(owner_person)


@pytest.fixture
def teammate(db: None, by_session: Callable[[Person], Caller]) -> Caller:
    """An operator: submits, pauses, helps tasks along and votes; starts nothing."""
    return by_session(_person("teammate", "operator", "engineering"))


@pytest.fixture
def outsider(db: None, by_session: Callable[[Person], Caller]) -> Caller:
    """A viewer, in no group: may look."""
    return by_session(_person("outsider", "viewer"))


@pytest.fixture
def admin(db: None, by_session: Callable[[Person], Caller]) -> Caller:
    return by_session(_person("chief", "admin", "owners"))


@pytest.fixture
def stranger(db: None) -> Caller:
    """Nobody that is known here."""
    return Caller(Client(enforce_csrf_checks=True), {})


@pytest.fixture
def world(owner_person: Person) -> World:
    """A goal with a proposed plan, an agent and a pool."""
    return world_made(owner_person)


def is_problem(response: Any, status: int, word: str = "") -> dict[str, Any]:
    """Assert a problem document of this status whose words contain ``word``; returns it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    assert body["status"] == status
    assert word in body["detail"], body["detail"]
    return body
