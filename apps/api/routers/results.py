"""What a goal gave: the deliverable, the report, the metrics."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from apps.api import queries
from apps.api.schemas.goals import MetricsOut
from apps.api.streaming import file_response
from apps.delivery import selectors as delivery
from apps.insight.selectors import goal_metrics

router = Router(tags=["results"])
# The report is one page with its styles inside, and words of agents in it: styles may apply, nothing may run or load.
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
NAME = "final_deliverable.zip"
ZIP = {"responses": {200: {"description": "OK", "content": {"application/zip": {"schema": {"type": "string"}}}}}}
TEXT = {
    "responses": {
        200: {
            "description": "OK",
            "content": {kind: {"schema": {"type": "string"}} for kind in ("text/html", "text/markdown")},
        }
    }
}


@router.get("/goals/{goal_id}/deliverable", openapi_extra=ZIP, summary="Download final_deliverable.zip")
def deliverable_get(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """409 before the goal is delivered. The header `X-Content-SHA256` is the archive's digest."""
    deliverable, path = delivery.deliverable_file(goal=queries.goal(goal_id))
    response = file_response(request, path, name=NAME, content_type="application/zip")
    response["X-Content-SHA256"] = deliverable.sha256
    return response


@router.get("/goals/{goal_id}/report", openapi_extra=TEXT, summary="Get the summary report")
def report_get(request: HttpRequest, goal_id: uuid.UUID, format: Literal["html", "markdown"] = "html") -> Any:
    """As it stands now; 409 before the goal is started."""
    goal = queries.goal(goal_id)
    if format == "markdown":
        return HttpResponse(delivery.report_markdown(goal=goal), content_type="text/markdown; charset=utf-8")
    response = HttpResponse(delivery.report_html(goal=goal), content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = REPORT_POLICY
    return response


@router.get("/goals/{goal_id}/metrics", response=MetricsOut, summary="Get a goal's metrics")
def metrics_get(request: HttpRequest, goal_id: uuid.UUID) -> Any:
    """How it went so far; people's waiting is shown apart and counts in neither ratio."""
    return goal_metrics(queries.goal(goal_id))
