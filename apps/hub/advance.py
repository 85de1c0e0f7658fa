"""``advance(goal)``: the one loop. Idempotent: it asks the engine what is due and does it.

Every trigger calls it; triggers that arrive while it runs coalesce: one hint waits for the goal's lock and looks once
more, all others of the same goal were never sent.
"""

import logging
import uuid
from collections.abc import Callable, Mapping

from apps.core.errors import StaleState
from apps.engine.steps import Step, next_steps
from apps.gates.models import Gate
from apps.goals.models import Goal
from apps.hub import decisions, decomposing, hints, rounds, starting
from apps.hub.locks import session_lock
from apps.hub.snapshots import snapshot_of
from apps.tasks.models import Task
from apps.tasks.services.readiness import tasks_make_ready

log = logging.getLogger(__name__)

# A goal has seven gates; no chain of steps that follow from each other at once is longer than this.
_MOST_TURNS = 20
_PATIENCE_MS = 10_000


def advance(*, goal_id: uuid.UUID) -> None:
    """Do what is due for this goal, until nothing is; waits a while for another process that does the same."""
    with session_lock("goal", goal_id, wait_ms=_PATIENCE_MS) as held:
        if not held:
            log.warning("goal %s is being advanced for long; the sweeper asks again", goal_id)
            return
        for _ in range(_MOST_TURNS):
            if not _turn(goal_id):
                return
    log.error("goal %s still has steps due after %d turns", goal_id, _MOST_TURNS)


def _turn(goal_id: uuid.UUID) -> bool:
    """One look and what follows from it; False when nothing more is to be done here."""
    goal = Goal.objects.filter(pk=goal_id).first()
    if goal is None:
        return False
    if goal.status in ("running", "paused"):
        decomposing.release(goal_id=goal_id)
        if _under_way(goal_id):
            return False
        tasks_make_ready(tasks=Task.objects.filter(goal=goal, kind="work", plan__status="active"))
    changed = False
    for step in next_steps(snapshot_of(goal)):
        try:
            changed |= _PERFORM[step.name](goal, step)
        except StaleState as error:
            # Somebody acted between the look and the step; what they did is an event, and brings a look of its own.
            log.info("goal %s, step %s: %s", goal_id, step.name, error.detail)
    return changed


def _under_way(goal_id: uuid.UUID) -> bool:
    """Whether agents work and no gate is at a decision: then nothing is due here, however large the goal is."""
    if Gate.objects.filter(goal=goal_id, status__in=["reviewing", "deciding"]).exists():
        return False
    return Task.objects.filter(goal=goal_id, status__in=["ready", "dispatched", "running", "merging"]).exists()


def _plan(goal: Goal, step: Step) -> bool:
    hints.plan(goal.pk)
    return False


def _start(goal: Goal, step: Step) -> bool:
    return starting.start_as_asked(goal=goal)


def _begin_round(goal: Goal, step: Step) -> bool:
    return rounds.begin(goal=goal, phase=step.phase)


def _freeze_round(goal: Goal, step: Step) -> bool:
    return rounds.freeze(goal=goal, phase=step.phase)


def _settle(goal: Goal, step: Step) -> bool:
    return decisions.settle(goal=goal, phase=step.phase)


def _deliver(goal: Goal, step: Step) -> bool:
    return decisions.begin_delivery(goal=goal)


def _pack(goal: Goal, step: Step) -> bool:
    hints.pack(goal.pk)
    return False


_PERFORM: Mapping[str, Callable[[Goal, Step], bool]] = {
    "plan": _plan,
    "start": _start,
    "begin_round": _begin_round,
    "freeze_round": _freeze_round,
    "settle": _settle,
    "deliver": _deliver,
    "pack": _pack,
}
