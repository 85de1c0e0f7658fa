"""Goals: submit, look, and what a person does with one."""

import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, Query, Router

from apps.accounts.models import Group
from apps.api import queries
from apps.api.auth import person_of
from apps.api.creating import IDEMPOTENT, created
from apps.api.paging import Page, Paging, page
from apps.api.schemas.goals import (
    EventsOut,
    GoalIn,
    GoalOut,
    GoalRow,
    ReplanIn,
    RequirementOut,
    RequirementsOut,
    TickIn,
    Why,
)
from apps.core.errors import Invalid
from apps.goals import selectors
from apps.goals.intake import Constraints
from apps.goals.models import Goal
from apps.hub import actions

router = Router(tags=["goals"])
GoalStatus = Literal[
    "",
    "live",
    "draft",
    "planning",
    "proposed",
    "running",
    "paused",
    "delivering",
    "delivered",
    "accepted",
    "failed",
    "cancelled",
]


@router.get("/goals", response=Page[GoalRow], summary="List goals")
def goal_list(request: HttpRequest, paging: Paging, status: GoalStatus = "") -> Any:
    """Newest first. `status=live` gives all that are not at an end."""
    return page(selectors.goal_list(status=status), paging, order=["-created_at", "-id"])


@router.post("/goals", response={201: GoalOut}, openapi_extra=IDEMPOTENT, summary="Submit a goal")
def goal_submit(request: HttpRequest, payload: GoalIn) -> Any:
    """`start: true` starts the proposed plan as soon as it is there, in your name: from a session only.

    Planning begins at once, unless `ask: true` finds questions whose answers would change the plan: then the goal is a
    draft with these questions, and `POST /goals/{id}/plan` begins.
    """
    person = person_of(request)

    def make() -> Goal:
        goal = actions.goal_submit(
            person=person,
            title=payload.title,
            brief=payload.brief.encode(),
            constraints=Constraints(**payload.constraints.dict()),
            start=payload.start,
            group=_group(payload.group),
            weigh=payload.planning.weighing(),
            ask=payload.ask,
            template=payload.template,
        )
        return selectors.goal_get(goal_id=goal.pk)

    return created(request, GoalOut, make)


@router.get("/goals/{goal_id}", response=GoalOut, summary="Get a goal")
def goal_get(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    return selectors.goal_get(goal_id=goal_id)


@router.get("/goals/{goal_id}/events", response=EventsOut, summary="List a goal's events")
def goal_events(
    request: HttpRequest,
    goal_id: uuid.UUID,
    after: Annotated[int, Query(ge=0, le=2**62, description="number of the last event that you know")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Any:
    """Oldest first, without gaps: what comes after number n is all that happened since."""
    queries.goal(goal_id)
    return EventsOut.of(selectors.events_after(stream=goal_id, after=after, limit=limit + 1), limit)


@router.post("/goals/{goal_id}/start", response=GoalOut, summary="Start the proposed plan")
def goal_start(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """From a session only: it makes clearance 1 in your name."""
    actions.goal_start(goal=queries.goal(goal_id), person=person_of(request))
    return selectors.goal_get(goal_id=goal_id)


@router.post("/goals/{goal_id}/pause", response=GoalOut, summary="Pause a goal")
def goal_pause(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """What runs finishes and merges; nothing more is dispatched."""
    actions.goal_pause(goal=queries.goal(goal_id), person=person_of(request))
    return selectors.goal_get(goal_id=goal_id)


@router.post("/goals/{goal_id}/resume", response=GoalOut, summary="Resume a goal")
def goal_resume(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    actions.goal_resume(goal=queries.goal(goal_id), person=person_of(request))
    return selectors.goal_get(goal_id=goal_id)


@router.post("/goals/{goal_id}/cancel", response=GoalOut, summary="Cancel a goal")
def goal_cancel(request: HttpRequest, goal_id: uuid.UUID, payload: Annotated[Why | None, Body()] = None) -> Any:
    """Ends everything at once."""
    why = payload.why if payload else ""
    actions.goal_cancel(goal=queries.goal(goal_id), person=person_of(request), why=why)
    return selectors.goal_get(goal_id=goal_id)


@router.post("/goals/{goal_id}/replan", response=GoalOut, summary="Plan a goal anew")
def goal_replan(request: HttpRequest, goal_id: uuid.UUID, payload: Annotated[ReplanIn | None, Body()] = None) -> Any:
    """From the brief and the answers as they are now. While the goal runs, a draft is made.

    409 with words where the goal is not in a state in which it can be planned anew."""
    asked = payload or ReplanIn.model_validate({})
    actions.goal_replan(
        goal=queries.goal(goal_id),
        person=person_of(request),
        why=asked.why,
        addition=asked.addition,
        weigh=asked.planning.weighing() if asked.planning else None,
    )
    return selectors.goal_get(goal_id=goal_id)


@router.post("/goals/{goal_id}/accept", response=GoalOut, summary="Accept the deliverable")
def goal_accept(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """From a session only."""
    actions.goal_accept(goal=queries.goal(goal_id), person=person_of(request))
    return selectors.goal_get(goal_id=goal_id)


@router.get("/goals/{goal_id}/requirements", response=RequirementsOut, summary="List a goal's requirements")
def requirement_list(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """All of them, in the order of their numbers."""
    return {"items": list(selectors.requirements(goal=queries.goal(goal_id)))}


@router.post("/goals/{goal_id}/requirements/{number}/tick", response=RequirementOut, summary="Tick a requirement")
def requirement_tick(request: HttpRequest, goal_id: uuid.UUID, number: int, payload: TickIn) -> Any:
    """Says that a manual requirement is fulfilled, or takes it back. From a session only."""
    rows = selectors.requirements(goal=queries.goal(goal_id))
    requirement = queries.one(rows, "requirement", number=number)
    return actions.requirement_tick(requirement=requirement, person=person_of(request), done=payload.ticked)


def _group(slug: str | None) -> Group | None:
    if not slug:
        return None
    group = Group.objects.filter(slug=slug).first()
    if group is None:
        raise Invalid({"group": f"There is no group '{slug}'."})
    return group
