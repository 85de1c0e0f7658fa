"""Freeing tasks: when the last producer is done, and when the phase is cleared."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from apps.core import clock, transitions
from apps.core.contention import atomic_part
from apps.gates.models import Clearance
from apps.tasks.models import Task

UNFINISHED_PRODUCERS = """
UPDATE tasks_task AS consumer
SET unmet = (
    SELECT count(*) FROM tasks_edge JOIN tasks_task AS producer ON producer.id = tasks_edge.producer_id
    WHERE tasks_edge.consumer_id = consumer.id AND producer.status NOT IN ('completed', 'skipped', 'cancelled')
)
WHERE consumer.id = ANY(%s)
"""

# Consumers are locked in one order by all who free successors, so that two finishing sets never wait for each other.
ONE_EDGE_LESS = """
WITH freed AS (
    SELECT consumer_id, count(*)::int AS edges FROM tasks_edge WHERE producer_id = ANY(%s) GROUP BY consumer_id
), locked AS MATERIALIZED (
    SELECT id FROM tasks_task WHERE id IN (SELECT consumer_id FROM freed) ORDER BY id FOR NO KEY UPDATE
)
UPDATE tasks_task AS consumer
SET unmet = greatest(0, consumer.unmet::int - freed.edges)
FROM freed JOIN locked ON locked.id = freed.consumer_id
WHERE consumer.id = freed.consumer_id
RETURNING consumer.id, consumer.unmet
"""


def live_clearance(goal: OuterRef, phase: OuterRef) -> Exists:
    """Whether a clearance of this goal and phase holds."""
    return Exists(Clearance.objects.filter(goal=goal, phase=phase, revocation__isnull=True))


def cleared(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.filter(live_clearance(OuterRef("goal_id"), OuterRef("phase")))


@atomic_part
def successors_free(*, producers: Collection[uuid.UUID], streams: Collection[uuid.UUID] | None = None) -> list[Any]:
    """Take the finished producers' edges off their consumers; those with none left become ready.

    Call it in the transaction that finishes the producers, once for each finish: each edge is taken off once.
    ``unmet_recount`` repairs any drift. ``streams``: their goals, where the caller knows them.
    """
    if not producers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ONE_EDGE_LESS, [list(producers)])
        free = [pk for pk, unmet in cursor.fetchall() if unmet == 0]
    return tasks_make_ready(tasks=Task.objects.filter(pk__in=free), streams=streams) if free else []


@atomic_part
def tasks_make_ready(*, tasks: QuerySet[Task], streams: Collection[uuid.UUID] | None = None) -> list[Any]:
    """Those of ``tasks`` that are blocked, wait for nobody and are cleared become ready."""
    able = cleared(tasks.filter(status="blocked", unmet=0))
    return transitions.move_many(
        able, "ready", streams=streams, ready_at=clock.now(), wait_reason="slot", wait_detail=""
    )


@atomic_part
def unmet_recount(*, tasks: Collection[uuid.UUID]) -> None:
    """Count the unfinished producers of these tasks anew (after a rewind, a reopening or an activation)."""
    with connection.cursor() as cursor:
        # Locked before they are counted: a statement that waits for a row would count with what it saw before.
        cursor.execute("SELECT 1 FROM tasks_task WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [list(tasks)])
        cursor.execute(UNFINISHED_PRODUCERS, [list(tasks)])
