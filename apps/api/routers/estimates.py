"""What was learnt of how long tasks take."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from apps.api.schemas.estimates import LessonsOut
from apps.planning.learning import lessons_learnt

router = Router(tags=["plans"])


@router.get("/estimates", response=LessonsOut, summary="List what was learnt")
def estimate_list(request: HttpRequest) -> Any:
    """Every task of the method library, what rests on the most attempts first; the next plan takes these estimates."""
    return {"items": lessons_learnt()}
