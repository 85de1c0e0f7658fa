"""Clearances: made by a start or by a gate that passes, revoked, never changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, clock, events
from apps.core.actors import HUB, Actor, person_actor
from apps.core.errors import NotAllowed
from apps.gates import rules
from apps.gates.guards import translated, verify_now
from apps.gates.models import Clearance, ClearanceSeat, Revocation, Round, Vote
from apps.goals.models import Goal


@transaction.atomic
def clearance_for_start(*, goal: Goal, plan_id: UUID, person: Person) -> Clearance:
    """Clear phase 1: this person starts this plan, which is active by the end of the transaction.

    A repeat returns the clearance that is there. Where another plan was started before, its clearance is revoked.
    """
    policy.require(person, "goal.start", goal)
    standing = in_force(goal).filter(phase=1).first()
    if standing is not None and standing.plan_id == plan_id:
        return standing
    actor = person_actor(person)
    if standing is not None:
        _revoke(standing, actor=actor, why="Another version of the plan was started.")
    with translated():
        clearance = Clearance.objects.create(
            goal=goal, phase=1, started_by=person, plan_id=plan_id, solo=rules.solo_mode(), made_at=clock.now()
        )
    _tell("clearance.made", clearance, actor, {"started_by": str(person), "plan": str(plan_id)})
    return clearance


def clearance_for_round(
    round: Round, *, goal: Goal, phase: int, seats: Mapping[str, Vote], overridden: bool, sentence: str
) -> Clearance:
    """Clear ``phase``: the gate before it has passed. ``seats`` maps each seat to the vote that fills it."""
    with translated():
        clearance = Clearance.objects.create(
            goal=goal,
            phase=phase,
            round=round,
            rule=round.rule,
            solo=round.solo,
            override=overridden,
            made_at=clock.now(),
        )
        ClearanceSeat.objects.bulk_create(
            ClearanceSeat(clearance=clearance, seat=seat, vote=vote, person_id=vote.person_id)
            for seat, vote in seats.items()
        )
    votes = {seat: {"vote": vote.pk, "person": str(vote.person)} for seat, vote in seats.items()}
    detail = {"round": str(round.pk), "evidence_digest": round.evidence_digest, "seats": votes, "why": sentence}
    _tell("clearance.made", clearance, HUB, detail)
    verify_now()
    return clearance


@transaction.atomic
def clearances_revoke(*, goal: Goal, from_phase: int, to_phase: int, actor: Actor, why: str) -> list[Clearance]:
    """Revoke the clearances of these phases that are in force. Only a person or the hub does this, no token."""
    if actor.kind not in {"person", "system"}:
        raise NotAllowed("Only a person takes back what people cleared.")
    found = list(in_force(goal).filter(phase__range=(from_phase, to_phase)).order_by("phase"))
    for clearance in found:
        _revoke(clearance, actor=actor, why=why)
    return found


def in_force(goal: Goal) -> QuerySet[Clearance]:
    """The clearances of a goal that are not revoked, as a query set."""
    return Clearance.objects.filter(goal=goal, revocation__isnull=True)


def _revoke(clearance: Clearance, *, actor: Actor, why: str) -> None:
    with translated():
        Revocation.objects.create(clearance=clearance, by=actor.as_dict(), why=why, at=clock.now())
    _tell("clearance.revoked", clearance, actor, {"why": why})


def _tell(what: str, clearance: Clearance, actor: Actor, detail: Mapping[str, Any]) -> None:
    subject = f"clearance:{clearance.pk}"
    marks = {"phase": clearance.phase, "solo": clearance.solo, "override": clearance.override}
    data = {"goal": str(clearance.goal_id), **marks, **detail}
    audit.append(actor=actor, what=what, subject=subject, data=data)
    events.record(events.Happening(clearance.goal_id, what, subject, data), actor=actor)
