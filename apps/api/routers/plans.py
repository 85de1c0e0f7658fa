"""Approaches and plans."""

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Router

from apps.api import queries
from apps.api.auth import person_of
from apps.api.schemas.facts import PlanIn
from apps.api.schemas.goals import GoalOut
from apps.api.schemas.plans import ApproachesOut, ApproachIn, PlanOut
from apps.goals import selectors as goal_selectors
from apps.hub import actions
from apps.planning import selectors

router = Router(tags=["plans"])


@router.get("/goals/{goal_id}/approaches", response=ApproachesOut, summary="Compare the approaches")
def approach_list(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """Those of the newest exploration, with their scores and the Tree of Thoughts."""
    return selectors.comparison(goal=queries.goal(goal_id))


@router.post("/goals/{goal_id}/approach", response=PlanOut, summary="Choose an approach")
def approach_choose(request: HttpRequest, goal_id: uuid.UUID, payload: ApproachIn) -> Any:
    """Proposes the plan of this approach instead of the one that is proposed now."""
    approach = queries.one(selectors.approaches(goal=queries.goal(goal_id)), "approach", pk=payload.approach)
    plan = actions.approach_choose(approach=approach, person=person_of(request))
    return queries.one(queries.plans(), "plan", pk=plan.pk)


@router.get("/goals/{goal_id}/plan", response=PlanOut, summary="Get a goal's plan")
def goal_plan(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """The active plan, else the newest that is proposed."""
    return queries.plan_of(queries.goal(goal_id).pk)


@router.post("/goals/{goal_id}/plan", response=GoalOut, summary="Begin planning a draft")
def plan_begin(request: HttpRequest, goal_id: uuid.UUID, payload: Annotated[PlanIn | None, Body()] = None) -> Any:
    """With these answers; each question that is not answered keeps its default."""
    answers = payload.answers if payload else {}
    actions.goal_plan(goal=queries.goal(goal_id), person=person_of(request), answers=answers)
    return goal_selectors.goal_get(goal_id=goal_id)


@router.get("/plans/{plan_id}", response=PlanOut, summary="Get a plan")
def plan_get(request: HttpRequest, plan_id: uuid.UUID) -> Any:
    return queries.one(queries.plans(), "plan", pk=plan_id)
