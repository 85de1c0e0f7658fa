"""The plan of a goal: look, choose another approach, start."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import NotThere
from apps.dashboard.forms.weighing import WeighForm
from apps.dashboard.live.topics import goal_topic
from apps.dashboard.pages import approaches, drawing, replanning
from apps.dashboard.pages import plan as pages
from apps.dashboard.pages.controls import refusal
from apps.dashboard.replies import acted
from apps.dashboard.views.goal_tabs import asked_of
from apps.dashboard.views.replanning import CARRIED
from apps.dashboard.views.signed_in import person_of
from apps.goals.models import Goal
from apps.goals.selectors import stream_seq
from apps.hub import actions
from apps.tasks.models import Approach

# The graph and the timeline of more tasks than these are read after the page.
AT_ONCE = 150


@login_required
@require_GET
def plan(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    return _page(request, goal_id)


def _page(request: HttpRequest, goal_id: uuid.UUID, weigh: WeighForm | None = None, status: int = 200) -> HttpResponse:
    seq = stream_seq(stream=goal_id)
    asked = asked_of(request, goal_id)
    context = pages.plan(asked.goal, asked.person) | {"nav_active": "goals", "topic": goal_topic(goal_id), "seq": seq}
    context |= replanning.replanning_of(asked.goal, asked.person)
    context |= {
        # Words that somebody brings along, such as a request for changes; nothing is done with them here.
        "addition": request.GET.get("addition", "")[:CARRIED],
        "weigh": weigh or WeighForm(goal=asked.goal),
        "weigh_why_not": refusal(asked.person, "goal.replan", asked.goal),
    }
    return render(request, "plans/page.html", context | _drawn(asked.goal, context), status=status)


def _drawn(goal: Goal, context: dict[str, Any]) -> dict[str, Any]:
    """Graph and timeline; of a large plan places for them, so that the page need not wait."""
    standing, number = context["plan"], context["estimates"].get("total", 0)
    if number > AT_ONCE:
        later = {"goal": goal, "plan": standing, "later": number}
        return {"graph": later, "line": later | {"elapsed": None}}
    return {"graph": drawing.graph(goal, standing), "line": drawing.timeline(goal, standing)}


@login_required
@require_GET
def difference(request: HttpRequest, goal_id: uuid.UUID, approach_id: uuid.UUID) -> HttpResponse:
    """What choosing this approach would change: the middle of a dialog."""
    asked = asked_of(request, goal_id)
    try:
        context = approaches.changes(asked.goal, approach_id)
    except NotThere as error:
        raise Http404(error.detail) from error
    return render(request, "plans/_difference.html", context)


@login_required
@require_POST
def choose(request: HttpRequest, goal_id: uuid.UUID, approach_id: uuid.UUID) -> HttpResponse:
    """Propose the plan of another approach."""
    get_object_or_404(Goal, pk=goal_id)
    approach, person = get_object_or_404(Approach, pk=approach_id, goal=goal_id), person_of(request)

    def perform() -> str:
        actions.approach_choose(approach=approach, person=person)
        return f"The plan of “{approach.name}” is proposed now."

    return acted(request, perform, back=reverse("goal-plan", args=[goal_id]), leave=True)


@login_required
@require_POST
def weigh(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """Plan anew with other weights; words beside what can't be one."""
    goal, person = get_object_or_404(Goal, pk=goal_id), person_of(request)
    form = WeighForm(request.POST, goal=goal)
    if not form.is_valid():
        return _page(request, goal_id, form, 422)
    back = reverse("goal-plan", args=[goal_id])

    def perform() -> str:
        actions.goal_replan(goal=goal, person=person, why="Weighed otherwise.", weigh=form.weighing)
        return "The goal is planned anew with these weights."

    return acted(request, perform, back=back, leave=True)


urlpatterns = [
    path("goals/<uuid:goal_id>/plan", plan, name="goal-plan"),
    path("goals/<uuid:goal_id>/weigh", weigh, name="goal-weigh"),
    path("goals/<uuid:goal_id>/approaches/<uuid:approach_id>", difference, name="approach-difference"),
    path("goals/<uuid:goal_id>/approaches/<uuid:approach_id>/choose", choose, name="approach-choose"),
]
