"""The registry: the list, one agent, and for admins adding, changing and moving its status."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.policy import require
from apps.agents.models import Agent
from apps.agents.registry import AgentDetails, agent_create, agent_update
from apps.agents.selectors import capabilities_known, registry
from apps.core.errors import CommandPostError, Invalid, NotAllowed
from apps.dashboard.forms.agents import AgentForm
from apps.dashboard.live.board import site_seq
from apps.dashboard.pages import agents as pages
from apps.dashboard.replies import acted, refused
from apps.dashboard.views.signed_in import person_of
from apps.hub import actions


@login_required
@require_GET
def agents(request: HttpRequest) -> HttpResponse:
    """The list; with ``fragment`` its live region alone."""
    status = request.GET.get("status", "")
    status = status if status in Agent.lifecycle.statuses else ""
    context: dict[str, Any] = {"site_seq": site_seq(), "status": status, "nav_active": "agents"}
    context |= pages.listed(person_of(request), status=status)
    return render(request, "agents/_list.html" if "fragment" in request.GET else "agents/page.html", context)


@login_required
@require_GET
def agent(request: HttpRequest, slug: str) -> HttpResponse:
    found = registry().filter(slug=slug).first()
    if found is None:
        raise Http404
    context = pages.one(found, person_of(request))
    return render(request, "agents/agent.html", context | {"nav_active": "agents"})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    try:
        require(person_of(request), "agent.edit")
    except NotAllowed as error:
        return refused(request, error, back="/agents")
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = agent_create(person=person_of(request), details=AgentDetails(**form.cleaned_data))
        except Invalid as error:
            form.take_words(error)
        except CommandPostError as error:
            form.add_error("slug", error.detail)
        else:
            messages.success(request, f"{made.name} is in the registry and active.")
            return redirect("agent", slug=made.slug)
    return _form(request, form, None)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Agent, slug=slug)
    try:
        require(person_of(request), "agent.edit", found)
    except NotAllowed as error:
        return refused(request, error, back=f"/agents/{slug}")
    form = AgentForm(request.POST or None, agent=found, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        capabilities = changes.pop("capabilities")
        try:
            agent_update(person=person_of(request), agent=found, changes=changes, capabilities=capabilities)
        except Invalid as error:
            form.take_words(error)
        else:
            messages.success(request, f"{found.name} is changed.")
            return redirect("agent", slug=slug)
    return _form(request, form, found)


def _initial(found: Agent) -> dict[str, Any]:
    names = found.capabilities.order_by("capability").values_list("capability", flat=True)
    plain = {name: getattr(found, name) for name in ("name", "description", "max_concurrent", "cost_per_hour")}
    return plain | {"capabilities": "\n".join(names), "config": json.dumps(found.config, indent=2)}


def _form(request: HttpRequest, form: AgentForm, found: Agent | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "agent": found, "nav_active": "agents", "runtimes": pages.runtimes()}
    context |= {"known": capabilities_known()}
    return render(request, "agents/form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def move(request: HttpRequest, slug: str, status: str) -> HttpResponse:
    """Activate, drain, disable, quarantine or retire."""
    if status not in pages.MOVES:
        raise Http404
    found = get_object_or_404(Agent, slug=slug)

    def perform() -> str:
        actions.agent_move(agent=found, status=status, person=person_of(request))
        return f"{found.name} is {status}. {pages.MOVES[status][2]}"

    return acted(request, perform, back=f"/agents/{slug}", leave=True)


urlpatterns = [
    path("agents", agents, name="agents"),
    path("agents/new", new, name="agent-new"),
    path("agents/<slug:slug>", agent, name="agent"),
    path("agents/<slug:slug>/edit", edit, name="agent-edit"),
    path("agents/<slug:slug>/move/<slug:status>", move, name="agent-move"),
]
