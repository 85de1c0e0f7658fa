"""Gates: look at what there is to decide, and vote as a person."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from apps.accounts import sessions
from apps.accounts.models import Group
from apps.accounts.policy import require
from apps.api import queries
from apps.api.auth import person_of
from apps.api.creating import IDEMPOTENT, created
from apps.api.paging import Page, Paging, page
from apps.api.schemas.gates import EvidenceOut, GateOut, GateRow, VoteIn
from apps.core.errors import Conflict, Invalid
from apps.hub import actions

router = Router(tags=["gates"])
GateStatus = Literal[
    "", "pending", "reviewing", "open", "deciding", "passed", "changes_requested", "rejected", "closed"
]


@router.get("/gates", response=Page[GateRow], summary="List gates")
def gate_list(request: HttpRequest, paging: Paging, goal: uuid.UUID | None = None, status: GateStatus = "") -> Any:
    """By goal and phase; each with its newest round."""
    rows = queries.gates()
    rows = rows.filter(goal=goal) if goal else rows
    rows = rows.filter(status=status) if status else rows
    found = page(rows, paging, order=["goal_id", "phase"])
    return {**found, "items": queries.gate_rows(found["items"])}


@router.get("/gates/{gate_id}", response=GateOut, summary="Get a gate")
def gate_get(request: HttpRequest, gate_id: uuid.UUID) -> Any:
    """With the checks, votes and conditions of its newest round."""
    return queries.gate_whole(gate_id)


@router.get("/gates/{gate_id}/evidence", response=EvidenceOut, summary="Get a gate's evidence")
def gate_evidence(request: HttpRequest, gate_id: uuid.UUID) -> Any:
    """What people decide on, frozen: 409 until the newest round has it."""
    queries.one(queries.gates(), "gate", pk=gate_id)
    newest = queries.newest_round(gate_id)
    if newest is None or newest.evidence is None:
        raise Conflict("The evidence is not frozen yet: the phase's tasks or its reviews are still under way.")
    return {
        "gate": gate_id,
        "round": newest.number,
        "evidence_digest": newest.evidence_digest,
        "evidence": newest.evidence,
    }


@router.post("/gates/{gate_id}/votes", response={201: GateOut}, openapi_extra=IDEMPOTENT, summary="Vote at a gate")
def gate_vote(request: HttpRequest, gate_id: uuid.UUID, payload: VoteIn) -> Any:
    """From a person's session only. 409 when the evidence is no longer what you saw; 422 when a rule refuses."""
    person = person_of(request)
    require(person, "gate.vote")
    gate = queries.one(queries.gates(), "gate", pk=gate_id)

    def make() -> Any:
        actions.gate_vote(
            person=person,
            gate=gate,
            verdict=payload.verdict,
            evidence_digest=payload.evidence_digest,
            comment=payload.comment,
            group=_group(payload.group),
            items=_items(payload),
            to_phase=payload.to_phase,
            reason_code=payload.reason_code,
            signed_in_at=sessions.signed_in_at(request.session),
        )
        return queries.gate_whole(gate_id)

    return created(request, GateOut, make)


def _items(payload: VoteIn) -> list[dict[str, Any]]:
    chosen = payload.conditions if payload.verdict == "approve_with_conditions" else payload.items
    return [one.dict() for one in chosen]


def _group(slug: str | None) -> Group | None:
    if not slug:
        return None
    group = Group.objects.filter(slug=slug).first()
    if group is None:
        raise Invalid({"group": f"There is no group '{slug}'."})
    return group
