"""What a gate waits for before people are asked: tasks of its phase, or the reviews of its round."""

from typing import Any

from apps.gates.models import Gate
from apps.gates.selectors import GatePage
from apps.tasks.models import Task

MOST = 12
_DONE = ("completed", "skipped", "cancelled")


def awaits(page: GatePage) -> dict[str, Any]:
    """Tasks that are not done, those that go on first; one query, none while the gate is with people."""
    gate = page.gate
    if gate.status not in ("pending", "reviewing"):
        return {"awaited": [], "awaited_more": 0}
    rows = list(_unfinished(gate, page))
    context: dict[str, Any] = {"awaited": rows[:MOST], "awaited_more": max(0, len(rows) - MOST)}
    if gate.status == "reviewing" and page.round is not None:
        context["reviewing_until"] = page.round.reviewing_until
    return context


def _unfinished(gate: Gate, page: GatePage) -> Any:
    tasks = Task.objects.filter(goal=gate.goal, plan__status="active", phase=gate.phase)
    if gate.status == "reviewing":
        return tasks.filter(kind="review", round=page.round).order_by("position")
    return tasks.filter(kind="work").exclude(status__in=_DONE).order_by("position")
