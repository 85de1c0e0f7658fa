"""Writing the registry: who can do tasks, and what. Their status moves through the hub's actions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.accounts.models import Person
from apps.accounts.policy import require
from apps.agents.models import RUNTIMES, Agent, AgentCapability
from apps.core import events
from apps.core.actors import person_actor
from apps.core.errors import Conflict, Invalid
from apps.core.models import SYSTEM_STREAM

EDITABLE = ("name", "description", "config", "max_concurrent", "cost_per_hour")


@dataclass(frozen=True)
class AgentDetails:
    """What is written down of a new agent. ``config`` is what its runtime needs; secrets by name only."""

    slug: str
    name: str
    runtime: str
    capabilities: Collection[str]
    description: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    max_concurrent: int = 10
    cost_per_hour: Decimal = Decimal(0)


@transaction.atomic
def agent_create(*, person: Person, details: AgentDetails) -> Agent:
    """Add an agent; it is active at once. Raises ``NotAllowed``, ``Invalid``, ``Conflict`` when the slug is taken."""
    require(person, "agent.edit")
    if details.runtime not in {kind for kind, _ in RUNTIMES}:
        raise Invalid({"runtime": f"There is no runtime '{details.runtime}'."})
    if not details.capabilities:
        raise Invalid({"capabilities": "Say at least one thing that this agent can do."})
    agent = Agent(
        slug=details.slug,
        name=details.name.strip(),
        runtime=details.runtime,
        description=details.description,
        config=dict(details.config),
        max_concurrent=details.max_concurrent,
        cost_per_hour=details.cost_per_hour,
        status=Agent.lifecycle.initial,
    )
    # Two people who add the same slug at once: one row, and words for the other.
    Agent.objects.bulk_create([agent], ignore_conflicts=True)
    kept = Agent.objects.filter(pk=agent.pk).first()
    if kept is None:
        raise Conflict(f"There is an agent '{details.slug}' already. Choose another slug, or change that agent.")
    capabilities_set(agent=kept, capabilities=details.capabilities)
    _tell("agent.created", kept, person, {"capabilities": sorted(set(details.capabilities))})
    return kept


@transaction.atomic
def agent_update(
    *, person: Person, agent: Agent, changes: Mapping[str, Any], capabilities: Collection[str] | None = None
) -> Agent:
    """Change what is written down of an agent (the names in ``EDITABLE``) and what it can do."""
    require(person, "agent.edit", agent)
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "This can't be changed."))
    for name, value in changes.items():
        setattr(agent, name, value)
    if changes:
        agent.save(update_fields=list(changes))
    if capabilities is not None:
        capabilities_set(agent=agent, capabilities=capabilities)
    told = sorted(changes) + (["capabilities"] if capabilities is not None else [])
    if told:
        _tell("agent.changed", agent, person, {"changed": told})
    return agent


@transaction.atomic
def agent_edited(*, agent: Agent, person: Person, changed: Collection[str], created: bool) -> None:
    """Tell what the admin's form has just written."""
    require(person, "agent.edit", agent)
    _tell("agent.created" if created else "agent.changed", agent, person, {"changed": sorted(changed)})


@transaction.atomic
def capabilities_set(*, agent: Agent, capabilities: Collection[str]) -> None:
    """Make these the agent's capabilities: two statements, whatever their number."""
    agent.capabilities.exclude(capability__in=capabilities).delete()
    rows = [AgentCapability(agent=agent, capability=name) for name in sorted(set(capabilities))]
    AgentCapability.objects.bulk_create(rows, ignore_conflicts=True)


def _tell(kind: str, agent: Agent, person: Person, data: Mapping[str, Any]) -> None:
    facts = {"slug": agent.slug, **data}
    happening = events.Happening(SYSTEM_STREAM, kind, f"agent:{agent.pk}", facts)
    events.record(happening, actor=person_actor(person))
