"""Handing over: blocking checks of QG-PHASE7 are repeated, then the deliverable is packed and the goal delivered."""

import logging
import uuid

from django.db import transaction

from apps.core import clock, transitions
from apps.delivery import services as delivery
from apps.delivery import workspaces
from apps.gates.models import Clearance, Round
from apps.goals.models import Goal
from apps.hub import material
from apps.hub.checks import checks_for
from apps.hub.locks import session_lock
from apps.inbox import services as inbox

log = logging.getLogger(__name__)

REPEATED = {"validate-completion", "manifest-complete"}


def pack(*, goal_id: uuid.UUID) -> None:
    """Pack the deliverable of a goal that is delivering. Safe to call again: one deliverable a clearance."""
    with session_lock("pack", goal_id, wait_ms=10_000) as held:
        goal = Goal.objects.filter(pk=goal_id, status="delivering").first()
        if not held or goal is None:
            return
        clearance = Clearance.objects.filter(goal=goal, phase=8, revocation__isnull=True).select_related("round").get()
        assert clearance.round is not None
        broken = _broken(goal, clearance.round)
        if broken:
            _hold(goal, clearance, broken)
            return
        delivery.deliverable_pack(goal=goal, clearance=clearance)
        transitions.move(goal, "delivered", data={"clearance": str(clearance.pk)}, finished_at=clock.now())


def _broken(goal: Goal, round_: Round) -> str:
    """The first repeated check that does not pass now; empty when all do."""
    gathered = material.gather(goal=goal, round_=round_, head=workspaces.workspace_head(goal=goal))
    for check in checks_for("QG-PHASE7", gathered):
        if check.name in REPEATED and check.result != "passed":
            return f"{check.name}: {check.sentence}"
    return ""


@transaction.atomic
def _hold(goal: Goal, clearance: Clearance, why: str) -> None:
    """What was approved is not what lies there now: nothing is handed over, and people are told."""
    log.error("goal %s can't be delivered: %s", goal.pk, why)
    inbox.escalation_raise(
        goal=goal,
        task=None,
        kind="conflict",
        key=f"delivery:{clearance.pk}",
        text=f"“{goal.title}” was cleared, and can't be delivered. {why}",
        what_to_do="Look at the workspace's history. Packing is tried again as long as the goal is delivering.",
    )
