"""The next plan is made with what was measured: by the whole way, from attempts in the database to the page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.planning.learning import lessons_learnt
from apps.tasks.models import Attempt, Task
from tests import factories
from tests.goals.conftest import lead
from tests.planning.test_goal_plan import planned, proposed

__all__ = ["lead"]
pytestmark = pytest.mark.django_db


def record(plan, *, times: float, number: int) -> None:
    """So many attempts of each capability of the plan, each ``times`` as long as the library says."""
    agent = factories.agent()
    done = factories.started_plan()
    clearance = done.goal.clearances.get(phase=1)
    tasks, attempts = [], []
    for one in {task.capability: task for task in plan.tasks.all()}.values():
        for count in range(number):
            begun = clock.now() - timedelta(hours=count + 1)
            task = Task(
                goal=done.goal, plan=done, key=f"{one.key}-{count}", phase=1, title=one.title,
                capability=one.capability, status="completed", started_at=begun, finished_at=begun,
            )  # fmt: skip
            ended = begun + timedelta(minutes=times * one.minutes)
            tasks.append(task)
            attempts.append(Attempt(
                task=task, goal=done.goal, phase=1, clearance=clearance, agent=agent, status="succeeded", number=1,
                revision=1, fence=1, lease_until=begun, dispatched_at=begun, started_at=begun, finished_at=ended,
            ))  # fmt: skip
    Task.objects.bulk_create(tasks)
    Attempt.objects.bulk_create(attempts)


def by_key(plan) -> dict[str, Task]:
    return {task.key: task for task in plan.tasks.all()}


def test_after_thirty_attempts_at_twice_the_estimate_the_next_plan_is_within_a_tenth(lead):
    first = proposed(goal=planned(lead))
    record(first, times=2, number=30)

    second = proposed(goal=planned(lead, title="Books again"))

    before, after = by_key(first), by_key(second)
    assert set(before) & set(after)
    for key in set(before) & set(after):
        assert after[key].minutes == pytest.approx(2 * before[key].minutes, rel=0.1)
        assert (after[key].estimate_source, after[key].estimate_samples) == ("measured", 30)
        assert after[key].effort == pytest.approx(after[key].minutes)
        assert "30 attempts" in after[key].reasons["estimate"]
    assert second.minutes == pytest.approx(2 * first.minutes, rel=0.1)

    page = Client()
    page.force_login(lead)
    task = next(iter(after.values()))
    assert b"30 attempts took" in page.get(f"/tasks/{task.pk}").content
    assert b"on up to 30 attempts each" in page.get(f"/goals/{second.goal_id}/plan").content
    assert b"30 attempts took" in page.get("/insight").content


def test_three_attempts_move_the_next_plan_a_little(lead):
    first = proposed(goal=planned(lead))
    record(first, times=2, number=3)

    second = proposed(goal=planned(lead, title="Books again"))

    assert first.minutes < second.minutes < 1.2 * first.minutes
    assert {(task.estimate_source, task.estimate_samples) for task in second.tasks.all()} == {("default", 3)}


def test_a_crew_of_seconds_makes_the_next_plan_one_of_seconds(lead):
    first = proposed(goal=planned(lead))
    record(first, times=0.01, number=30)

    second = proposed(goal=planned(lead, title="Books again"))

    assert second.minutes == pytest.approx(first.minutes / 100, rel=0.15)
    assert all(task.rice > 0 for task in second.tasks.all())


def test_lessons_take_two_queries_however_much_was_measured(lead):
    first = proposed(goal=planned(lead))
    record(first, times=2, number=5)

    with CaptureQueriesContext(connection) as queries:
        found = lessons_learnt()

    assert len(queries) == 2
    assert found[0].estimate.samples == 5
    assert found[0].median == pytest.approx(2)
