"""What is read for the estimates: attempts that ran to their end, newest first, in one statement."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.agents.models import Agent
from apps.core import clock
from apps.engine.estimates import NEWEST, Sample
from apps.insight.estimates import measured
from apps.tasks.models import Attempt, Plan, Task
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    return factories.started_plan()


@pytest.fixture
def agent() -> Agent:
    return factories.agent()


def tried(
    plan: Plan, agent: Agent, *, minutes: float = 4, ago: int = 0, status: str = "succeeded", **fields: Any
) -> Attempt:
    """A task that was begun so many hours ago, with one attempt of so many minutes."""
    begun = clock.now() - timedelta(hours=ago)
    values = {"status": "completed", "started_at": begun, "finished_at": begun, **fields}
    return attempt_of(factories.task(plan, **values), agent, minutes=minutes, status=status)


def attempt_of(task: Task, agent: Agent, *, minutes: float = 4, status: str = "succeeded", **fields: Any) -> Attempt:
    ended = task.started_at + timedelta(minutes=minutes) if task.started_at else None
    return factories.attempt(task, by=agent, status=status, started_at=task.started_at, finished_at=ended, **fields)


def test_nothing_is_measured_where_nothing_ran() -> None:
    assert measured() == {}


def test_minutes_of_execution_by_capability_newest_first(plan: Plan, agent: Agent) -> None:
    tried(plan, agent, minutes=4, ago=2, key="feature-a")
    tried(plan, agent, minutes=6, ago=1, key="feature-b")
    tried(plan, agent, minutes=0.05, key="style", capability="frontend.style")

    found = measured()

    assert found["backend.feature"].samples == (Sample("feature-b", 6), Sample("feature-a", 4))
    assert [sample.minutes for sample in found["frontend.style"].samples] == pytest.approx([0.05])


def test_only_the_newest_are_read(plan: Plan, agent: Agent) -> None:
    for hours in range(NEWEST + 2):
        tried(plan, agent, minutes=1 + hours, ago=hours)

    found = measured()["backend.feature"].samples

    assert [sample.minutes for sample in found] == pytest.approx([1 + hours for hours in range(NEWEST)])


@pytest.mark.parametrize("status", ["cancelled", "expired", "running"])
def test_what_did_not_run_to_its_end_is_no_sample(plan: Plan, agent: Agent, status: str) -> None:
    tried(plan, agent, status=status)

    assert measured() == {}


def test_failures_are_counted_and_not_timed(plan: Plan, agent: Agent) -> None:
    task = tried(plan, agent, minutes=9, status="failed").task
    attempt_of(task, agent, minutes=3)

    found = measured()["backend.feature"]

    assert (found.failed, [sample.minutes for sample in found.samples]) == (1, [3])


def test_a_superseded_attempt_is_no_sample_but_one_of_an_earlier_revision_is(plan: Plan, agent: Agent) -> None:
    task = tried(plan, agent, minutes=9, revision=2).task
    attempt_of(task, agent, minutes=5)
    Attempt.objects.filter(task=task, number=1).update(revision=2)
    earlier = tried(plan, agent, minutes=7, ago=1).task
    attempt_of(earlier, agent, minutes=8, revision=2)

    assert sorted(sample.minutes for sample in measured()["backend.feature"].samples) == [5, 7, 8]


def test_peoples_time_says_nothing_of_the_next_plan(plan: Plan) -> None:
    tried(plan, factories.agent(runtime="human"))

    assert measured() == {}


def test_reviews_and_tasks_with_nothing_to_do_teach_nothing(plan: Plan, agent: Agent) -> None:
    tried(plan, agent, kind="review")
    tried(plan, agent, minutes=0)

    assert measured() == {}


def test_the_number_of_statements_is_one_whatever_there_is(plan: Plan, agent: Agent) -> None:
    for number in range(12):
        tried(plan, agent, capability=f"some.{number % 4}", ago=number)

    with CaptureQueriesContext(connection) as queries:
        found = measured()

    assert (len(queries), sorted(found)) == (1, ["some.0", "some.1", "some.2", "some.3"])
