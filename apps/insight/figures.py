"""The installation in figures, for a monitoring system: counts only, no titles and no names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Sum

from apps.agents.models import Agent
from apps.core import clock
from apps.core.models import Stateful
from apps.gates.models import Gate
from apps.goals.models import Goal
from apps.inbox.models import Escalation, Question
from apps.insight.models import SloSample
from apps.tasks.models import Attempt, Pool, Task, Worker
from apps.tasks.models.attempts import LIVE

WORKER_SILENT = timedelta(seconds=30)


@dataclass(frozen=True)
class Figure:
    """One gauge: values by the value of one label; the empty label value stands for 'no label'."""

    name: str
    help: str
    label: str
    values: Mapping[str, float]


def figures() -> list[Figure]:
    """All gauges: a fixed number of queries."""
    return [*_by_status(), *_pool(), *_people(), *_ratios()]


def _by_status() -> Iterator[Figure]:
    models: tuple[type[Stateful], ...] = (Goal, Task, Attempt, Gate, Agent, Escalation)
    for model in models:
        thing = model.lifecycle.thing
        counted = model._default_manager.order_by().values_list("status").annotate(number=Count("pk"))
        values = dict.fromkeys(model.lifecycle.statuses, 0.0) | {s: float(n) for s, n in counted}
        yield Figure(f"commandpost_{thing}s", f"Number of {thing}s by status.", "status", values)


def _pool() -> Iterator[Figure]:
    slots = Pool.objects.order_by("pk").values_list("slots", flat=True).first() or 0
    held = Attempt.objects.filter(status__in=LIVE, slot__isnull=False).count()
    seen = Worker.objects.filter(seen_at__gt=clock.now() - WORKER_SILENT)
    capacity = seen.aggregate(total=Sum("capacity"))["total"] or 0
    yield Figure("commandpost_slots", "Slots of the pool.", "", {"": float(slots)})
    yield Figure("commandpost_slots_held", "Slots that a live attempt holds.", "", {"": float(held)})
    yield Figure("commandpost_worker_capacity", "Capacity that live workers report.", "", {"": float(capacity)})


def _people() -> Iterator[Figure]:
    open_questions = Question.objects.filter(answered_at=None).count()
    yield Figure("commandpost_questions_open", "Questions that nobody has answered.", "", {"": float(open_questions)})


def _ratios() -> Iterator[Figure]:
    newest = SloSample.objects.filter(goal=None).order_by("-at", "-pk").first()
    pairs = (
        ("parallelization_ratio", "Newest sample of the pool, 0 to 1.", newest and newest.parallelization),
        ("coordination_overhead_ratio", "Newest sample of the pool, 0 to 1.", newest and newest.overhead),
    )
    for name, words, value in pairs:
        if isinstance(value, float):
            yield Figure(f"commandpost_{name}", words, "", {"": value})
