"""The life of attempts: begun, reported, finished. Every write of a result checks that the attempt is still live."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F

from apps.core import clock, events, transitions
from apps.core.actors import HUB, Actor
from apps.core.contention import atomic_part
from apps.tasks.models import Attempt, Task


@dataclass(frozen=True)
class Finished:
    """What a runtime gave back: digests of changed files by path, deletions, words, and what it cost (euro)."""

    changed: Mapping[str, str] = field(default_factory=dict)
    deleted: Collection[str] = ()
    summary: str = ""
    claims: Collection[str] = ()
    cost: Decimal = Decimal(0)
    isolated: bool = True

    def as_dict(self) -> dict[str, Any]:
        return {
            "changed": dict(self.changed),
            "deleted": sorted(self.deleted),
            "summary": self.summary,
            "claims": list(self.claims),
        }


def agent_actor(attempt: Attempt) -> Actor:
    return Actor("agent", attempt.agent.slug, attempt.agent.name)


@atomic_part
def attempts_begin(*, attempts: Collection[uuid.UUID], worker: str, lease_seconds: int) -> list[Any]:
    """Take dispatched attempts into work; returns those that were taken.

    Attempts that were taken or ended meanwhile are left out: a repeated hint is harmless.
    """
    until = clock.database_now() + timedelta(seconds=lease_seconds)
    begun = transitions.move_many(
        Attempt.objects.filter(pk__in=attempts),
        "running",
        worker=worker,
        lease_until=until,
        started_at=clock.now(),
    )
    tasks = Task.objects.filter(attempts__pk__in=begun)
    transitions.move_many(tasks, "running", started_at=clock.now(), wait_reason="", wait_detail="")
    return begun


def leases_renew(*, attempts: Collection[uuid.UUID], lease_seconds: int) -> set[Any]:
    """Extend the leases of attempts that still run; returns which those are. The others should stop."""
    until = clock.database_now() + timedelta(seconds=lease_seconds)
    live = Attempt.objects.filter(pk__in=attempts, status="running")
    live.update(lease_until=until)
    return set(live.values_list("pk", flat=True))


@atomic_part
def attempt_progress(*, attempt: Attempt, percent: int, note: str) -> bool:
    """Report progress; False when the attempt is no longer live (the report is dropped)."""
    live = Attempt.objects.filter(pk=attempt.pk, status="running", fence=attempt.fence)
    if not live.update(progress=max(0, min(100, percent)), note=note[:300]):
        return False
    data = {"attempt": str(attempt.pk), "percent": percent, "note": note[:300]}
    happening = events.Happening(attempt.goal_id, "task.progress", f"task:{attempt.task_id}", data)
    events.record(happening, actor=agent_actor(attempt))
    return True


@atomic_part
def attempts_succeed(*, results: Mapping[uuid.UUID, Finished]) -> list[Any]:
    """Accept results of running attempts: the attempts succeed, their tasks go to merging. Others become salvage."""
    moment = clock.now()
    done = transitions.move_many(
        Attempt.objects.filter(pk__in=results, status="running"), "succeeded", finished_at=moment, progress=100
    )
    with_result = [
        Attempt(pk=pk, result=results[pk].as_dict(), cost=results[pk].cost, isolated=results[pk].isolated)
        for pk in done
        if results[pk] != Finished()
    ]
    Attempt.objects.bulk_update(with_result, ["result", "cost", "isolated"])
    transitions.move_many(Task.objects.filter(attempts__pk__in=done, status="running"), "merging")
    for pk in set(results) - set(done):
        salvage_keep(attempt_id=pk, finished=results[pk])
    return done


def salvage_keep(*, attempt_id: uuid.UUID, finished: Finished) -> None:
    """A result that came too late is kept and visible, and never merged by itself."""
    kept = Attempt.objects.filter(pk=attempt_id, salvage__isnull=True).exclude(status__in=["running", "succeeded"])
    kept.update(salvage=finished.as_dict(), cost=F("cost") + finished.cost)


@atomic_part
def attempts_end(
    *, attempts: Collection[uuid.UUID], status: str, error: str, actor: Actor = HUB, cost: Decimal = Decimal(0)
) -> list[Any]:
    """End live attempts as failed, expired or cancelled; the slot is free with that. Tells ``task.failed``."""
    moment = clock.now()
    ended = transitions.move_many(
        Attempt.objects.filter(pk__in=attempts),
        status,
        actor=actor,
        data={"error": error[:500]},
        finished_at=moment,
        error=error,
        cost=F("cost") + cost,
    )
    if status in ("failed", "expired"):
        rows = Attempt.objects.filter(pk__in=ended).values_list("pk", "goal_id", "task_id")
        events.record_many(
            (
                events.Happening(goal, "task.failed", f"task:{task}", {"attempt": str(pk), "error": error[:500]})
                for pk, goal, task in rows
            ),
            actor=actor,
        )
    return ended
