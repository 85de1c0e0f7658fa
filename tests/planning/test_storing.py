"""A plan is stored in bulk from its blueprint."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import clock, transitions
from apps.core.models import Event
from apps.planning.storing import plan_store
from apps.tasks.models import Approach, Exploration, Plan
from tests.goals.conftest import goal, lead
from tests.planning.blueprints import blueprint

__all__ = ["goal", "lead"]
pytestmark = pytest.mark.django_db


def approaches_of(goal, *blueprints):
    exploration = Exploration.objects.create(goal=goal, created_at=clock.now())
    return [
        Approach.objects.create(goal=goal, exploration=exploration, number=number, name=f"way {number}", blueprint=one)
        for number, one in enumerate(blueprints, start=1)
    ]


@pytest.fixture
def planned(goal):
    return transitions.move(goal, "planning")


def test_it_stores_tasks_and_edges_and_counts_what_is_unmet(planned):
    (approach,) = approaches_of(planned, blueprint(phases=3, width=2))
    plan = plan_store(goal=planned, approach=approach)
    assert (plan.status, plan.version, plan.slots) == ("proposed", 1, 10)
    tasks = {task.key: task for task in plan.tasks.all()}
    assert {task.status for task in tasks.values()} == {"blocked"}
    assert [tasks[key].unmet for key in ("p1-0", "p2-0", "p3-1")] == [0, 1, 1]
    assert {(edge.producer.key, edge.consumer.key) for edge in plan.edges.select_related("producer", "consumer")} == {
        ("p1-0", "p2-0"),
        ("p2-0", "p3-0"),
        ("p1-1", "p2-1"),
        ("p2-1", "p3-1"),
    }
    assert Approach.objects.get(chosen=True) == approach
    assert Event.objects.get(stream=planned.pk, type="plan.proposed").data["tasks"] == 6


def test_another_approach_discards_what_was_proposed(planned):
    first, second = approaches_of(planned, blueprint(phases=2), blueprint(phases=3))
    plan_store(goal=planned, approach=first)
    plan = plan_store(goal=planned, approach=second)
    assert [(row.version, row.status) for row in Plan.objects.order_by("version")] == [
        (1, "discarded"),
        (2, "proposed"),
    ]
    assert plan.tasks.count() == 3
    assert Approach.objects.get(chosen=True) == second


def test_the_number_of_statements_does_not_grow_with_the_tasks(planned):
    small, large = approaches_of(planned, blueprint(phases=2), blueprint(phases=7, width=100))
    counts = []
    for approach in (small, small, large):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            plan_store(goal=planned, approach=approach)
        counts.append(len(captured))
    assert counts[1] == counts[2]
