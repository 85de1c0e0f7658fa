"""What a new installation begins with: the pool, the groups, the seven gates, the method library, the crew."""

from decimal import Decimal

from django.db import transaction

from apps.accounts import services as accounts
from apps.agents.crew.roster import CREW
from apps.agents.models import Agent, AgentCapability
from apps.gates import definitions
from apps.planning.versions import library_seed
from apps.tasks.models import Pool
from apps.tasks.services.pool import slots_ensure


@transaction.atomic
def seed() -> None:
    """Bring in what is missing; what an admin has changed stays as it is. Idempotent."""
    pool, _ = Pool.objects.get_or_create(name="main")
    slots_ensure(pool=pool)
    accounts.groups_seed()
    definitions.definitions_seed()
    library_seed()
    crew_seed()


def crew_seed() -> None:
    """Register the crew: the local agents that need no model."""
    known = set(Agent.objects.values_list("slug", flat=True))
    fresh = [
        Agent(
            slug=spec.slug,
            name=spec.name,
            description=spec.description,
            runtime=spec.runtime,
            config=spec.config,
            status=Agent.lifecycle.initial,
            cost_per_hour=Decimal(spec.cost_per_hour),
            max_concurrent=spec.limits["parallel"],
        )
        for spec in CREW
        if spec.slug not in known
    ]
    Agent.objects.bulk_create(fresh)
    capabilities = {spec.slug: spec.capabilities for spec in CREW}
    AgentCapability.objects.bulk_create(
        AgentCapability(agent=agent, capability=capability)
        for agent in fresh
        for capability in capabilities[agent.slug]
    )
