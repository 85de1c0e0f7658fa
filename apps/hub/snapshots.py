"""Reading what the engine needs to know about a goal, in a fixed number of statements."""

import uuid
from collections import defaultdict

from django.db.models import Count, Q

from apps.core import clock
from apps.engine.steps import GateView, Snapshot
from apps.gates.models import Clearance, Gate
from apps.goals.models import Goal
from apps.tasks.models import Task


def snapshot_of(goal: Goal) -> Snapshot:
    """Four statements, whatever the number of tasks."""
    counts = (
        Task.objects.filter(Q(kind="work") | Q(round__outcome=""), goal=goal)
        .exclude(plan__status__in=["draft", "proposed", "discarded"])
        .values_list("kind", "phase", "status")
        .annotate(count=Count("pk"))
        .order_by()
    )
    work: dict[int, dict[str, int]] = defaultdict(dict)
    reviews: dict[int, dict[str, int]] = defaultdict(dict)
    for kind, phase, status, count in counts:
        (work if kind == "work" else reviews)[phase][status] = count
    return Snapshot(
        status=goal.status,
        now=clock.now(),
        cleared=cleared_phases(goal.pk),
        gates=_gates(goal.pk),
        work=work,
        reviews=reviews,
        start_when_proposed=goal.start_when_proposed,
    )


def cleared_phases(goal_id: uuid.UUID) -> frozenset[int]:
    live = Clearance.objects.filter(goal=goal_id, revocation__isnull=True)
    return frozenset(live.values_list("phase", flat=True))


def _gates(goal_id: uuid.UUID) -> dict[int, GateView]:
    rows = Gate.objects.filter(goal=goal_id).values_list("pk", "phase", "status")
    live = {
        gate: (reviewing, deciding)
        for gate, reviewing, deciding in Gate.objects.filter(goal=goal_id, rounds__outcome="").values_list(
            "pk", "rounds__reviewing_until", "rounds__deciding_until"
        )
    }
    return {phase: GateView(status, *live.get(pk, (None, None))) for pk, phase, status in rows}
