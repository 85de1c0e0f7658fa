"""The page of a gate. Reading never decides anything; what decides is posted by a signed-in person's own session."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from apps.accounts import sessions
from apps.core.errors import CommandPostError, Invalid, NotAllowed, StaleEvidence
from apps.dashboard.forms import votes
from apps.dashboard.pages.gate import awaits, changes, whole
from apps.dashboard.pages.gate.panel import Draft
from apps.dashboard.replies import acted
from apps.dashboard.views.password import password_again
from apps.dashboard.views.signed_in import person_of
from apps.delivery.supplying import MAX_TOTAL, files_of
from apps.gates.models import Condition, Gate
from apps.gates.selectors import GatePage, gate_page
from apps.hub import actions
from apps.hub.actions.ticks import requirements_tick
from apps.hub.decisions import tasks_for
from apps.tasks.models import Task

DONE: Mapping[str, str] = {
    "approve": "You approved.",
    "approve_with_conditions": "You approved with conditions.",
    "request_changes": "You asked for changes. The agents get your words.",
    "reject": "You rejected this round.",
    "override": "You voted to override what has not passed.",
    "withdraw": "Your vote is taken back.",
}


def _gate(gate_id: uuid.UUID) -> Gate:
    return get_object_or_404(Gate.objects.select_related("goal__owner", "goal__group"), pk=gate_id)


def _query(request: HttpRequest) -> dict[str, str]:
    return {name: str(value).replace("\x00", "") for name, value in request.GET.items()}


@login_required
@require_GET
def gate(request: HttpRequest, gate_id: uuid.UUID) -> HttpResponse:
    """The whole page, or, when htmx exchanges the tab, that region alone."""
    found, query = _gate(gate_id), _query(request)
    name = query.get("tab", "")
    if name and name not in whole.TABS:
        raise Http404
    htmx: Any = getattr(request, "htmx", None)
    if htmx and htmx.target == "gate-view":
        page = gate_page(gate=found, person=person_of(request))
        return render(request, "gates/_view.html", whole.tab(page, name or "exceptions", query))
    return _page(request, found)


def _page(
    request: HttpRequest, found: Gate, *, status: int = 200, draft: Draft | None = None, problem: str = ""
) -> HttpResponse:
    query = _query(request)
    name = query.get("tab", "exceptions")
    context = whole.whole(found, person_of(request), request.session, tab_name=name, query=query, draft=draft)
    return render(request, "gates/page.html", context | {"vote_problem": problem}, status=status)


Region = Callable[[GatePage, HttpRequest, str], dict[str, Any]]
REGIONS: Mapping[str, Region] = {
    "gate-head": lambda page, request, seen: whole.head(page),
    "gate-body": lambda page, request, seen: whole.body(page, seen),
    "gate-awaits": lambda page, request, seen: whole.base(page) | awaits.awaits(page),
    "gate-panel": lambda page, request, seen: whole.panel_live(page, person_of(request), request.session, seen),
}


@login_required
@require_GET
def fragment(request: HttpRequest, gate_id: uuid.UUID, name: str) -> HttpResponse:
    """One live region. ``seen`` is the digest of the evidence that the open page was rendered with."""
    if name not in REGIONS:
        raise Http404
    page = gate_page(gate=_gate(gate_id), person=person_of(request))
    context = REGIONS[name](page, request, _query(request).get("seen", ""))
    return render(request, f"gates/_{name.removeprefix('gate-')}.html", context)


@login_required
@require_GET
def reopens(request: HttpRequest, gate_id: uuid.UUID) -> HttpResponse:
    """Which tasks a request with this anchor would reopen, in a line."""
    anchors = [text.replace("\x00", "") for text in request.GET.getlist("item_anchor")]
    found = _gate(gate_id)
    keys = tasks_for(found, anchor=anchors[0][:300] if anchors else "")
    tasks = list(Task.objects.filter(pk__in=keys).order_by("position")[:6])
    return render(request, "gates/_reopens.html", {"tasks": tasks[:5], "more": max(0, len(keys) - 5)})


@login_required
@require_POST
def vote(request: HttpRequest, gate_id: uuid.UUID) -> HttpResponse:
    """Cast, change or take back a vote on the evidence that the page showed."""
    found, draft = _gate(gate_id), votes.draft_of(request.POST)
    try:
        if request.POST.get("password"):
            password_again(request, request.POST["password"])
        _cast(request, found, draft)
    except StaleEvidence as error:
        return _confirm(request, found, error)
    except Invalid as error:
        draft.problems = error.fields
        return _page(request, found, status=error.status, draft=draft, problem=error.detail)
    except NotAllowed as error:
        if error.extra.get("sign_in_again"):
            return _sign_in_again(request, found, error.detail)
        return _page(request, found, status=error.status, draft=draft, problem=error.detail)
    except CommandPostError as error:
        return _page(request, found, status=error.status, draft=draft, problem=error.detail)
    messages.success(request, DONE.get(draft.verdict, "Your vote is cast."))
    return redirect("gate", gate_id=gate_id)


def _cast(request: HttpRequest, found: Gate, draft: Draft) -> None:
    person = person_of(request)
    actions.gate_vote(
        person=person,
        gate=found,
        verdict=draft.verdict,
        evidence_digest=request.POST.get("evidence_digest", "").replace("\x00", "")[:64],
        comment=draft.comment,
        group=votes.group_of(draft, person),
        items=draft.items,
        to_phase=draft.to_phase,
        reason_code=draft.reason_code,
        signed_in_at=sessions.signed_in_at(request.session),
    )


def _confirm(request: HttpRequest, found: Gate, error: StaleEvidence) -> HttpResponse:
    """The evidence has changed: what differs, and the same vote again with one click."""
    context = {
        "gate": found,
        "goal": found.goal,
        "nav_active": "inbox",
        "words": error.detail,
        "round_number": error.extra.get("round"),
        "digest": error.extra.get("evidence_digest", ""),
        "differences": changes.differences(error.extra.get("difference")),
        "fields": votes.hidden(request.POST),
        "verdict": request.POST.get("verdict", ""),
    }
    return render(request, "gates/stale.html", context, status=error.status)


def _sign_in_again(request: HttpRequest, found: Gate, words: str) -> HttpResponse:
    """The vote waits while the person gives their password."""
    context = {
        "gate": found,
        "goal": found.goal,
        "nav_active": "inbox",
        "words": words,
        "digest": request.POST.get("evidence_digest", ""),
        "fields": votes.hidden(request.POST),
        "verdict": request.POST.get("verdict", ""),
    }
    return render(request, "gates/sign_in_again.html", context, status=403)


@login_required
@require_POST
def sign_in(request: HttpRequest, gate_id: uuid.UUID) -> HttpResponse:
    """Give the password again, and come back to the gate."""
    back = reverse("gate", args=[gate_id])

    def renew() -> str:
        password_again(request, request.POST.get("password", ""))
        return "Your sign-in is fresh. Decide now."

    return acted(request, renew, back=back, leave=True)


@login_required
@require_POST
def tick(request: HttpRequest, gate_id: uuid.UUID) -> HttpResponse:
    """Tick the manual requirements that this person has seen hold, and take back ticks that were taken away."""
    found, person = _gate(gate_id), person_of(request)
    wanted = {int(text) for text in request.POST.getlist("number") if text.isascii() and text.isdigit()}

    def save() -> str:
        changed = requirements_tick(goal=found.goal, numbers=wanted, person=person)
        return f"{len(changed)} ticks were changed; the evidence is taken anew." if changed else "Nothing was changed."

    return acted(request, save, back=reverse("gate", args=[gate_id]), leave=True)


@login_required
@require_POST
def condition(request: HttpRequest, gate_id: uuid.UUID, condition_id: uuid.UUID) -> HttpResponse:
    """Say that a condition is met, or waive it."""
    found = get_object_or_404(Condition, pk=condition_id, goal__gates=gate_id)
    status, words = request.POST.get("status", ""), request.POST.get("words", "")

    def close() -> str:
        actions.condition_close(condition=found, person=person_of(request), status=status, words=words)
        return f"The condition is {status}."

    return acted(request, close, back=reverse("gate", args=[gate_id]), leave=True)


@login_required
@require_POST
def supply(request: HttpRequest, gate_id: uuid.UUID) -> HttpResponse:
    """Another file instead of one that people brought along, while this gate decides on it."""
    found = _gate(gate_id)

    def perform() -> str:
        upload = request.FILES.get("file")
        if upload is None or (upload.size or 0) > MAX_TOTAL:
            raise Invalid({"supplied": f"Choose a file of at most {MAX_TOTAL // 1024**2} MB."})
        name = request.POST.get("path", "").replace("\x00", "")
        files = {name: upload.read()} if name else files_of([(str(upload.name), upload.read())])
        actions.goal_supply(goal=found.goal, person=person_of(request), files=files)
        return "It is supplied. The gate opens anew with it."

    return acted(request, perform, back=reverse("gate", args=[gate_id]), leave=True)


urlpatterns = [
    path("gates/<uuid:gate_id>", gate, name="gate"),
    path("gates/<uuid:gate_id>/fragment/<slug:name>", fragment, name="gate-fragment"),
    path("gates/<uuid:gate_id>/reopens", reopens, name="gate-reopens"),
    path("gates/<uuid:gate_id>/vote", vote, name="gate-vote"),
    path("gates/<uuid:gate_id>/supply", supply, name="gate-supply"),
    path("gates/<uuid:gate_id>/sign-in", sign_in, name="gate-sign-in"),
    path("gates/<uuid:gate_id>/ticks", tick, name="gate-tick"),
    path("gates/<uuid:gate_id>/conditions/<uuid:condition_id>", condition, name="gate-condition"),
]
