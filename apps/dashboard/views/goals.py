"""Goals: the list, a new one, and the page of one with its tabs and fragments."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from apps.dashboard.live.board import site_seq
from apps.dashboard.views import goal_actions, goal_files, goal_intake, goal_new, goal_tabs
from apps.goals.models import Goal
from apps.goals.selectors import LIVE, goal_list

PAGE = 30
FILTERS = (
    ("", "All", ""),
    ("live", "Under way", ""),
    ("proposed", "Need your start", "user-check"),
    ("delivered", "Delivered", "package"),
    ("accepted", "Accepted", "circle-check"),
    ("failed", "Failed", "circle-x"),
    ("cancelled", "Cancelled", "ban"),
)


@login_required
@require_GET
def goals(request: HttpRequest) -> HttpResponse:
    """The list; with htmx and as a live region the same fragment alone."""
    status = request.GET.get("status", "")
    status = status if status in {key for key, _, _ in FILTERS} or status in Goal.lifecycle.statuses else ""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    seq = site_seq()
    rows = goal_list(status=status)
    if words:
        rows = rows.filter(title__icontains=words)
    # The count needs none of the sums over tasks that the rows carry.
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    counts = dict(Goal.objects.order_by().values_list("status").annotate(number=Count("pk")))
    tabs = [
        {
            "key": key,
            "title": title,
            "icon": icon,
            "href": f"/goals?status={key}" if key else "/goals",
            "count": _sum(counts, key) or "",
        }
        for key, title, icon in FILTERS
    ]
    kept = {name: value for name, value in (("status", status), ("q", words)) if value}
    base = f"{urlencode(kept)}&" if kept else ""
    context: dict[str, Any] = {"query": f"{base}page={page.number}", "query_base": base}
    context |= {"nav_active": "goals", "page": page, "tabs": tabs, "status": status, "words": words, "site_seq": seq}
    return render(request, "goals/_list.html" if "fragment" in request.GET else "goals/list.html", context)


def _sum(counts: dict[str, int], key: str) -> int:
    if not key:
        return sum(counts.values())
    return sum(counts.get(one, 0) for one in (LIVE if key == "live" else (key,)))


goal_id = "goals/<uuid:goal_id>"
urlpatterns = [
    path("goals", goals, name="goals"),
    path("goals/new", goal_new.goal_new, name="goal-new"),
    path(goal_id, goal_tabs.goal, name="goal"),
    path(f"{goal_id}/act/<slug:key>", goal_actions.act, name="goal-act"),
    path(f"{goal_id}/intake", goal_intake.intake, name="goal-intake"),
    path(f"{goal_id}/facts", goal_intake.correct, name="goal-facts"),
    path(f"{goal_id}/questions/<uuid:question_id>", goal_actions.answer, name="goal-answer"),
    path(f"{goal_id}/fragment/<slug:name>", goal_tabs.fragment, name="goal-fragment"),
    path(f"{goal_id}/older", goal_tabs.older, name="goal-older"),
    path(f"{goal_id}/brief.txt", goal_files.brief, name="goal-brief"),
    path(f"{goal_id}/file", goal_files.file, name="goal-file"),
    path(f"{goal_id}/raw", goal_files.raw, name="goal-raw"),
    path(f"{goal_id}/commits/<str:oid>", goal_files.commit, name="goal-commit"),
    path(f"{goal_id}/<slug:tab>", goal_tabs.goal, name="goal-tab"),
]
