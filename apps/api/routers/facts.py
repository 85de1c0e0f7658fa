"""Facts: what was understood of a brief, corrections of it."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from apps.api import queries
from apps.api.auth import person_of
from apps.api.schemas.facts import CorrectionsIn, FactsOut
from apps.goals.models import Goal
from apps.hub import actions
from apps.planning.understanding import understanding

router = Router(tags=["goals"])


@router.get("/goals/{goal_id}/facts", response=FactsOut, summary="Get what was understood of a brief")
def facts_get(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """With people's corrections and answers applied; the brief itself is never edited."""
    return _facts(queries.goal(goal_id))


@router.patch("/goals/{goal_id}/facts", response=FactsOut, summary="Correct the facts of a brief")
def facts_correct(request: HttpRequest, goal_id: uuid.UUID, payload: CorrectionsIn) -> Any:
    """Before the plan is started only. A proposed plan stands until the goal is planned anew."""
    changes = [change.dict() for change in payload.changes]
    return _facts(actions.facts_correct(goal=queries.goal(goal_id), person=person_of(request), changes=changes))


def _facts(goal: Goal) -> dict[str, Any]:
    found = understanding(goal=goal)
    return {
        "facts": found.facts.as_dict(),
        "corrections": goal.corrections,
        "questions": list(queries.questions().filter(goal=goal)),
        "changed": found.changed,
    }
