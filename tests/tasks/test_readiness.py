"""A task becomes ready when its last producer is done and its phase is cleared: once, whoever finishes when."""

import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.actors import HUB
from apps.core.models import Event
from apps.core.transitions import move, move_many
from apps.gates.models import Revocation
from apps.tasks.models import Plan, Task
from apps.tasks.services.readiness import successors_free, tasks_make_ready, unmet_recount
from tests import factories
from tests.concurrency import Holding, InThread, together


def finish(*tasks: Task) -> list[uuid.UUID]:
    """What the hub does when these tasks are merged, in one transaction."""
    with transaction.atomic():
        done = move_many(Task.objects.filter(pk__in=[task.pk for task in tasks]), "completed")
        return successors_free(producers=done)


def fresh(task: Task) -> tuple[str, int]:
    return Task.objects.values_list("status", "unmet").get(pk=task.pk)


def diamond(plan: Plan) -> dict[str, Task]:
    """top → left, right → bottom; all but the bottom are merging."""
    made = {
        "top": factories.task(plan, "top", status="merging"),
        "left": factories.task(plan, "left", unmet=1),
        "right": factories.task(plan, "right", unmet=1),
        "bottom": factories.task(plan, "bottom", unmet=2),
    }
    for producer, consumer in (("top", "left"), ("top", "right"), ("left", "bottom"), ("right", "bottom")):
        factories.edge(made[producer], made[consumer])
    return made


def test_in_a_diamond_the_last_producer_frees_the_consumer(plan: Plan) -> None:
    made = diamond(plan)
    assert set(finish(made["top"])) == {made["left"].pk, made["right"].pk}
    assert fresh(made["bottom"]) == ("blocked", 2)
    for name in ("left", "right"):
        for status in ("dispatched", "running", "merging"):
            move(Task.objects.get(pk=made[name].pk), status)
    assert finish(made["left"]) == []
    assert fresh(made["bottom"]) == ("blocked", 1)
    assert finish(made["right"]) == [made["bottom"].pk]
    assert fresh(made["bottom"]) == ("ready", 0)


def test_two_producers_that_finish_in_one_set_free_their_consumer(plan: Plan) -> None:
    producers = [factories.task(plan, status="merging") for _ in range(2)]
    consumer = factories.task(plan, unmet=2)
    for producer in producers:
        factories.edge(producer, consumer)
    assert finish(*producers) == [consumer.pk]


def test_each_artifact_between_two_tasks_is_an_edge_that_is_taken_off(plan: Plan) -> None:
    producer, consumer = factories.task(plan, status="merging"), factories.task(plan, unmet=2)
    factories.edge(producer, consumer, "a.txt")
    factories.edge(producer, consumer, "b.txt")
    assert finish(producer) == [consumer.pk]
    assert fresh(consumer) == ("ready", 0)


def test_what_became_ready_says_since_when_and_what_it_waits_for(plan: Plan) -> None:
    producer, consumer = factories.task(plan, status="merging"), factories.task(plan, unmet=1)
    factories.edge(producer, consumer)
    finish(producer)
    consumer.refresh_from_db()
    assert (consumer.wait_reason, consumer.wait_detail) == ("slot", "")
    assert consumer.ready_at is not None


def test_without_its_clearance_a_free_task_stays_blocked(plan: Plan) -> None:
    producer = factories.task(plan, status="merging")
    consumer = factories.task(plan, unmet=1, phase=2)
    factories.edge(producer, consumer)
    assert finish(producer) == []
    assert fresh(consumer) == ("blocked", 0)


def test_a_clearance_that_was_revoked_clears_nothing(plan: Plan) -> None:
    task = factories.task(plan)
    clearance = plan.goal.clearances.get()
    Revocation.objects.create(clearance=clearance, by=HUB.as_dict(), why="Rejected.", at=clock.now())
    assert tasks_make_ready(tasks=Task.objects.filter(plan=plan)) == []
    assert fresh(task) == ("blocked", 0)


def test_another_goals_clearance_clears_nothing(plan: Plan) -> None:
    stranger = factories.task(factories.plan(factories.goal(status="running")))
    assert tasks_make_ready(tasks=Task.objects.filter(pk=stranger.pk)) == []


@pytest.mark.parametrize("status", ["ready", "running", "completed", "escalated", "cancelled", "reopened", "conflict"])
def test_only_what_is_blocked_is_made_ready(plan: Plan, status: str) -> None:
    task = factories.task(plan, status=status)
    assert tasks_make_ready(tasks=Task.objects.filter(plan=plan)) == []
    assert fresh(task)[0] == status


def test_a_set_costs_the_same_number_of_statements_whatever_its_size(plan: Plan) -> None:
    counts = []
    for size in (1, 60):
        producers = [factories.task(plan, status="merging") for _ in range(size)]
        for producer in producers:
            factories.edge(producer, factories.task(plan, unmet=1))
        with CaptureQueriesContext(connection) as captured:
            assert len(finish(*producers)) == size
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_recounting_repairs_a_count_that_is_wrong(plan: Plan) -> None:
    statuses = ("completed", "skipped", "cancelled", "running", "blocked")
    consumer = factories.task(plan, unmet=9)
    for status in statuses:
        factories.edge(factories.task(plan, status=status), consumer)
    unmet_recount(tasks=[consumer.pk])
    assert fresh(consumer) == ("blocked", 2)


@pytest.mark.django_db(transaction=True)
def test_of_two_producers_that_finish_at_once_the_later_frees_the_consumer() -> None:
    plan = factories.started_plan()
    left, right = (factories.task(plan, status="merging") for _ in range(2))
    consumer = factories.task(plan, unmet=2)
    for producer in (left, right):
        factories.edge(producer, consumer)
    with Holding(lambda: finish(left)) as first:
        second = InThread(lambda: finish(right))
        second.until_it_waits()
        assert fresh(consumer) == ("blocked", 2)
        assert first.commit() == []
        assert second.result() == [consumer.pk]
    assert fresh(consumer) == ("ready", 0)
    assert Event.objects.filter(type="task.ready", subject=f"task:{consumer.pk}").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_that_finish_at_once_free_each_consumer_once() -> None:
    plan = factories.started_plan()
    producers = [factories.task(plan, status="merging") for _ in range(12)]
    consumers = [factories.task(plan, unmet=12) for _ in range(3)]
    for producer in producers:
        for consumer in consumers:
            factories.edge(producer, consumer)

    def finish_each(mine: list[Task]) -> list[uuid.UUID]:
        return [pk for task in mine for pk in finish(task)]

    freed = together(*(lambda mine=producers[n::3]: finish_each(mine) for n in range(3)))
    assert sorted(pk for some in freed for pk in some) == sorted(consumer.pk for consumer in consumers)
    assert {fresh(consumer) for consumer in consumers} == {("ready", 0)}
    assert Event.objects.filter(type="task.ready").count() == 3


@pytest.mark.django_db(transaction=True)
def test_recounting_waits_for_who_is_just_freeing() -> None:
    plan = factories.started_plan()
    producer, consumer = factories.task(plan, status="merging"), factories.task(plan, unmet=1)
    factories.edge(producer, consumer)
    with Holding(lambda: finish(producer)) as first:
        second = InThread(lambda: unmet_recount(tasks=[consumer.pk]))
        second.until_it_waits()
        first.commit()
        second.result()
    assert fresh(consumer) == ("ready", 0)
