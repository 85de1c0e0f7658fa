"""Actions on the registry and the pool."""

from apps.accounts import policy
from apps.accounts.models import Person
from apps.agents.models import Agent
from apps.core import transitions
from apps.core.actors import person_actor
from apps.core.contention import atomic_again


@atomic_again
def agent_move(*, agent: Agent, status: str, person: Person) -> Agent:
    """Activate, drain, disable, quarantine or retire an agent."""
    policy.require(person, "agent.edit", agent)
    return transitions.move(agent, status, actor=person_actor(person))
