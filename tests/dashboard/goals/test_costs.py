"""What pages cost: the number of queries does not follow the number of tasks, and 1,000 tasks are shown quickly."""

import statistics
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Person
from apps.planning.storing import plan_store
from apps.tasks.services.readiness import tasks_make_ready
from tests import factories
from tests.api.world import World
from tests.dashboard.goals.conftest import HTMX
from tests.planning.blueprints import blueprint

PATHS: dict[str, str] = {
    "overview": "/goals/{goal}",
    "phase": "/goals/{goal}?phase=4",
    "graph": "/goals/{goal}/graph",
    "timeline": "/goals/{goal}/timeline",
    "events": "/goals/{goal}/events",
    "artifacts": "/goals/{goal}/artifacts",
    "brief": "/goals/{goal}/brief",
    "plan": "/goals/{goal}/plan",
    "rice": "/goals/{goal}/fragment/plan-rice",
    "task": "/tasks/{task}",
    "home": "/",
    "goals": "/goals",
}
LARGE = 143
# Generous for a shared machine; the aim is 100 ms for a fragment and is met on an idle one.
SECONDS = 0.4


def large(world: World, width: int = LARGE) -> World:
    """Seven phases with ``width`` tasks each, instead of one."""
    world.approaches[1].blueprint = blueprint(width=width)
    world.approaches[1].save()
    world.plan = plan_store(goal=world.goal, approach=world.approaches[1])
    world.start()
    tasks_make_ready(tasks=world.plan.tasks.all())
    return world


def grown(world: World) -> None:
    """A dozen more tasks in each phase of the plan that runs, each needing what the first of its phase makes."""
    for phase in range(1, 8):
        first = world.plan.tasks.get(key=f"p{phase}-0")
        more = [factories.task(world.plan, phase=phase, status="blocked", unmet=1) for _ in range(12)]
        for one in more:
            factories.edge(first, one)


def address(world: World, name: str) -> str:
    return PATHS[name].format(goal=world.goal.pk, task=world.task.pk)


@pytest.fixture
def count(owner: Client) -> Callable[[str], int]:
    def queries(path: str) -> int:
        owner.get(path)  # the first one may warm caches
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert owner.get(path).status_code == 200
        return len(captured)

    return queries


@pytest.mark.parametrize("name", PATHS)
def test_the_number_of_queries_does_not_follow_the_number_of_tasks(
    world: World, count: Callable[[str], int], name: str
) -> None:
    world.start().attempt()
    few = count(address(world, name))
    grown(world)
    many = count(address(world, name))
    assert many == few
    assert many <= 45


@pytest.mark.parametrize("name", ["goal-tasks", "goal-graph", "goal-timeline", "goal-rail", "goal-plan", "plan-rice"])
def test_a_thousand_tasks_are_shown_quickly(owner: Client, world: World, name: str) -> None:
    large(world)
    path = f"/goals/{world.goal.pk}/fragment/{name}"
    owner.get(path, headers=HTMX)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        assert owner.get(path, headers=HTMX).status_code == 200
        took.append(time.perf_counter() - began)
    print(name, [f"{1000 * one:.0f} ms" for one in took])
    assert statistics.median(took) < SECONDS


def test_a_long_phase_is_cut_and_says_so(owner: Client, world: World, owner_person: Person) -> None:
    large(world)
    text = owner.get(f"/goals/{world.goal.pk}").content.decode()
    assert "All 143 tasks of Backend" in text
    assert text.count('id="task-') == 7 * 10
    alone = owner.get(f"/goals/{world.goal.pk}?phase=4&page=2").content.decode()
    assert alone.count('id="task-') == 43
    assert "Page 2 of 2" in alone
