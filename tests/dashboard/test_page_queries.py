"""What the main pages ask of the database when a goal has 1,000 tasks: as much as with seven, and never much."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Person
from tests import factories
from tests.api.world import World, world_made
from tests.dashboard.goals.test_costs import large

# Addresses by name, and the most queries each may take. The header's three (session, person, inbox) are among them.
PAGES: dict[str, tuple[str, int]] = {
    "home": ("/", 26),
    "goals": ("/goals", 18),
    "goal": ("/goals/{goal}", 31),
    "graph": ("/goals/{goal}/graph", 27),
    "timeline": ("/goals/{goal}/timeline", 26),
    "plan": ("/goals/{goal}/plan", 27),
    "task": ("/tasks/{task}", 26),
    "gate": ("/gates/{gate}", 39),
    "gate's cost": ("/gates/{gate}?tab=cost", 36),
    "gate's packets": ("/gates/{gate}?tab=packets", 34),
    "gate's trace": ("/gates/{gate}?tab=trace", 36),
    "inbox": ("/inbox", 15),
    "agents": ("/agents", 18),
    "pool": ("/pool", 26),
    "learnt": ("/insight", 13),
    "templates": ("/templates", 13),
}


@pytest.fixture
def owner(db: None) -> Person:
    return factories.person("owner", groups=("owners", "architects"))


@pytest.fixture
def world(owner: Person) -> World:
    return world_made(owner)


@pytest.fixture
def queries(owner: Person) -> Callable[[World, str], list[str]]:
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")

    def asked(world: World, page: str) -> list[str]:
        path = page.format(goal=world.goal.pk, task=world.task.pk, gate=world.gate.pk)
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return [query["sql"] for query in captured.captured_queries]

    return asked


@pytest.mark.parametrize("name", PAGES)
def test_a_thousand_tasks_ask_for_no_more_queries(world: World, queries: Callable[..., list[str]], name: str) -> None:
    path, most = PAGES[name]
    few = queries(world.start(), path)
    many = queries(large(world_made_again(world)), path)
    assert len(many) <= len(few) + 1, "\n".join(sorted(set(many) - set(few)))
    assert len(many) <= most, "\n".join(many)


def world_made_again(world: World) -> World:
    """A second goal of the same person, to be made large."""
    return world_made(world.goal.owner)
