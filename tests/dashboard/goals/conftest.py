"""Three fixed people with browsers of their own, and a goal with a proposed plan."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts import services as accounts
from apps.accounts.models import Person
from tests.api.world import World, world_made

HTMX = {"HX-Request": "true"}


def person(username: str, role: str, *groups: str, **fields: Any) -> Person:
    accounts.groups_seed()
    made = accounts.person_create(username=username, password="a long sentence", role=role, groups=groups)
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    return made


@pytest.fixture
def owner_person(db: None) -> Person:
    return person("owner", "lead", "owners", "architects")


@pytest.fixture
def browser_of() -> Callable[[Person], Client]:
    def sign_in(who: Person) -> Client:
        client = Client()
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def owner(owner_person: Person, browser_of: Any) -> Client:
    """Leads the goal's group."""
    client: Client = browser_of(owner_person)
    return client


@pytest.fixture
def operator(db: None, browser_of: Any) -> Client:
    """Submits, pauses and helps tasks along; starts nothing."""
    client: Client = browser_of(person("teammate", "operator", "engineering"))
    return client


@pytest.fixture
def viewer(db: None, browser_of: Any) -> Client:
    """May look."""
    client: Client = browser_of(person("outsider", "viewer"))
    return client


@pytest.fixture
def world(owner_person: Person) -> World:
    """A goal with a proposed plan of seven tasks, three approaches, an agent and a pool."""
    return world_made(owner_person)
