"""What a person does on a goal's pages: each calls one action of the hub and answers with a sentence."""

import uuid
from collections.abc import Callable, Mapping

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.models import Person
from apps.core.errors import CommandPostError
from apps.dashboard.pages.brief import questions
from apps.dashboard.replies import acted, is_htmx, refused
from apps.dashboard.views.signed_in import person_of
from apps.goals.models import Goal
from apps.hub import actions
from apps.inbox.models import Question


def _cancel(goal: Goal, person: Person, why: str) -> str:
    actions.goal_cancel(goal=goal, person=person, why=why)
    return "The goal is cancelled."


def _start(goal: Goal, person: Person, why: str) -> str:
    actions.goal_start(goal=goal, person=person)
    return "The plan is started. The agents begin with phase 1."


def _pause(goal: Goal, person: Person, why: str) -> str:
    actions.goal_pause(goal=goal, person=person)
    return "The goal is paused. What runs finishes, nothing new begins."


def _resume(goal: Goal, person: Person, why: str) -> str:
    actions.goal_resume(goal=goal, person=person)
    return "The goal goes on."


def _accept(goal: Goal, person: Person, why: str) -> str:
    actions.goal_accept(goal=goal, person=person)
    return "You have accepted the deliverable."


def _replan(goal: Goal, person: Person, why: str) -> str:
    actions.goal_replan(goal=goal, person=person)
    return "The goal is planned anew."


ACTIONS: Mapping[str, Callable[[Goal, Person, str], str]] = {
    "start": _start,
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "accept": _accept,
    "replan": _replan,
}
# After these the person looks at something else than before.
_GO = {"start": "goal", "replan": "goal-plan"}


@login_required
@require_POST
def act(request: HttpRequest, goal_id: uuid.UUID, key: str) -> HttpResponse:
    """Start, pause, resume, cancel, accept or plan anew."""
    if key not in ACTIONS:
        raise Http404
    goal, person = get_object_or_404(Goal, pk=goal_id), person_of(request)
    why = request.POST.get("why", "").replace("\x00", "")[:2000]
    to = reverse(_GO.get(key, "goal"), args=[goal.pk])
    leave = key in _GO or key == "cancel"
    return acted(request, lambda: ACTIONS[key](goal, person, why), back=to, reread="goal-head", leave=leave)


@login_required
@require_POST
def answer(request: HttpRequest, goal_id: uuid.UUID, question_id: uuid.UUID) -> HttpResponse:
    """Answer one of the goal's questions; htmx gets the list of questions again."""
    question = get_object_or_404(Question.objects.select_related("goal"), pk=question_id, goal=goal_id)
    person = person_of(request)
    back = reverse("goal-tab", args=[goal_id, "brief"])
    try:
        actions.question_answer(question=question, person=person, answer=request.POST.get("answer", ""))
    except CommandPostError as error:
        return refused(request, error, back=back)
    if not is_htmx(request):
        return acted(request, lambda: "Your answer is kept.", back=back)
    context = {"goal": question.goal} | questions(question.goal, person)
    response = render(request, "goals/_questions.html", context)
    response["HX-Trigger"] = '{"toast": {"text": "Your answer is kept.", "tone": "good"}}'
    return response
