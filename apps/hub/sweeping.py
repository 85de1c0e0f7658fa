"""The sweeper's rounds: everything that is due is found in the database, whatever hints were lost (promise 4).

Each sweep is a function without arguments that may be called at any time and any number of times.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Q

from apps.core import checkpoints, clock, idempotency
from apps.core.words import count
from apps.gates.models import Gate, Round
from apps.goals.models import Goal
from apps.hub import allocation, beats, decomposing, failing, hints
from apps.hub.tiny import is_tiny
from apps.inbox import services as inbox
from apps.insight import services as insight
from apps.planning import replanning
from apps.tasks.models import Attempt, Pool, Task, Worker

log = logging.getLogger(__name__)

# A dispatched attempt that no worker has begun for so long: its hint was lost, or all threads are busy.
_UNBEGUN_SECONDS = 2.0


def due_retries() -> None:
    failing.retries_release()


def expired_leases() -> None:
    failing.leases_expire()


def lost_hints() -> None:
    """Send again what should have been begun, merged, planned or packed."""
    before = clock.now() - timedelta(seconds=_UNBEGUN_SECONDS)
    rows = Attempt.objects.filter(status="dispatched", dispatched_at__lt=before).order_by("agent__slug", "pk")
    for tiny, group in groupby(rows.select_related("agent", "task"), key=is_tiny):
        hints.run([row.pk for row in group], tiny=tiny)
    hints.merge(Task.objects.filter(status="merging").values_list("goal_id", flat=True))
    for goal in Goal.objects.filter(status="planning").values_list("pk", flat=True):
        hints.plan(goal)
    hints.replan(replanning.waiting())
    for goal in Goal.objects.filter(status="delivering").values_list("pk", flat=True):
        hints.pack(goal)


def due_gates() -> None:
    """Advance goals whose undo window or review time is over."""
    now = clock.now()
    due = Round.objects.filter(
        Q(gate__status="deciding", deciding_until__lte=now) | Q(gate__status="reviewing", reviewing_until__lte=now),
        outcome="",
    )
    hints.advance(due.values_list("gate__goal_id", flat=True))


def ready_tasks() -> None:
    """Allocate when something is ready: the step itself is cheap when no slot is free."""
    if Task.objects.filter(status="ready").exists():
        allocation.allocate()


def live_goals() -> None:
    """Look at every goal in which a step may be due that no event will announce any more."""
    working = Task.objects.filter(goal=OuterRef("pk"), status__in=["ready", "dispatched", "running", "merging"])
    waiting = Gate.objects.filter(goal=OuterRef("pk"), status="open")
    goals = Goal.objects.filter(
        Q(status="running") & ~Exists(working) & ~Exists(waiting) | Q(status="proposed", start_when_proposed=True)
    )
    hints.advance(goals.values_list("pk", flat=True))
    hints.advance(decomposing.goals_waiting().values_list("pk", flat=True))


def silent_workers() -> None:
    before = clock.database_now() - timedelta(seconds=4 * beats.SILENT_SECONDS)
    Worker.objects.filter(seen_at__lt=before).delete()


def overdue_gates() -> None:
    """A gate past its deadline is escalated and holds on; never a silent pass."""
    overdue = Round.objects.filter(gate__status="open", outcome="", due_at__lt=clock.now()).select_related("gate__goal")
    for live in overdue:
        inbox.escalation_raise(
            goal=live.gate.goal,
            task=None,
            kind="overdue",
            key=f"overdue:{live.pk}",
            text=f"{live.gate.code} of “{live.gate.goal}” has waited longer than its deadline.",
            what_to_do="Decide at the gate. It keeps holding until people have decided.",
        )


def missing_agents() -> None:
    """Work that nobody could take for long is told to people, once for each capability."""
    pool = Pool.objects.get(name="main")
    before = clock.now() - timedelta(minutes=pool.no_agent_minutes)
    stuck = Task.objects.filter(
        status="ready", wait_reason__in=["capability", "agent"], ready_at__lt=before, goal__status="running"
    )
    for capability, number in stuck.values_list("capability").annotate(count=Count("pk")).order_by("capability"):
        waits = count(number, "task waits", "tasks wait")
        inbox.escalation_raise(
            goal=None,
            task=None,
            kind="no_agent",
            key=f"no_agent:{capability}",
            text=f"For {count(pool.no_agent_minutes, 'minute')} no agent could take {capability}: {waits} for it.",
            what_to_do="Activate or add an agent with this capability, or raise the limit of one that is busy.",
        )


def audit_checkpoint() -> None:
    """The head of the audit chain, signed and kept outside the database."""
    checkpoints.checkpoint_write()


def slo() -> None:
    insight.slo_check()


def old_keys() -> None:
    idempotency.keys_purge()


@dataclass
class Sweep:
    """A sweep and how often it runs."""

    run: Callable[[], None]
    every_seconds: float
    due: float = field(default=0.0)


SWEEPS = (
    (due_retries, 0.5),
    (expired_leases, 1.0),
    (due_gates, 0.5),
    (lost_hints, 2.0),
    (ready_tasks, 2.0),
    (live_goals, 2.0),
    (silent_workers, 30.0),
    (overdue_gates, 30.0),
    (missing_agents, 30.0),
    (slo, 60.0),
    (audit_checkpoint, 3600.0),
    (old_keys, 600.0),
)


class Sweeper:
    """Runs each sweep at its interval; one that fails is logged and comes again, the others go on."""

    def __init__(self) -> None:
        self.sweeps = [Sweep(run, every) for run, every in SWEEPS]

    def turn(self) -> float:
        """Run what is due; returns the seconds until something is due again."""
        for sweep in self.sweeps:
            if sweep.due <= time.monotonic():
                sweep.due = time.monotonic() + sweep.every_seconds
                _guarded(sweep.run)
        return max(0.0, min(sweep.due for sweep in self.sweeps) - time.monotonic())


def _guarded(run: Callable[[], None]) -> None:
    try:
        run()
    except Exception:
        # One broken sweep must not keep the others from running; a lost database connection is seen by the caller.
        log.exception("sweep %s failed", run.__name__)


def sweep_once() -> None:
    """Every sweep once, errors raised (tests and ``manage.py sweeper --once``)."""
    for run, _ in SWEEPS:
        run()
