"""The page of a goal: head, rail, one of nine tabs; each live region is a fragment with the same template."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.models import Person
from apps.core.errors import NotThere
from apps.dashboard.live.topics import goal_topic
from apps.dashboard.pages import (
    brief,
    drawing,
    feed,
    files,
    goal_head,
    goal_tasks,
    history,
    phases,
    replanning,
    results,
    thoughts,
)
from apps.dashboard.pages import plan as plan_page
from apps.dashboard.replies import is_htmx
from apps.dashboard.views.signed_in import person_of
from apps.goals.models import Goal
from apps.goals.selectors import goal_get, stream_seq
from apps.tasks.selectors import plan_shown


@dataclass(frozen=True)
class Asked:
    """What a context function may look at: the goal, the person, and the numbers and texts of the address."""

    goal: Goal
    person: Person
    query: Mapping[str, str]

    def number(self, name: str, default: int | None = None) -> int | None:
        text = self.query.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else default

    def phase(self) -> int | None:
        found = self.number("phase")
        return found if found in range(1, 8) else None

    def page(self) -> int:
        return max(1, self.number("page") or 1)


Context = Callable[[Asked], dict[str, Any]]


def _overview(asked: Asked) -> dict[str, Any]:
    return _tasks(asked) | goal_tasks.gates(asked.goal)


def _tasks(asked: Asked) -> dict[str, Any]:
    return goal_tasks.tasks(asked.goal, phase=asked.phase(), page=asked.page())


def _graph(asked: Asked) -> dict[str, Any]:
    return drawing.graph(asked.goal, plan_shown(goal=asked.goal))


def _timeline(asked: Asked) -> dict[str, Any]:
    return drawing.timeline(asked.goal, plan_shown(goal=asked.goal))


def _events(asked: Asked) -> dict[str, Any]:
    return feed.feed(asked.goal, since=asked.number("since"))


def _artifacts(asked: Asked) -> dict[str, Any]:
    path = asked.query.get("path", "")
    return files.tree(asked.goal, chosen=path) | files.shown(asked.goal, path)


def _tree(asked: Asked) -> dict[str, Any]:
    return files.tree(asked.goal, chosen=asked.query.get("path", ""))


def _commits(asked: Asked) -> dict[str, Any]:
    return history.commits(asked.goal, chosen=asked.query.get("commit", ""))


def _history(asked: Asked) -> dict[str, Any]:
    listed = _commits(asked)
    return listed | (history.difference(asked.goal, listed["chosen"]) if listed["chosen"] else {})


TABS: Mapping[str, tuple[str, str, Context]] = {
    "overview": ("Overview", "list", _overview),
    "graph": ("Graph", "graph", _graph),
    "timeline": ("Timeline", "timeline", _timeline),
    "events": ("Events", "bell", _events),
    "artifacts": ("Artifacts", "folder", _artifacts),
    "history": ("History", "git-commit", _history),
    "brief": ("Brief", "file-text", lambda asked: brief.brief(asked.goal, asked.person)),
    "metrics": ("Metrics", "chart-bar", lambda asked: results.metrics(asked.goal)),
    "deliverable": ("Deliverable", "package", lambda asked: results.deliverable(asked.goal)),
}

FRAGMENTS: Mapping[str, tuple[str, Context]] = {
    "goal-head": ("goals/_head.html", lambda asked: goal_head.head(asked.goal, asked.person)),
    "goal-rail": ("goals/_rail.html", lambda asked: {"phases": phases.rails([asked.goal])[asked.goal.pk]}),
    "goal-tasks": ("goals/_tasks.html", _tasks),
    "goal-gates": ("goals/_gates.html", lambda asked: goal_tasks.gates(asked.goal)),
    "goal-graph": ("goals/_graph.html", _graph),
    "goal-timeline": ("goals/_timeline.html", _timeline),
    "goal-events": ("goals/_events.html", _events),
    "goal-artifacts": ("goals/_artifacts.html", _tree),
    "goal-history": ("goals/_history.html", _commits),
    "goal-metrics": ("goals/_metrics.html", lambda asked: results.metrics(asked.goal)),
    "goal-deliverable": ("goals/_deliverable.html", lambda asked: results.deliverable(asked.goal)),
    "goal-questions": ("goals/_questions.html", lambda asked: brief.questions(asked.goal, asked.person)),
    "goal-plan": ("plans/_plan.html", lambda asked: plan_page.plan(asked.goal, asked.person)),
    "plan-drafts": ("plans/_drafts.html", lambda asked: replanning.replanning_of(asked.goal, asked.person)),
    "plan-rice": ("plans/_rice.html", lambda asked: plan_page.rice(asked.goal, page=asked.page())),
    "plan-thoughts": ("plans/_thoughts.html", lambda asked: thoughts.thoughts(asked.goal)),
}  # fmt: skip


@login_required
@require_GET
def goal(request: HttpRequest, goal_id: uuid.UUID, tab: str = "overview") -> HttpResponse:
    """The whole page, or, when htmx exchanges the tab, that region alone."""
    if tab not in TABS:
        raise Http404
    # Read before anything that is shown: what happens from here on is pushed, and read again.
    seq = stream_seq(stream=goal_id)
    asked = asked_of(request, goal_id)
    context = {"goal": asked.goal, "tab": tab, "tabs": _tabs(asked.goal), "seq": seq} | TABS[tab][2](asked)
    htmx: Any = getattr(request, "htmx", None)
    if htmx and htmx.target == "goal-view":
        return render(request, "goals/_view.html", context)
    context |= {"nav_active": "goals", "topic": goal_topic(goal_id), "phases": phases.rails([asked.goal])[goal_id]}
    return render(request, "goals/page.html", context | goal_head.head(asked.goal, asked.person))


@login_required
@require_GET
def fragment(request: HttpRequest, goal_id: uuid.UUID, name: str) -> HttpResponse:
    """One region of the goal's pages, by the name that the push sends."""
    if name not in FRAGMENTS:
        raise Http404
    template, context = FRAGMENTS[name]
    asked = asked_of(request, goal_id)
    return render(request, template, {"goal": asked.goal} | context(asked))


@login_required
@require_GET
def older(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """The events before number ``before``: more lines for the end of the feed."""
    asked = asked_of(request, goal_id)
    context = feed.feed(asked.goal, before=asked.number("before", 1))
    if not is_htmx(request):
        context |= {"tab": "events", "tabs": _tabs(asked.goal), "nav_active": "goals"}
    return render(request, "goals/_events_older.html", context)


def asked_of(request: HttpRequest, goal_id: uuid.UUID) -> Asked:
    """The goal of the address and who asks; 404 for an unknown one."""
    try:
        found = goal_get(goal_id=goal_id)
    except NotThere as error:
        raise Http404(error.detail) from error
    query = {name: str(value).replace("\x00", "") for name, value in request.GET.items()}
    return Asked(found, person_of(request), query)


def _tabs(found: Goal) -> list[dict[str, str]]:
    def href(key: str) -> str:
        return reverse("goal", args=[found.pk]) if key == "overview" else reverse("goal-tab", args=[found.pk, key])

    return [{"key": key, "title": title, "icon": icon, "href": href(key)} for key, (title, icon, _) in TABS.items()]
