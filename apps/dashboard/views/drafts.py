"""The draft editor: begin, look, edit by forms (pages, or with htmx the middle of a dialog), undo, propose, discard."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import CommandPostError, Invalid, StaleDraft
from apps.dashboard.forms.drafts import FORMS, ChangeForm, EditForm
from apps.dashboard.live.topics import goal_topic
from apps.dashboard.pages import editor as pages
from apps.dashboard.replies import acted, is_htmx, leave_to, stay
from apps.dashboard.views.signed_in import person_of
from apps.goals.selectors import stream_seq
from apps.hub import actions
from apps.planning.drafts import blueprint_of
from apps.tasks.models import Plan

REGION = "draft-editor"
_NEW = {"optimistic": 1, "likely": 2, "pessimistic": 4}


def _draft(plan_id: uuid.UUID) -> Plan:
    return get_object_or_404(Plan.objects.select_related("goal", "base", "drafted_by"), pk=plan_id)


@login_required
@require_POST
def begin(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """Make a draft of this plan and go to it."""
    plan, made = _draft(plan_id), []

    def perform() -> str:
        made.append(actions.draft_begin(plan=plan, person=person_of(request)))
        return f"Version {made[0].version} is a draft. Nothing of it runs before somebody decides so."

    response = acted(request, perform, back=reverse("goal-plan", args=[plan.goal_id]), leave=True)
    return leave_to(request, reverse("plan-edit", args=[made[0].pk])) if made else response


@login_required
@require_GET
def editor(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """The page; with htmx its live region alone."""
    draft = _draft(plan_id)
    seq = stream_seq(stream=draft.goal_id)
    context = pages.editor(draft, person_of(request))
    if is_htmx(request):
        return render(request, "plans/_editor.html", context)
    more = {"nav_active": "goals", "topic": goal_topic(draft.goal_id), "seq": seq}
    return render(request, "plans/editor.html", context | more)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, plan_id: uuid.UUID, kind: str) -> HttpResponse:
    """One form: what it is about comes in the address (``task``), the edition that was seen with the form."""
    if kind not in FORMS:
        raise Http404
    draft = _draft(plan_id)
    blueprint = blueprint_of(draft)
    task = next((one for one in blueprint["tasks"] if one["key"] == request.GET.get("task", "")), None)
    if task is None and kind != "add":
        return _gone(request, draft)
    if request.method != "POST":
        return _show(request, draft, _form(kind, blueprint, task, request), task, edition=draft.edition)
    form = _form(kind, blueprint, task, request, request.POST)
    edition = _number(request.POST.get("edition", ""))
    try:
        if not form.is_valid():
            return _show(request, draft, form, task, edition=edition)
        done = actions.draft_edit(plan=draft, person=person_of(request), edition=edition, operation=form.operation())
    except StaleDraft as stale:
        return _stale(request, draft, kind, task, stale)
    except Invalid as error:
        form.take_words(error)
        return _show(request, draft, form, task, edition=edition)
    except CommandPostError as error:
        form.add_error(None, error.detail)
        return _show(request, draft, form, task, edition=edition, status=error.status)
    return _done(request, draft, done.editions.get(number=done.edition).words)


def _form(
    kind: str,
    blueprint: Mapping[str, Any],
    task: Mapping[str, Any] | None,
    request: HttpRequest,
    data: Any = None,
) -> EditForm:
    initial: dict[str, Any] = {}
    if kind == "change" and task is not None:
        initial = ChangeForm.initial_of(task)
    elif kind == "add":
        initial = {"phase": _number(request.GET.get("phase", "")) or 1, **_NEW}
    return FORMS[kind](data, initial=initial, task=task, offers=pages.offers(blueprint))


def _show(
    request: HttpRequest,
    draft: Plan,
    form: EditForm,
    task: Mapping[str, Any] | None,
    *,
    edition: int,
    status: int = 422,
) -> HttpResponse:
    context: dict[str, Any] = {"goal": draft.goal, "draft": draft, "form": form, "task": task, "edition": edition}
    context |= {"kind": form.kind, "address": _address(draft, form.kind, task)}
    template = "plans/_edit_form.html" if is_htmx(request) else "plans/edit_form.html"
    return render(request, template, context | {"nav_active": "goals"}, status=status if form.errors else 200)


def _address(draft: Plan, kind: str, task: Mapping[str, Any] | None) -> str:
    return reverse("plan-edit-one", args=[draft.pk, kind], query={"task": task["key"]} if task else None)


def _done(request: HttpRequest, draft: Plan, words: str) -> HttpResponse:
    if not is_htmx(request):
        messages.success(request, words)
        return redirect("plan-edit", plan_id=draft.pk)
    return stay(words, reread=REGION)


def _gone(request: HttpRequest, draft: Plan) -> HttpResponse:
    words = "This task is no longer in the draft: somebody took it out or split it."
    context: dict[str, Any] = {"goal": draft.goal, "draft": draft, "words": words, "nav_active": "goals"}
    template = "plans/_stale.html" if is_htmx(request) else "plans/stale.html"
    return render(request, template, context, status=409)


def _stale(
    request: HttpRequest, draft: Plan, kind: str, task: Mapping[str, Any] | None, stale: StaleDraft
) -> HttpResponse:
    """Somebody was faster: what they did, what differs, and the way on."""
    context: dict[str, Any] = {"goal": draft.goal, "draft": draft, "words": stale.detail, "nav_active": "goals"}
    context |= {"since": stale.extra["since"], "difference": stale.extra["difference"]}
    context["again"] = _address(draft, kind, task)
    template = "plans/_stale.html" if is_htmx(request) else "plans/stale.html"
    response = render(request, template, context, status=409)
    if is_htmx(request):
        response["HX-Trigger"] = json.dumps({"live:changed": {"target": f"#{REGION}"}})
    return response


def _undo(draft: Plan, request: HttpRequest, edition: int) -> str:
    actions.draft_undo(plan=draft, person=person_of(request), edition=edition)
    return "Undone."


def _redo(draft: Plan, request: HttpRequest, edition: int) -> str:
    actions.draft_redo(plan=draft, person=person_of(request), edition=edition)
    return "Done again."


def _unorder(draft: Plan, request: HttpRequest, edition: int) -> str:
    operation = {"kind": "unorder", **{name: request.POST.get(name, "") for name in ("before", "after")}}
    done = actions.draft_edit(plan=draft, person=person_of(request), edition=edition, operation=operation)
    return done.editions.get(number=done.edition).words


def _propose(draft: Plan, request: HttpRequest, edition: int) -> str:
    actions.draft_propose(plan=draft, person=person_of(request), edition=edition)
    return f"Version {draft.version} is proposed now. Nothing runs before somebody starts it."


def _discard(draft: Plan, request: HttpRequest, edition: int) -> str:
    actions.draft_discard(plan=draft, person=person_of(request))
    return f"Version {draft.version} is discarded."


ACTS: Mapping[str, Callable[[Plan, HttpRequest, int], str]] = {
    "undo": _undo,
    "redo": _redo,
    "unorder": _unorder,
    "propose": _propose,
    "discard": _discard,
}
_LEAVES = ("propose", "discard")


@login_required
@require_POST
def act(request: HttpRequest, plan_id: uuid.UUID, act: str) -> HttpResponse:
    """Undo, redo, take an order out, propose or discard."""
    draft, edition = _draft(plan_id), _number(request.POST.get("edition", ""))
    leave = act in _LEAVES
    back = reverse("goal-plan", args=[draft.goal_id]) if leave else reverse("plan-edit", args=[draft.pk])
    return acted(request, lambda: ACTS[act](draft, request, edition), back=back, reread=REGION, leave=leave)


def _number(text: str) -> int:
    """A number that came with a form; what is none fits no edition."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


urlpatterns = [
    path("plans/<uuid:plan_id>/draft", begin, name="plan-draft"),
    path("plans/<uuid:plan_id>/edit", editor, name="plan-edit"),
    *[path(f"plans/<uuid:plan_id>/edit/{name}", act, {"act": name}, name=f"plan-{name}") for name in ACTS],
    path("plans/<uuid:plan_id>/edit/<slug:kind>", edit, name="plan-edit-one"),
]
