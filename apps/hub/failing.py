"""A failed attempt's task climbs the ladder: retry with back-off, another agent, people."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q

from apps.agents.models import AgentCapability
from apps.core import clock, transitions
from apps.core.contention import atomic_again
from apps.engine.recovery import Ladder, Rung, next_rung
from apps.inbox import services as inbox
from apps.tasks.models import Attempt, Pool, Task
from apps.tasks.services.attempts import attempts_end
from apps.tasks.services.completion import scores_add


def ladder_of(pool: Pool) -> Ladder:
    return Ladder(pool.retries, pool.backoff_seconds, pool.backoff_factor)


@atomic_again
def fail(*, attempts: Collection[uuid.UUID], status: str, error: str) -> list[Any]:
    """End live attempts as failed or expired and decide what follows for their tasks."""
    ended = attempts_end(attempts=attempts, status=status, error=error)
    rows = list(Attempt.objects.filter(pk__in=ended).select_related("task", "agent", "goal"))
    scores_add(attempts=rows, succeeded=False)
    climb(tasks=[row.task for row in rows], error=error)
    return ended


@atomic_again
def climb(*, tasks: Collection[Task], error: str) -> None:
    """Put each task on the next rung."""
    pool = Pool.objects.get(name="main")
    failures = failures_by_agent([task.pk for task in tasks])
    capable = capable_agents({task.capability for task in tasks})
    for task in tasks:
        rung = next_rung(failures[task.pk], capable[task.capability], ladder_of(pool))
        if rung.name == "escalate":
            _escalate(task, rung, error)
        else:
            # One statement a failed task: failures are rare, and each has its own back-off.
            transitions.move_many(
                Task.objects.filter(pk=task.pk),
                "retrying",
                data={"rung": rung.name, "why": rung.sentence, "delay": rung.delay},
                failures=sum(failures[task.pk].values()),
                not_before=clock.now() + timedelta(seconds=rung.delay),
                wait_reason="backoff",
                wait_detail=rung.sentence[:300],
            )


def _escalate(task: Task, rung: Rung, error: str) -> None:
    moved = transitions.move_many(
        Task.objects.filter(pk=task.pk),
        "escalated",
        data={"why": rung.sentence},
        wait_reason="person",
        wait_detail=rung.sentence[:300],
    )
    if moved and task.kind == "work":
        inbox.escalation_raise(
            goal=task.goal,
            task=task,
            kind="task_failed",
            key=f"task_failed:{task.pk}:{task.revision}",
            text=f"“{task.title}” could not be done. {rung.sentence} The last error: {error[:300] or 'none was given'}",
            what_to_do="Try it again, give it to another agent, or skip it.",
        )


def failures_by_agent(tasks: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Counter[str]]:
    """How often each agent failed at the present revision of each task; a result that was refused counts too."""
    found: dict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    refused = Q(status="succeeded", effect__isnull=True) & ~Q(error="")
    rows = Attempt.objects.filter(Q(status__in=["failed", "expired"]) | refused, task__in=tasks).values_list(
        "task_id", "task__revision", "revision", "agent__slug"
    )
    for task, current, revision, agent in rows:
        if revision == current:
            found[task][agent] += 1
    return found


def capable_agents(capabilities: Collection[str]) -> Mapping[str, list[str]]:
    """The agents that can take work now, by capability."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = AgentCapability.objects.filter(capability__in=capabilities, agent__status="active")
    for capability, slug in rows.order_by("agent__slug").values_list("capability", "agent__slug"):
        found[capability].append(slug)
    return found


@atomic_again
def retries_release() -> list[Any]:
    """Tasks whose back-off is over become ready again (the sweeper calls it)."""
    due = Task.objects.filter(status="retrying", not_before__lte=clock.now())
    return transitions.move_many(due, "ready", ready_at=clock.now(), wait_reason="slot", wait_detail="")


@atomic_again
def leases_expire() -> list[Any]:
    """Attempts whose lease is over are expired, by the database's clock (the sweeper calls it)."""
    over = Attempt.objects.filter(status__in=["dispatched", "running"], lease_until__lt=clock.database_now())
    ids = list(over.values_list("pk", flat=True))
    return fail(attempts=ids, status="expired", error="Its worker went silent.") if ids else []
