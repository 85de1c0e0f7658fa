"""The plan of a goal: look, choose another approach, start."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import NotThere
from apps.dashboard.live.topics import goal_topic
from apps.dashboard.pages import drawing
from apps.dashboard.pages import plan as pages
from apps.dashboard.replies import acted
from apps.dashboard.views.goal_tabs import asked_of
from apps.dashboard.views.signed_in import person_of
from apps.goals.models import Goal
from apps.goals.selectors import stream_seq
from apps.hub import actions
from apps.tasks.models import Approach


@login_required
@require_GET
def plan(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    seq = stream_seq(stream=goal_id)
    asked = asked_of(request, goal_id)
    context = pages.plan(asked.goal, asked.person) | {"nav_active": "goals", "topic": goal_topic(goal_id), "seq": seq}
    context |= {
        "graph": drawing.graph(asked.goal, context["plan"]),
        "line": drawing.timeline(asked.goal, context["plan"]),
    }
    return render(request, "plans/page.html", context)


@login_required
@require_GET
def difference(request: HttpRequest, goal_id: uuid.UUID, approach_id: uuid.UUID) -> HttpResponse:
    """What choosing this approach would change: the middle of a dialog."""
    asked = asked_of(request, goal_id)
    try:
        context = pages.difference(asked.goal, approach_id)
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


urlpatterns = [
    path("goals/<uuid:goal_id>/plan", plan, name="goal-plan"),
    path("goals/<uuid:goal_id>/approaches/<uuid:approach_id>", difference, name="approach-difference"),
    path("goals/<uuid:goal_id>/approaches/<uuid:approach_id>/choose", choose, name="approach-choose"),
]
