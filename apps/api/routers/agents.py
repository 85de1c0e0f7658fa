"""The registry of agents."""

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Path, Router

from apps.agents import registry
from apps.agents.models import Agent
from apps.api import queries
from apps.api.auth import person_of
from apps.api.creating import IDEMPOTENT, created
from apps.api.paging import Page, Paging, page
from apps.api.schemas.agents import AgentIn, AgentOut, AgentPatch
from apps.core.errors import Invalid
from apps.hub import actions

router = Router(tags=["agents"])
Slug = Annotated[str, Path(pattern=r"^[-a-zA-Z0-9_]{1,60}$")]


@router.get("/agents", response=Page[AgentOut], summary="List agents")
def agent_list(request: HttpRequest, paging: Paging) -> Any:
    """With what they can do and what is known of their work."""
    return page(queries.agents(), paging, order=["slug"])


@router.post("/agents", response={201: AgentOut}, openapi_extra=IDEMPOTENT, summary="Add an agent")
def agent_create(request: HttpRequest, payload: AgentIn) -> Any:
    """For admins. The agent is active at once."""

    def make() -> Agent:
        details = registry.AgentDetails(**payload.dict())
        agent = registry.agent_create(person=person_of(request), details=details)
        return _agent(agent.slug)

    return created(request, AgentOut, make)


@router.get("/agents/{slug}", response=AgentOut, summary="Get an agent")
def agent_get(request: HttpRequest, slug: Slug) -> Any:
    return _agent(slug)


@router.patch("/agents/{slug}", response=AgentOut, summary="Change an agent")
def agent_change(request: HttpRequest, slug: Slug, payload: AgentPatch) -> Any:
    """For admins. What is left out stays; `status` moves within the agent's lifecycle."""
    person, agent = person_of(request), _agent(slug)
    changes = payload.dict(exclude_unset=True)
    empty = sorted(name for name, value in changes.items() if value is None)
    if empty:
        raise Invalid(dict.fromkeys(empty, "Leave it out to keep it; it can't be null."))
    status, capabilities = changes.pop("status", None), changes.pop("capabilities", None)
    with transaction.atomic():
        registry.agent_update(person=person, agent=agent, changes=changes, capabilities=capabilities)
        if status is not None and status != agent.status:
            actions.agent_move(agent=agent, status=status, person=person)
    return _agent(slug)


def _agent(slug: str) -> Agent:
    found: Agent = queries.one(queries.agents(), "agent", slug=slug)
    return found
