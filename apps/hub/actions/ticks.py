"""Ticking several manual requirements at once: in one transaction, so that the evidence is taken anew only once."""

from collections.abc import Collection

from apps.accounts.models import Person
from apps.core.contention import atomic_again
from apps.goals.models import Goal
from apps.hub.actions.decide import requirement_tick


@atomic_again
def requirements_tick(*, goal: Goal, numbers: Collection[int], person: Person) -> list[int]:
    """Make these the goal's ticked manual requirements; returns the numbers whose tick has changed.

    One by one, the hub could freeze the next round's evidence in the middle of them.
    """
    changed = []
    for requirement in goal.requirements.filter(kind="manual").order_by("number"):
        done = requirement.number in numbers
        if (requirement.ticked_at is not None) != done:
            requirement_tick(requirement=requirement, person=person, done=done)
            changed.append(requirement.number)
    return changed
