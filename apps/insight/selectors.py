"""Reading what was measured: parallelization, overhead, people's time, cost (design §8)."""

import uuid
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from apps.core import clock
from apps.engine.integrals import Integrals, covered, integrate
from apps.goals.models import Goal
from apps.insight.models import SloSample
from apps.insight.spans import Spans, seconds, spans_of, taken_by_others
from apps.tasks.models import Attempt, Pool

# Below this much execution a ratio says more about chance than about the hub.
ENOUGH_SECONDS = 60.0
NOT_ENOUGH = "not enough data"


def goal_metrics(goal: Goal) -> dict[str, Any]:
    """How the goal went so far: ratios 0 to 1 with words, times in seconds, cost in euro. A fixed number of queries."""
    now = clock.now()
    since, until = goal.started_at or now, goal.finished_at or now
    spans = spans_of([goal.pk], since=since, until=until).get(goal.pk, Spans())
    window = (seconds(since), seconds(until))
    sums = integrate(
        running=spans.running,
        startable=spans.startable,
        places=_places(goal),
        window=window,
        taken=taken_by_others(goal.pk, since=since, until=until),
    )
    attempts = Attempt.objects.filter(goal=goal)
    counts = dict(attempts.order_by().values_list("status").annotate(number=Count("pk")))
    return {
        **ratios(sums),
        "duration_seconds": window[1] - window[0] if goal.started_at else None,
        "execution_seconds": sums.running,
        "waiting_seconds": sums.idle,
        "human_wait_seconds": covered(spans.people, window),
        "cost": attempts.aggregate(total=Sum("cost"))["total"] or Decimal(0),
        "attempts": counts,
        "measured_at": now,
    }


def ratios(sums: Integrals) -> dict[str, dict[str, Any]]:
    """Parallelization and coordination overhead, each with words; no value under a minute of execution."""
    if sums.running < ENOUGH_SECONDS:
        words = f"{NOT_ENOUGH}: {sums.running:.0f} s of execution so far, {ENOUGH_SECONDS:.0f} s are needed"
        return {name: {"value": None, "words": words} for name in ("parallelization", "overhead")}
    parallelization, overhead = sums.parallelization, sums.overhead()
    return {
        "parallelization": {
            "value": parallelization,
            "words": f"{sums.running:.0f} s ran of {sums.possible:.0f} s that could have run",
        },
        "overhead": {
            "value": overhead,
            "words": f"{sums.idle:.0f} s of waiting for the hub beside {sums.running:.0f} s of execution",
        },
    }


def integrals_of(
    goals: Collection[uuid.UUID], *, since: datetime, until: datetime
) -> dict[uuid.UUID | None, Integrals]:
    """The integrals of each goal over the window, and under None those of the whole pool."""
    spans = spans_of(goals, since=since, until=until)
    places, window = _pool_slots(), (seconds(since), seconds(until))
    every = [interval for one in spans.values() for interval in one.running]
    found: dict[uuid.UUID | None, Integrals] = {
        None: integrate(
            running=every,
            startable=[interval for one in spans.values() for interval in one.startable],
            places=places,
            window=window,
        )
    }
    for goal_id in goals:
        mine = spans.get(goal_id, Spans())
        others = [interval for key, one in spans.items() if key != goal_id for interval in one.running]
        found[goal_id] = integrate(
            running=mine.running, startable=mine.startable, places=places, window=window, taken=others
        )
    return found


def slo_history(*, goal: Goal | None, limit: int = 60) -> list[SloSample]:
    """The newest samples of a goal, or of the pool for None; newest first."""
    return list(SloSample.objects.filter(goal=goal).order_by("-at", "-pk")[:limit])


def _places(goal: Goal) -> int:
    slots = _pool_slots()
    return min(slots, goal.slots) if goal.slots else slots


def _pool_slots() -> int:
    return Pool.objects.order_by("pk").values_list("slots", flat=True).first() or 10
