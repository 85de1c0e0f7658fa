"""Actions on the registry and the pool."""

from typing import Any

from apps.accounts import policy
from apps.accounts.models import Person
from apps.agents.models import Agent
from apps.core import audit, events, transitions
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Invalid
from apps.core.models import SYSTEM_STREAM
from apps.tasks.models import Pool, Slot

POOL_FIELDS = frozenset(field.name for field in Pool._meta.get_fields() if field.name not in ("id", "name", "places"))


@atomic_again
def agent_move(*, agent: Agent, status: str, person: Person) -> Agent:
    """Activate, drain, disable, quarantine or retire an agent."""
    policy.require(person, "agent.edit", agent)
    return transitions.move(agent, status, actor=person_actor(person))


@atomic_again
def pool_change(*, person: Person, pool: Pool, **changes: Any) -> Pool:
    """Change the pool's settings; slots follow (a slot in use ends with its attempt)."""
    policy.require(person, "pool.edit", pool)
    unknown = set(changes) - POOL_FIELDS
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "The pool has no such setting."))
    if not 5 <= changes.get("slots", pool.slots) <= 50:
        raise Invalid({"slots": "The pool has from 5 to 50 slots."})
    for name, value in changes.items():
        setattr(pool, name, value)
    pool.save(update_fields=list(changes))
    slots_ensure(pool=pool)
    audit.append(actor=person_actor(person), what="pool.changed", subject=f"pool:{pool.name}", data=changes)
    events.record(
        events.Happening(SYSTEM_STREAM, "pool.changed", f"pool:{pool.name}", changes), actor=person_actor(person)
    )
    return pool


def slots_ensure(*, pool: Pool) -> None:
    """Make the rows of the pool's slots; rows beyond its number stay, unused."""
    Slot.objects.bulk_create(
        [Slot(pool=pool, number=number) for number in range(1, pool.slots + 1)], ignore_conflicts=True
    )
