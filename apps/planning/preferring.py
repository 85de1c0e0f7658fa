"""Planning a goal by the template it starts from: the template's approach first, with what people had changed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from apps.engine.approaches import Exploration
from apps.engine.carrying import Changes, carry
from apps.engine.methods import Library
from apps.engine.planner import Settings
from apps.engine.preferring import Template, prefer
from apps.goals.models import Goal
from apps.planning.models import PlanTemplate


@dataclass(frozen=True)
class Taken:
    """The template that the first approach comes from."""

    id: str
    name: str
    changes: Changes
    capabilities: frozenset[str]

    def columns(self, columns: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """The columns of the first approach, with the tasks that people added or took out when they can be."""
        found = carry(columns["blueprint"], self.changes, settings, self.capabilities)
        counted = [f"{found.added} added" if found.added else "", f"{found.removed} taken out" if found.removed else ""]
        by_hand = [f"Carried over from the template: {' and '.join(filter(None, counted))} by hand."] * any(counted)
        blueprint = {
            **found.blueprint,
            "origin": "template",
            "why": f"From the template “{self.name}”.",
            "template": {"id": self.id, "name": self.name},
            "changes": self.changes.as_dict(),
        }
        return {
            **columns,
            "assumptions": [*by_hand, *found.words, *columns["assumptions"]],
            "minutes": blueprint["minutes"],
            "cost": Decimal(str(blueprint["cost"])),
            "blueprint": blueprint,
        }


def preferred(
    goal: Goal, explored: Exploration, library: Library, settings: Settings
) -> tuple[Exploration, Taken | None]:
    """The exploration as the goal's template wants it, and what is to be taken from the template. At most one query.

    A template that is gone, retired or does not fit changes nothing but the words why the best won.
    """
    wanted = goal.planning.get("template")
    if not wanted:
        return explored, None
    row = PlanTemplate.objects.filter(pk=uuid.UUID(wanted)).first() if _is_id(wanted) else None
    if row is None or row.retired:
        name = f"“{row.name}” was retired" if row else "that this goal was to start from is gone"
        return _told(explored, f"The template {name}, so the plan was made without it."), None
    choices = {str(key): str(value) for key, value in row.blueprint.get("choices", {}).items()}
    found = prefer(explored, library, settings, Template(row.name, row.kind, choices))
    if not found.found:
        return _told(found.explored, f"The template “{row.name}” could not be followed: {' '.join(found.words)}"), None
    known = {capability for worker in settings.workers for capability in worker.capabilities}
    changes = Changes.of(row.blueprint.get("changes", {}))
    return found.explored, Taken(str(row.pk), row.name, changes, frozenset({*known, *library.capabilities()}))


def _is_id(text: Any) -> bool:
    try:
        return isinstance(text, str) and bool(uuid.UUID(text))
    except ValueError:
        return False


def _told(explored: Exploration, words: str) -> Exploration:
    return replace(explored, reason=f"{words} {explored.reason}")
