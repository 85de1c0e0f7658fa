"""The pool: slots now, what waits for one and in which order, the workers, and how the SLOs are kept."""

from datetime import timedelta
from typing import Any

from apps.accounts.models import Person
from apps.core import clock
from apps.dashboard.pages.controls import refusal
from apps.dashboard.pages.home import slots
from apps.engine.priority import passing_minutes
from apps.hub.beats import SILENT_SECONDS
from apps.hub.ranking import explained
from apps.insight.models import SloSample
from apps.insight.selectors import slo_history
from apps.tasks.models import Pool, Task, Worker

QUEUE = 30
CONSIDERED = 1000
HISTORY = 30


def now() -> dict[str, Any]:
    """Slots, queue and workers: a fixed number of queries, at most ``CONSIDERED`` tasks looked at."""
    held = slots()
    pool = held["pool"]
    passing = passing_minutes(aging_minutes=pool.aging_minutes) if pool else 0
    return held | queue(pool) | workers(pool) | {"passing_minutes": passing}


def queue(pool: Pool | None) -> dict[str, Any]:
    """The ready tasks of running goals in the order in which they get slots, each with its sum in words."""
    ready = Task.objects.filter(status="ready", goal__status="running")
    rows = list(ready.filter(shed=False).select_related("plan", "goal").order_by("ready_at", "pk")[:CONSIDERED])
    if pool is None or not rows:
        return {"queue": [], "queue_more": 0, "shed": ready.filter(shed=True).count()}
    found = explained(rows, pool=pool, now=clock.now())
    rows.sort(key=lambda task: (-found[task.pk].value, -task.rice, str(task.pk)))
    return {
        "queue": [{"task": task, "priority": found[task.pk]} for task in rows[:QUEUE]],
        "queue_more": max(0, len(rows) - QUEUE),
        "shed": ready.filter(shed=True).count(),
    }


def workers(pool: Pool | None) -> dict[str, Any]:
    """Live workers with what each can carry; one that has been silent counts for nothing."""
    since = clock.database_now() - timedelta(seconds=SILENT_SECONDS)
    rows = list(Worker.objects.filter(seen_at__gt=since).order_by("name"))
    capacity = sum(one.capacity for one in rows)
    number = pool.slots if pool else 0
    words = ""
    if capacity < number:
        words = f"Workers can carry {capacity} of {number} slots: the others stay empty until more workers are started."
    return {"workers": rows, "capacity": capacity, "capacity_words": words, "slots_number": number}


def slo(pool: Pool | None) -> dict[str, Any]:
    """The newest measurement of the whole pool against its targets, and the ones before."""
    samples = slo_history(goal=None, limit=HISTORY)
    newest = samples[0] if samples else None
    return {
        "samples": samples,
        "measured": newest,
        "figures": [
            _figure("Parallelization", newest, "parallelization", f"at least {_percent(pool, 'slo_parallelization')}"),
            _figure("Coordination overhead", newest, "overhead", f"at most {_percent(pool, 'slo_overhead')}"),
        ],
        "breaches": sum(one.breached for one in samples),
    }


def _figure(label: str, sample: SloSample | None, name: str, target: str) -> dict[str, str]:
    value = getattr(sample, name, None)
    shown = "not enough data" if value is None else f"{value * 100:.0f} %"
    note = f"{target}; under a minute of execution in ten minutes" if value is None else target
    tone = "" if value is None or sample is None else ("bad" if sample.breached else "good")
    return {"label": label, "value": shown, "note": note, "tone": tone}


def _percent(pool: Pool | None, name: str) -> str:
    return f"{getattr(pool, name) * 100:.0f} %" if pool else "–"


def whole(person: Person) -> dict[str, Any]:
    found = now()
    return found | slo(found["pool"]) | {"edit_why_not": refusal(person, "pool.edit")}
