"""Planning a running goal anew: ask for it, look at the draft, activate it."""

import uuid
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import StaleDifference
from apps.dashboard.live.topics import goal_topic
from apps.dashboard.pages import replanning as pages
from apps.dashboard.replies import acted, is_htmx
from apps.dashboard.views.signed_in import person_of
from apps.goals.models import Goal
from apps.goals.selectors import stream_seq
from apps.hub import actions
from apps.tasks.models import Plan

# What is carried over in an address.
CARRIED = 1500


@login_required
@require_POST
def replan(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """Ask for a new version of the plan, with what is added to the brief."""
    goal, person = get_object_or_404(Goal, pk=goal_id), person_of(request)
    addition, why = (request.POST.get(name, "").replace("\r\n", "\n") for name in ("addition", "why"))

    def perform() -> str:
        actions.goal_replan(goal=goal, person=person, why=why[:2000], addition=addition)
        return "A new version is planned. It comes as a draft; what runs goes on."

    back = reverse("goal-plan", args=[goal.pk])
    return acted(request, perform, back=f"{back}#replan", leave=True)


@login_required
@require_POST
def replan_words(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """From a request for changes that changes what is wanted: its words go into the box for additions."""
    get_object_or_404(Goal, pk=goal_id)
    texts = [*request.POST.getlist("item_text"), request.POST.get("comment", "")]
    words = "\n".join(text.strip() for text in texts if text.strip())[:CARRIED]
    return redirect(f"{reverse('goal-plan', args=[goal_id])}?addition={quote(words)}#replan")


@login_required
@require_GET
def activation(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """What activating this draft would do."""
    return _activation(request, plan_id)


def _activation(request: HttpRequest, plan_id: uuid.UUID, *, problem: str = "", status: int = 200) -> HttpResponse:
    draft = get_object_or_404(Plan.objects.select_related("goal", "base", "drafted_by"), pk=plan_id)
    seq = stream_seq(stream=draft.goal_id)
    context = pages.activation(draft, person_of(request)) | {"problem": problem}
    if is_htmx(request):
        return render(request, "plans/_activation.html", context, status=status)
    return render(
        request,
        "plans/activation.html",
        context | {"nav_active": "goals", "topic": goal_topic(draft.goal_id), "seq": seq},
        status=status,
    )


@login_required
@require_POST
def activate(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """Make this draft the active plan."""
    draft, person = get_object_or_404(Plan.objects.select_related("goal"), pk=plan_id), person_of(request)

    def perform() -> str:
        actions.plan_activate(plan=draft, person=person, digest=request.POST.get("digest", ""))
        return f"Version {draft.version} is the plan now."

    try:
        return acted(request, perform, back=reverse("goal-plan", args=[draft.goal_id]), leave=True, but=StaleDifference)
    except StaleDifference as error:
        return _activation(request, plan_id, problem=error.detail, status=error.status)


urlpatterns = [
    path("goals/<uuid:goal_id>/replan", replan, name="goal-replan"),
    path("goals/<uuid:goal_id>/replan/words", replan_words, name="goal-replan-words"),
    path("plans/<uuid:plan_id>/activation", activation, name="plan-activation"),
    path("plans/<uuid:plan_id>/activate", activate, name="plan-activate"),
]
