"""POST /goals/{id}/supplied: artifacts for a goal that starts in a later phase, as JSON or as a form."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import ValidationError

from apps.api import queries
from apps.api.auth import person_of
from apps.api.parsing import StrictParser
from apps.api.schemas.goals import GoalOut
from apps.api.schemas.supplied import SupplyIn
from apps.core.errors import Invalid
from apps.delivery.supplying import files_of
from apps.goals import selectors
from apps.hub import actions

router = Router(tags=["goals"])
_FORM = "multipart/form-data"
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "first_phase": {"type": ["integer", "null"], "minimum": 1, "maximum": 7},
                        "files": {
                            "type": "array",
                            "maxItems": 2000,
                            "items": {
                                "type": "object",
                                "required": ["path", "content"],
                                "properties": {
                                    "path": {"type": "string", "maxLength": 300},
                                    "content": {"type": "string", "description": "base64"},
                                },
                            },
                        },
                    },
                }
            },
            _FORM: {
                "schema": {
                    "type": "object",
                    "description": "A field's name is the file's path; of 'files' the file's own name is. "
                    "Archives (.zip) are unpacked.",
                    "properties": {
                        "first_phase": {"type": "integer", "minimum": 1, "maximum": 7},
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    },
                    "additionalProperties": {"type": "string", "format": "binary"},
                }
            },
        },
    }
}


@router.post("/goals/{goal_id}/supplied", response=GoalOut, openapi_extra=_BODY, summary="Supply artifacts")
def goal_supply(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """Before the start, the goal is planned from `first_phase` on; what is missing for that is named in `failure`.

    While it runs, what was supplied can be changed until the gate of its phase has passed: the gate opens anew then.
    409 with words for everything else."""
    goal = queries.goal(goal_id)
    uploads, first_phase = _form(request) if request.content_type == _FORM else _json(request)
    actions.goal_supply(goal=goal, person=person_of(request), files=files_of(uploads), first_phase=first_phase)
    return selectors.goal_get(goal_id=goal_id)


def _json(request: HttpRequest) -> tuple[list[tuple[str, bytes]], int | None]:
    try:
        asked = SupplyIn.model_validate(StrictParser().parse_body(request))
    except ValidationError as error:
        fields = {".".join(map(str, one["loc"])) or "body": one["msg"] for one in error.errors()}
        raise Invalid(fields) from error
    return [(file.path, file.decoded()) for file in asked.files], asked.first_phase


def _form(request: HttpRequest) -> tuple[list[tuple[str, bytes]], int | None]:
    uploads = [
        (str(file.name) if field == "files" else field, file.read())
        for field, files in request.FILES.lists()
        for file in files
    ]
    phase = str(request.POST.get("first_phase", "")).strip()
    if phase and not (phase.isascii() and phase.isdecimal() and len(phase) < 4):
        raise Invalid({"first_phase": "A goal starts in a phase from 1 to 7."})
    return uploads, int(phase) if phase else None
