"""The best of a long queue: what the database puts first is what the formula puts first."""

import random
from datetime import timedelta

import pytest

from apps.core import clock
from apps.hub import ranking
from apps.tasks.models import Plan, Task
from tests import factories

pytestmark = pytest.mark.django_db


def queue(seed, goals=3, tasks=30):
    chance, now = random.Random(seed), clock.now()
    for number in range(goals):
        plan = factories.started_plan()
        Plan.objects.filter(pk=plan.pk).update(critical_minutes=chance.choice([0.0, 40.0]))
        rows = [
            Task(
                goal=plan.goal,
                plan=plan,
                key=f"{number}-{place}",
                title="a task",
                phase=1,
                capability="backend.feature",
                status="ready",
                bottom_level=chance.choice([0.0, 5.0, 10.0, 60.0]),
                rice=chance.choice([1.0, 2.0]),
                ready_at=chance.choice([None, now - timedelta(minutes=chance.choice([0, 7, 50, 200]))]),
            )
            for place in range(tasks)
        ]
        Task.objects.bulk_create(rows)
    return now


@pytest.mark.parametrize("seed", range(6))
def test_the_best_of_all_are_among_the_best_of_each_goal(seed):
    now, pool = queue(seed), factories.pool()
    everything = ranking.waiting(Task.objects.filter(status="ready"))
    few = ranking.waiting(ranking.best_of_each_goal(Task.objects.filter(status="ready"), most=7, pool=pool, now=now))
    assert len(few) == 21
    values = ranking.priorities(everything, pool=pool, now=now)
    best = sorted(values.values(), reverse=True)[:7]
    found = sorted((values[task.pk] for task in few), reverse=True)[:7]
    assert found == pytest.approx(best)


def test_a_short_queue_is_read_whole():
    now, pool = queue(1, goals=1, tasks=3), factories.pool()
    few = ranking.best_of_each_goal(Task.objects.filter(status="ready"), most=7, pool=pool, now=now)
    assert few.count() == 3
