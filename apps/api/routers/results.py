"""What a goal gave: the deliverable, the report, the metrics."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from apps.api import queries
from apps.api.schemas.goals import MetricsOut
from apps.insight.selectors import goal_metrics

router = Router(tags=["results"])


@router.get("/goals/{goal_id}/metrics", response=MetricsOut, summary="Get a goal's metrics")
def metrics_get(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """How it went so far; people's waiting is shown apart and counts in neither ratio."""
    return goal_metrics(queries.goal(goal_id))
