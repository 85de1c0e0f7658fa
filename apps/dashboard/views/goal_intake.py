"""The intake page: what was understood, to be corrected, and the questions, to be answered or skipped."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.dashboard.forms.intake import answers_of, correction_of
from apps.dashboard.live.topics import goal_topic
from apps.dashboard.pages.intake import intake as page
from apps.dashboard.replies import acted
from apps.dashboard.views.goal_tabs import asked_of
from apps.dashboard.views.signed_in import person_of
from apps.goals.models import Goal
from apps.goals.selectors import stream_seq
from apps.hub import actions


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """Look; or post the answers, which begins planning (``act=skip`` leaves every question to its default)."""
    if request.method == "POST":
        return _plan(request, goal_id)
    seq = stream_seq(stream=goal_id)
    asked = asked_of(request, goal_id)
    context = page(asked.goal, asked.person) | {"nav_active": "goals", "topic": goal_topic(goal_id), "seq": seq}
    return render(request, "goals/intake.html", context)


def _plan(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    goal, person = get_object_or_404(Goal, pk=goal_id), person_of(request)
    answers = {} if request.POST.get("act") == "skip" else answers_of(request.POST)

    def perform() -> str:
        actions.goal_plan(goal=goal, person=person, answers=answers)
        return "Planning has begun."

    return acted(request, perform, back=reverse("goal-plan", args=[goal_id]), leave=True)


@login_required
@require_POST
def correct(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """One correction of one fact."""
    goal, person = get_object_or_404(Goal, pk=goal_id), person_of(request)

    def perform() -> str:
        actions.facts_correct(goal=goal, person=person, changes=[correction_of(request.POST)])
        return "Your correction is kept. The brief stays as it was written."

    return acted(request, perform, back=reverse("goal-intake", args=[goal_id]), leave=True)
