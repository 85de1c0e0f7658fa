"""Drafts: a plan that people change before it stands. Editing is open to tokens; proposing is a person's own."""

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Router

from apps.api import queries
from apps.api.auth import person_of
from apps.api.creating import IDEMPOTENT, created
from apps.api.schemas.drafts import DraftIn, EditIn, EditionIn
from apps.api.schemas.plans import PlanOut
from apps.hub import actions
from apps.tasks.models import Plan

router = Router(tags=["plans"])


@router.post("/plans/{plan_id}/drafts", response={201: PlanOut}, openapi_extra=IDEMPOTENT, summary="Draft an edit")
def draft_create(request: HttpRequest, plan_id: uuid.UUID, payload: Annotated[DraftIn | None, Body()] = None) -> Any:
    """A draft made from this plan, also from an older or a discarded one. Nothing changes for the plan that stands."""
    plan, why = _plan(plan_id), payload.why if payload else ""

    def make() -> Any:
        return _whole(actions.draft_begin(plan=plan, person=person_of(request), why=why))

    return created(request, PlanOut, make)


@router.post("/plans/{plan_id}/edits", response=PlanOut, summary="Edit a draft")
def draft_edit(request: HttpRequest, plan_id: uuid.UUID, payload: EditIn) -> Any:
    """One edit; everything derived is computed anew. 409 with the difference where another edition stands meanwhile."""
    person = person_of(request)
    return _whole(
        actions.draft_edit(plan=_plan(plan_id), person=person, edition=payload.edition, operation=payload.operation)
    )


@router.post("/plans/{plan_id}/undo", response=PlanOut, summary="Undo the last edit of a draft")
def draft_undo(request: HttpRequest, plan_id: uuid.UUID, payload: EditionIn) -> Any:
    """The edition before stands again, exactly as it was."""
    return _whole(actions.draft_undo(plan=_plan(plan_id), person=person_of(request), edition=payload.edition))


@router.post("/plans/{plan_id}/redo", response=PlanOut, summary="Do again what was undone")
def draft_redo(request: HttpRequest, plan_id: uuid.UUID, payload: EditionIn) -> Any:
    return _whole(actions.draft_redo(plan=_plan(plan_id), person=person_of(request), edition=payload.edition))


@router.post("/plans/{plan_id}/propose", response=PlanOut, summary="Propose a draft")
def draft_propose(request: HttpRequest, plan_id: uuid.UUID, payload: EditionIn) -> Any:
    """Instead of the plan that is proposed, while the goal is not started; from a session only. While the goal runs,
    `POST /plans/{id}/activate` it instead."""
    return _whole(actions.draft_propose(plan=_plan(plan_id), person=person_of(request), edition=payload.edition))


@router.post("/plans/{plan_id}/discard", response=PlanOut, summary="Discard a draft")
def draft_discard(request: HttpRequest, plan_id: uuid.UUID) -> Any:
    """It can still be read, and another draft be made from it."""
    return _whole(actions.draft_discard(plan=_plan(plan_id), person=person_of(request)))


def _plan(plan_id: uuid.UUID) -> Plan:
    found: Plan = queries.one(Plan.objects.select_related("goal"), "plan", pk=plan_id)
    return found


def _whole(plan: Plan) -> Any:
    return queries.one(queries.plans(), "plan", pk=plan.pk)
