"""The inbox: the list, the badge, a side panel, and answers and resolutions given in place."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import CommandPostError, Conflict, NotThere
from apps.dashboard.live.board import site_seq
from apps.dashboard.pages import inbox as pages
from apps.dashboard.replies import ALREADY, is_htmx, refused
from apps.dashboard.views import tasks
from apps.dashboard.views.signed_in import person_of
from apps.engine.lifecycle import IllegalMove
from apps.hub import actions
from apps.inbox.models import Escalation, Question
from apps.inbox.selectors import TABS, Tab, badge_count

# What a person does about the task behind an escalation.
ON_TASKS = ("retry", "reassign", "skip")


def _tab(request: HttpRequest) -> Tab:
    name = request.GET.get("tab", "needs_you")
    return name if name in TABS else "needs_you"


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    seq = site_seq()
    context = pages.table(person_of(request), _tab(request)) | {"nav_active": "inbox", "site_seq": seq}
    return render(request, "inbox/page.html", context)


@login_required
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The live region of the list."""
    return render(request, "inbox/_list.html", pages.table(person_of(request), _tab(request)))


@login_required
@require_GET
def badge(request: HttpRequest) -> HttpResponse:
    context = {"inbox_count": badge_count(person_of(request))}
    return render(request, "components/inbox_badge_live.html", context)


@login_required
@require_GET
def preview(request: HttpRequest, kind: str, key: uuid.UUID) -> HttpResponse:
    """One thing in the side panel."""
    if kind not in ("gate", "question", "escalation"):
        raise Http404
    return render(request, "inbox/_preview.html", _preview(request, kind, key))


def _preview(request: HttpRequest, kind: str, key: uuid.UUID) -> dict[str, Any]:
    person, tab = person_of(request), _tab(request)
    try:
        shown = pages.preview(person, kind, str(key))
    except NotThere as error:
        raise Http404(error.detail) from error
    return shown | {"tab": tab, "place": pages.place(person, tab, kind, str(key))}


@login_required
@require_GET
def question(request: HttpRequest, question_id: uuid.UUID) -> HttpResponse:
    return _page(request, "question", question_id)


@login_required
@require_GET
def escalation(request: HttpRequest, escalation_id: uuid.UUID) -> HttpResponse:
    return _page(request, "escalation", escalation_id)


def _page(request: HttpRequest, kind: str, key: uuid.UUID) -> HttpResponse:
    """The same panel as a page of its own: what links in messages open."""
    return render(request, "inbox/one.html", _preview(request, kind, key) | {"nav_active": "inbox", "alone": True})


@login_required
@require_POST
def answer(request: HttpRequest, question_id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Question, pk=question_id)

    def perform() -> str:
        actions.question_answer(question=found, person=person_of(request), answer=request.POST.get("answer", ""))
        return "Your answer is kept."

    return _answered(request, "question", question_id, perform)


@login_required
@require_POST
def resolve(request: HttpRequest, escalation_id: uuid.UUID) -> HttpResponse:
    """Say in words what was done about it."""
    found = get_object_or_404(Escalation, pk=escalation_id)
    words = request.POST.get("resolution", "")

    def perform() -> str:
        actions.escalation_resolve(escalation=found, person=person_of(request), resolution=words)
        return "The escalation is resolved."

    return _answered(request, "escalation", escalation_id, perform)


@login_required
@require_POST
def on_task(request: HttpRequest, escalation_id: uuid.UUID, key: str) -> HttpResponse:
    """Try its task again, give it to another agent, or go on without it; that resolves the escalation."""
    found = get_object_or_404(Escalation.objects.select_related("task"), pk=escalation_id)
    task = found.task
    if key not in ON_TASKS or task is None:
        raise Http404
    return _answered(
        request, "escalation", escalation_id, lambda: tasks.ACTIONS[key](task, person_of(request), request.POST)
    )


def _answered(request: HttpRequest, kind: str, key: uuid.UUID, perform: Callable[[], str]) -> HttpResponse:
    """Do it; with htmx the panel goes on to the next thing, else the page is the inbox again."""
    following = pages.place(person_of(request), _tab(request), kind, str(key)).following
    back = request.POST.get("back") if request.POST.get("back") == f"/{kind}s/{key}" else "/inbox"
    try:
        words = perform()
    except IllegalMove:
        return refused(request, Conflict(ALREADY), back=str(back))
    except CommandPostError as error:
        return refused(request, error, back=str(back))
    if not is_htmx(request):
        messages.success(request, words)
        return redirect("/inbox")
    context: dict[str, Any] = {"tab": _tab(request), "kind": ""}
    if following is not None:
        context = _preview(request, following.kind, uuid.UUID(following.id))
    response = render(request, "inbox/_preview.html", context)
    told = {"toast": {"text": words, "tone": "good"}, "live:changed": {"target": "#inbox-list"}}
    response["HX-Trigger"] = json.dumps(told)
    return response


urlpatterns = [
    path("inbox", inbox, name="inbox"),
    path("inbox/list", rows, name="inbox-list"),
    path("inbox/badge", badge, name="inbox-badge"),
    path("inbox/preview/<slug:kind>/<uuid:key>", preview, name="inbox-preview"),
    path("questions/<uuid:question_id>", question, name="question"),
    path("questions/<uuid:question_id>/answer", answer, name="question-answer"),
    path("escalations/<uuid:escalation_id>", escalation, name="escalation"),
    path("escalations/<uuid:escalation_id>/resolve", resolve, name="escalation-resolve"),
    path("escalations/<uuid:escalation_id>/task/<slug:key>", on_task, name="escalation-task"),
]
