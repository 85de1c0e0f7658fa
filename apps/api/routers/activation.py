"""Drafts of a running goal: see what activating one would do, and do it."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from apps.api import queries
from apps.api.auth import person_of
from apps.api.schemas.activation import ActivateIn, ActivationOut, DraftsOut
from apps.api.schemas.plans import PlanOut
from apps.hub import actions, foreseeing
from apps.planning import replanning
from apps.tasks.models import Plan

router = Router(tags=["plans"])


@router.get("/goals/{goal_id}/drafts", response=DraftsOut, summary="List a goal's drafts")
def draft_list(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """Newest first. `planning` says that a new version was asked for and is not there yet."""
    goal = queries.goal(goal_id)
    drafts = Plan.objects.filter(goal=goal, status="draft").select_related("drafted_by")
    return {"items": list(drafts.order_by("-version")), "planning": replanning.asked_of(goal)}


@router.get("/plans/{plan_id}/activation", response=ActivationOut, summary="See what activating a draft would do")
def activation_get(request: HttpRequest, plan_id: uuid.UUID) -> Any:
    """The difference to the active plan; what is done again, which gates reopen, whose clearances are revoked."""
    draft = queries.one(Plan.objects.select_related("goal", "base"), "plan", pk=plan_id)
    standing = Plan.objects.filter(goal=draft.goal, status="active").first()
    why_not = foreseeing.why_not(draft.goal, draft, standing)
    found: dict[str, Any] = {"plan": draft.pk, "base": draft.base_id, "why_not": why_not}
    if why_not or standing is None:
        return found
    seen = foreseeing.foresee(goal=draft.goal, draft=draft, standing=standing)
    return found | seen.as_dict() | {"difference": seen.difference.as_dict()}


@router.post("/plans/{plan_id}/activate", response=PlanOut, summary="Activate a draft")
def activate(request: HttpRequest, plan_id: uuid.UUID, payload: ActivateIn) -> Any:
    """While its goal runs or is paused; from a session only. 409 where another version became active meanwhile, and
    where it would do something else by now: then with what."""
    draft = queries.one(Plan.objects.select_related("goal"), "plan", pk=plan_id)
    actions.plan_activate(plan=draft, person=person_of(request), digest=payload.digest)
    return queries.one(queries.plans(), "plan", pk=plan_id)
