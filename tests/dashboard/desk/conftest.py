"""The people and gates of ``tests.gates``, and clients that are signed in as them."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Person
from tests.gates.conftest import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def browser() -> Callable[..., Client]:
    """A browser in which this person is signed in; ``csrf`` makes it check the token as a real one would."""

    def signed_in(person: Person, *, csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=csrf)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
