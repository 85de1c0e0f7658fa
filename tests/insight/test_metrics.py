"""Parallelization, overhead and people's time, from events and attempts of a real goal."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.core import clock, transitions
from apps.gates import services as gates
from apps.inbox import services as inbox
from apps.inbox.models import Escalation
from apps.insight import selectors, services
from apps.insight.models import SloSample
from apps.tasks.models import Attempt, Pool, Slot
from tests.api.conftest import owner_person
from tests.api.world import world_made

__all__ = ["owner_person"]
pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 12, tzinfo=UTC)


def at(seconds):
    return clock.at(START + timedelta(seconds=seconds))


@pytest.fixture
def world(owner_person):
    """Two tasks of phase 1 are startable from second 0."""
    with at(0):
        made = world_made(owner_person)
        made.plan.tasks.filter(key="p2-0").update(phase=1, unmet=0)
        return made.start()


def run(world, key, slot, begin, end=None, cost="0"):
    """One attempt of the task in this slot, from second ``begin`` to ``end``."""
    task = world.plan.tasks.get(key=key)
    with at(begin):
        attempt = Attempt.objects.create(
            task=task,
            goal=world.goal,
            phase=1,
            clearance=world.goal.clearances.get(phase=1),
            agent=world.agent,
            slot=Slot.objects.get(number=slot),
            status="dispatched",
            number=1,
            revision=1,
            fence=1,
            lease_until=clock.now(),
            dispatched_at=clock.now(),
            cost=Decimal(cost),
        )
        transitions.move(task, "dispatched")
        transitions.move(task, "running", started_at=clock.now())
        transitions.move(attempt, "running", started_at=clock.now())
    if end is not None:
        with at(end):
            transitions.move(attempt, "succeeded", finished_at=clock.now())
            transitions.move(task, "merging")
            transitions.move(task, "completed", finished_at=clock.now())
    return attempt


def measured(world, seconds):
    world.goal.refresh_from_db()
    with at(seconds):
        return selectors.goal_metrics(world.goal)


def test_two_at_once_from_the_start_is_perfect(world):
    run(world, "p1-0", 1, 0, 100, cost="1.25")
    run(world, "p2-0", 2, 0, 100, cost="0.50")
    found = measured(world, 200)
    assert found["parallelization"]["value"] == 1.0
    assert found["overhead"]["value"] == 0.0
    assert (found["execution_seconds"], found["duration_seconds"]) == (200.0, 200.0)
    assert found["cost"] == Decimal("1.75")
    assert found["attempts"] == {"succeeded": 2}


def test_one_after_the_other_although_slots_were_free_is_half(world):
    run(world, "p1-0", 1, 0, 100)
    run(world, "p2-0", 2, 100, 200)
    found = measured(world, 200)
    assert found["parallelization"]["value"] == pytest.approx(200 / 300)
    assert found["overhead"]["value"] == pytest.approx(100 / 300)
    assert found["waiting_seconds"] == 100.0


def test_one_slot_is_no_fault_of_the_hub(world):
    world.goal.slots = 1
    world.goal.save()
    run(world, "p1-0", 1, 0, 100)
    run(world, "p2-0", 1, 100, 200)
    assert measured(world, 200)["parallelization"]["value"] == 1.0


def test_a_pause_counts_for_nobody(world):
    run(world, "p1-0", 1, 0, 100)
    world.goal.refresh_from_db()
    with at(0):
        transitions.move(world.goal, "paused")
    with at(100):
        transitions.move(world.goal, "running")
    run(world, "p2-0", 2, 100, 200)
    assert measured(world, 200)["parallelization"]["value"] == 1.0


def test_slots_that_others_hold_are_not_free(world, owner_person):
    with at(0):
        other = world_made(owner_person)
        other.plan.tasks.filter(phase__lte=4).update(phase=1, unmet=0)
        other.start()
        world.pool.slots = 5
        world.pool.save()
    for number in range(1, 5):
        run(other, f"p{number}-0", number + 1, 0, 100)
    run(world, "p1-0", 1, 0, 100)
    run(world, "p2-0", 2, 100, 200)
    assert measured(world, 200)["parallelization"]["value"] == 1.0


def test_people_who_think_are_shown_apart(world):
    with at(0):
        live = gates.round_begin(gate=world.gate)
        gates.evidence_freeze(round=live, evidence={}, tree="0" * 40)
    with at(40):
        raised = inbox.escalation_raise(goal=world.goal, kind="no_agent", key="k", text="Nobody can.")
    with at(90):
        gates.round_supersede(round=live, why="changed")
    live.refresh_from_db()
    assert measured(world, 100)["human_wait_seconds"] == 100.0
    with at(95):
        inbox.escalation_resolve(escalation=raised, person=world.goal.owner, resolution="done")
    expected = 95.0 if live.decided_at else 100.0
    assert measured(world, 100)["human_wait_seconds"] == expected


def test_under_a_minute_there_is_not_enough_data(world):
    run(world, "p1-0", 1, 0, 59)
    found = measured(world, 60)
    assert found["parallelization"]["value"] is None
    assert "59 s" in found["parallelization"]["words"]


def test_before_the_start_there_is_nothing(owner_person):
    found = selectors.goal_metrics(world_made(owner_person).goal)
    assert (found["duration_seconds"], found["execution_seconds"]) == (None, 0.0)


def test_it_takes_a_fixed_number_of_queries(world, django_assert_num_queries):
    run(world, "p1-0", 1, 0, 100)
    with django_assert_num_queries(8):
        selectors.goal_metrics(world.goal)
    run(world, "p2-0", 2, 0, 100)
    with django_assert_num_queries(8):
        selectors.goal_metrics(world.goal)


def test_the_third_breach_in_a_row_escalates_once(world):
    run(world, "p1-0", 1, 0)
    for number, second in enumerate((120, 180, 240, 300), start=1):
        with at(second):
            samples = services.slo_check()
        assert all(sample.breached for sample in samples)
        assert Escalation.objects.filter(kind="slo").count() == (2 if number >= 3 else 0)
    assert {row.key for row in Escalation.objects.all()} == {"slo:pool", f"slo:{world.goal.pk}"}
    assert len(selectors.slo_history(goal=world.goal)) == 4
    assert selectors.slo_history(goal=None)[0].parallelization == pytest.approx(0.5)


def test_a_good_sample_between_breaks_the_row(world):
    run(world, "p1-0", 1, 0)
    for second in (120, 180):
        with at(second):
            services.slo_check()
    with at(200):
        SloSample.objects.create(goal=world.goal, at=clock.now(), breached=False)
        SloSample.objects.create(goal=None, at=clock.now(), breached=False)
    with at(240):
        services.slo_check()
    assert not Escalation.objects.exists()


def test_not_enough_data_is_no_breach(world):
    run(world, "p1-0", 1, 0)
    with at(30):
        samples = services.slo_check()
    assert [(sample.parallelization, sample.breached) for sample in samples] == [(None, False)] * 2


def test_a_check_without_a_pool_does_nothing():
    Pool.objects.all().delete()
    assert services.slo_check() == []
