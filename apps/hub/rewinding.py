"""Rejecting back to a phase: clearances revoked, gates pending, tasks reopened or blocked, the workspace taken back.

"Reject at gate 4, back to phase 2" revokes clearances 3 and 4, puts gates 2, 3 and 4 to pending, reopens phase 2's
tasks and blocks those of 3 and 4 (design §4). The workspace gets a new commit with gate 2's tree, never a reset.
"""

from typing import Any

from django.db import transaction

from apps.core import clock, transitions
from apps.core.actors import HUB, Actor
from apps.delivery import workspaces
from apps.gates import services as gates
from apps.gates.models import Gate, Round
from apps.goals.models import Goal
from apps.tasks.models import Attempt, Task
from apps.tasks.services.attempts import attempts_end
from apps.tasks.services.completion import tasks_reopen
from apps.tasks.services.readiness import tasks_make_ready, unmet_recount

LIVE = ("dispatched", "running")


@transaction.atomic
def rewind(*, goal: Goal, gate: Gate, round_: Round, to_phase: int) -> None:
    """Go back from ``gate`` to ``to_phase``; 0 ends the goal."""
    why = f"{gate.code} was rejected in round {round_.number}."
    if to_phase == 0:
        transitions.move(gate, "closed")
        end_goal(goal=goal, why=why)
        return
    _cancel_attempts(goal, from_phase=to_phase, why=why)
    gates.clearances_revoke(goal=goal, from_phase=to_phase + 1, to_phase=gate.phase, actor=HUB, why=why)
    # The rejected gate and every later-than-target gate that had passed go back to pending.
    transitions.move_many(Gate.objects.filter(goal=goal, phase__range=(to_phase, gate.phase)), "pending")
    _take_back_tasks(goal, gate, round_, to_phase)
    target = Round.objects.filter(gate__goal=goal, gate__phase=to_phase).exclude(tree="").order_by("-number").first()
    if to_phase < gate.phase and target is not None:
        workspaces.workspace_take_back(goal=goal, to=target.tree, why=why)


def _cancel_attempts(goal: Goal, *, from_phase: int, why: str) -> None:
    live = Attempt.objects.filter(goal=goal, status__in=LIVE, phase__gte=from_phase)
    attempts_end(attempts=list(live.values_list("pk", flat=True)), status="cancelled", error=why)


def _take_back_tasks(goal: Goal, gate: Gate, round_: Round, to_phase: int) -> None:
    tasks = Task.objects.filter(goal=goal, plan__status="active", phase__range=(to_phase, gate.phase))
    transitions.move_many(tasks.filter(kind="review"), "cancelled")
    _take_back_later(goal, gate, to_phase)
    work = tasks.filter(kind="work")
    transitions.move_many(work.filter(status="completed"), "reopened")
    transitions.move_many(work, "blocked")
    notes = _words_of(round_) + [
        {"round": round_.number, "number": item.number, "text": item.text, "anchor": item.anchor}
        for item in round_.change_items.order_by("number")
    ]
    rows = list(work.filter(status="blocked"))
    for row in rows:
        row.revision += 1
        row.failures, row.finished_at, row.ready_at, row.not_before = 0, None, None, None
        if row.phase == to_phase:
            row.feedback = [*row.feedback, *notes]
    Task.objects.bulk_update(rows, ["revision", "failures", "finished_at", "ready_at", "not_before", "feedback"])
    unmet_recount(tasks=[row.pk for row in rows])
    tasks_make_ready(tasks=work)


def _take_back_later(goal: Goal, gate: Gate, to_phase: int) -> None:
    """Work that was finished in later phases, before a new plan brought the goal back: its files go with the tree."""
    if to_phase < gate.phase:
        later = Task.objects.filter(goal=goal, plan__status="active", kind="work", phase__gt=gate.phase)
        tasks_reopen(tasks=list(later.filter(status="completed").values_list("pk", flat=True)))


def _words_of(round_: Round) -> list[dict[str, Any]]:
    """What those who rejected said, for the packets of the phase that begins anew."""
    rejecting = round_.votes.filter(verdict="reject").exclude(comment="").order_by("pk")
    return [{"round": round_.number, "number": 0, "text": vote.comment, "anchor": ""} for vote in rejecting]


@transaction.atomic
def end_goal(*, goal: Goal, why: str, actor: Actor = HUB) -> None:
    """Cancel a goal: everything ends at once, slots are free, open rounds are superseded."""
    transitions.move(goal, "cancelled", actor=actor, data={"why": why}, finished_at=clock.now(), failure=why)
    live = Attempt.objects.filter(goal=goal, status__in=LIVE)
    attempts_end(attempts=list(live.values_list("pk", flat=True)), status="cancelled", error=why, actor=actor)
    transitions.move_many(Task.objects.filter(goal=goal), "cancelled", actor=actor)
    Round.objects.filter(gate__goal=goal, outcome="").update(outcome="superseded", decided_at=clock.now())
    transitions.move_many(Gate.objects.filter(goal=goal), "closed", actor=actor)
