"""Files of a goal: the brief byte for byte, artifacts shown and downloaded, commits with what they changed."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from apps.core.errors import NotThere
from apps.dashboard.pages import files, history
from apps.dashboard.replies import is_htmx
from apps.delivery.selectors import artifact_content
from apps.goals.models import Goal
from apps.goals.selectors import brief_bytes


@login_required
@require_GET
def brief(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """``strategic_prompt.txt``."""
    return _download(brief_bytes(goal=get_object_or_404(Goal, pk=goal_id)), files.BRIEF)


@login_required
@require_GET
def raw(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """One artifact, to be saved: never shown by the browser as what an agent wrote it to be."""
    path = request.GET.get("path", "")
    goal = get_object_or_404(Goal, pk=goal_id)
    try:
        content = brief_bytes(goal=goal) if path == files.BRIEF else artifact_content(goal=goal, path=path)
    except NotThere as error:
        raise Http404(error.detail) from error
    return _download(content, path.rsplit("/", 1)[-1])


@login_required
@require_GET
def file(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """One artifact rendered, as the fragment beside the tree."""
    path = request.GET.get("path", "")
    return _part(
        request, goal_id, "goals/_file.html", "artifacts", f"?path={path}", lambda goal: files.shown(goal, path)
    )


@login_required
@require_GET
def commit(request: HttpRequest, goal_id: uuid.UUID, oid: str) -> HttpResponse:
    """What one commit changed, as the fragment beside the list."""
    part = "goals/_commit.html"
    return _part(request, goal_id, part, "history", f"?commit={oid}", lambda goal: history.difference(goal, oid))


def _part(request: HttpRequest, goal_id: uuid.UUID, template: str, tab: str, query: str, context: Any) -> HttpResponse:
    """The fragment for htmx; whoever opens its address alone gets the tab with it."""
    goal = get_object_or_404(Goal, pk=goal_id)
    if not is_htmx(request):
        return redirect(reverse("goal-tab", args=[goal.pk, tab]) + query)
    return render(request, template, context(goal))


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name or "file") or "attachment"
    return response
