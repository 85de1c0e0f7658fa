"""Completing tasks: the one effect of a revision, the successors freed, the scorecards kept, in one transaction."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from apps.core import clock, transitions
from apps.core.contention import atomic_part
from apps.tasks.models import Attempt, Edge, Effect, Task
from apps.tasks.services.readiness import successors_free, tasks_make_ready, unmet_recount

SCORE = """
INSERT INTO agents_scorecard (agent_id, capability, tries, succeeded, seconds_total, cost_total)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (agent_id, capability) DO UPDATE SET
    tries = agents_scorecard.tries + EXCLUDED.tries,
    succeeded = agents_scorecard.succeeded + EXCLUDED.succeeded,
    seconds_total = agents_scorecard.seconds_total + EXCLUDED.seconds_total,
    cost_total = agents_scorecard.cost_total + EXCLUDED.cost_total
"""


def results_in_force() -> QuerySet[Attempt]:
    """Succeeded attempts whose task is merging their result.

    A task that was refused, in conflict or rewound comes to merging again with another attempt; the results from
    before stay succeeded, and must never be taken for the new one.
    """
    later = Attempt.objects.filter(task=OuterRef("task"), fence__gt=OuterRef("fence"))
    return Attempt.objects.filter(
        ~Exists(later),
        status="succeeded",
        effect__isnull=True,
        task__status="merging",
        revision=F("task__revision"),
    )


@atomic_part
def tasks_complete(*, attempts: Collection[uuid.UUID], commits: Mapping[uuid.UUID, str] | None = None) -> list[Any]:
    """Complete the merging tasks of these succeeded attempts and free their successors.

    The unique effect makes a repeat impossible: a task whose revision has its effect is not moved again. A result that
    is no longer in force completes nothing.
    """
    rows = list(results_in_force().filter(pk__in=attempts).select_related("task"))
    if not rows:
        return []
    moment = clock.now()
    done = transitions.move_many(
        Task.objects.filter(pk__in=[row.task_id for row in rows], status="merging"),
        "completed",
        finished_at=moment,
        failures=0,
        feedback=[],
    )
    _take_effect([row for row in rows if row.task_id in set(done)], commits or {})
    return done


@atomic_part
def attempts_pass(*, attempts: Collection[Attempt], worker: str) -> list[Any]:
    """Dispatched attempts (read with their tasks) that have nothing to do and leave nothing: begun and completed.

    The same moves, events and effects as of any other attempt, each in one statement for the whole set.
    """
    moment, streams = clock.now(), {row.goal_id for row in attempts}
    passed = transitions.move_through(
        Attempt.objects.filter(pk__in=[row.pk for row in attempts], status="dispatched"),
        ["running", "succeeded"],
        streams=streams,
        worker=worker,
        started_at=moment,
        finished_at=moment,
        progress=100,
    )
    kept = [row for row in attempts if row.pk in set(passed)]
    done = transitions.move_through(
        Task.objects.filter(pk__in=[row.task_id for row in kept], status="dispatched"),
        ["running", "merging", "completed"],
        streams=streams,
        started_at=moment,
        finished_at=moment,
        failures=0,
        feedback=[],
    )
    _take_effect([row for row in kept if row.task_id in set(done)], {})
    return done


def _take_effect(attempts: Collection[Attempt], commits: Mapping[uuid.UUID, str]) -> None:
    """What follows on completed tasks: their one effect, their successors, their agents' scorecards."""
    moment = clock.now()
    Effect.objects.bulk_create(
        Effect(task_id=row.task_id, revision=row.revision, attempt=row, commit=commits.get(row.pk, ""), at=moment)
        for row in attempts
    )
    successors_free(producers=[row.task_id for row in attempts], streams={row.goal_id for row in attempts})
    scores_add(attempts=attempts, succeeded=True)


def scores_add(*, attempts: Collection[Attempt], succeeded: bool) -> None:
    """Add finished attempts to the scorecards, one statement a pair of agent and capability."""
    sums: dict[tuple[Any, str], list[Any]] = defaultdict(lambda: [0, 0.0, Decimal(0)])
    for attempt in attempts:
        entry = sums[attempt.agent_id, attempt.task.capability]
        seconds = 0.0
        if attempt.started_at and attempt.finished_at:
            seconds = (attempt.finished_at - attempt.started_at).total_seconds()
        entry[0], entry[1], entry[2] = entry[0] + 1, entry[1] + seconds, entry[2] + attempt.cost
    with connection.cursor() as cursor:
        cursor.executemany(
            SCORE,
            [
                (agent, capability, tries, tries if succeeded else 0, seconds, cost)
                for (agent, capability), (tries, seconds, cost) in sorted(sums.items(), key=lambda item: str(item[0]))
            ],
        )


@atomic_part
def tasks_reopen(
    *, tasks: Collection[uuid.UUID], feedback: Mapping[uuid.UUID, Collection[Mapping[str, Any]]] | None = None
) -> list[Any]:
    """Reopen completed tasks under a new revision, with what people asked for in their next packet."""
    notes = feedback or {}
    reopened = transitions.move_many(
        Task.objects.filter(pk__in=tasks), "reopened", failures=0, finished_at=None, ready_at=None, not_before=None
    )
    rows = list(Task.objects.filter(pk__in=reopened))
    for row in rows:
        row.revision += 1
        row.feedback = [*row.feedback, *map(dict, notes.get(row.pk, []))]
    Task.objects.bulk_update(rows, ["revision", "feedback"])
    transitions.move_many(Task.objects.filter(pk__in=reopened), "blocked")
    consumers = Edge.objects.filter(producer__in=reopened).values_list("consumer_id", flat=True)
    unmet_recount(tasks=[*reopened, *consumers])
    tasks_make_ready(tasks=Task.objects.filter(pk__in=reopened))
    return reopened


@atomic_part
def consumers_reopen(*, task: Task, changed_paths: Collection[str]) -> list[Any]:
    """Reopen finished consumers whose inputs have changed with this task's new revision.

    Finished ones of a later phase are there only after a new plan was activated; the gates between are pending then.
    """
    edges = Edge.objects.filter(producer=task, artifact__in=list(changed_paths))
    affected = edges.filter(consumer__status="completed").values_list("consumer_id", flat=True)
    return tasks_reopen(tasks=list(affected)) if affected else []
