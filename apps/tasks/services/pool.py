"""The pool's settings: changed in one place, by whichever door a person comes."""

from collections.abc import Mapping
from typing import Any

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, events
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Invalid
from apps.core.models import SYSTEM_STREAM
from apps.tasks.models import Pool, Slot

POOL_FIELDS = frozenset(field.name for field in Pool._meta.get_fields() if field.name not in ("id", "name", "places"))


@atomic_again
def pool_change(*, person: Person, pool: Pool, **changes: Any) -> Pool:
    """Change the pool's settings; slots follow (a slot in use ends with its attempt). Raises ``Invalid``."""
    policy.require(person, "pool.edit", pool)
    problems = pool_problems(pool, changes)
    if problems:
        raise Invalid(problems)
    for name, value in changes.items():
        setattr(pool, name, value)
    pool.save(update_fields=list(changes))
    slots_ensure(pool=pool)
    actor, subject = person_actor(person), f"pool:{pool.name}"
    audit.append(actor=actor, what="pool.changed", subject=subject, data=changes)
    events.record(events.Happening(SYSTEM_STREAM, "pool.changed", subject, changes), actor=actor)
    return pool


def pool_problems(pool: Pool, changes: Mapping[str, Any]) -> dict[str, str]:
    """Words for each setting that can't be as it is asked for, by its name."""
    problems = dict.fromkeys(sorted(set(changes) - POOL_FIELDS), "The pool has no such setting.")
    new = {name: changes.get(name, getattr(pool, name)) for name in ("slots", "queue_limit", "queue_resume")}
    if not 5 <= new["slots"] <= 50:
        problems["slots"] = "The pool has from 5 to 50 slots."
    if {"queue_limit", "queue_resume"} & set(changes) and new["queue_resume"] >= new["queue_limit"]:
        problems["queue_resume"] = "This must be below the queue limit."
    return problems


def slots_ensure(*, pool: Pool) -> None:
    """Make the rows of the pool's slots; rows beyond its number stay, unused."""
    Slot.objects.bulk_create(
        [Slot(pool=pool, number=number) for number in range(1, pool.slots + 1)], ignore_conflicts=True
    )
