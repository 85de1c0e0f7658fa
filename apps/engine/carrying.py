"""What people changed in a plan, carried over to another: tasks that they added or took out.

A task that was added by hand goes along when something makes what it needs; one that was taken out is taken out again
when nothing needs what it makes. What can't be carried over is named with the reason, and the rest is.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from apps.engine.editing import EditRefused, reschedule
from apps.engine.editing.draft import NO_ARTIFACT, Draft
from apps.engine.editing.wiring import check
from apps.engine.planner import Settings


@dataclass(frozen=True)
class Changes:
    """``added``: tasks as in a blueprint; ``removed``: the keys of tasks; ``orders``: (before, after) that people
    added between tasks."""

    added: tuple[Mapping[str, Any], ...] = ()
    removed: tuple[str, ...] = ()
    orders: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.orders)

    def as_dict(self) -> dict[str, Any]:
        return {
            "added": [dict(task) for task in self.added],
            "removed": list(self.removed),
            "orders": [list(pair) for pair in self.orders],
        }

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Changes":
        """From what ``as_dict`` gave."""
        orders = tuple((str(before), str(after)) for before, after in data.get("orders", ()))
        return Changes(tuple(data.get("added", ())), tuple(data.get("removed", ())), orders)


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """What a person did to the blueprint ``before`` to come to ``after``."""
    old, new = ({task["key"]: task for task in blueprint.get("tasks", ())} for blueprint in (before, after))
    orders = [
        (edge["producer"], edge["consumer"]) for edge in after.get("edges", ()) if edge["artifact"] == NO_ARTIFACT
    ]
    had = {(edge["producer"], edge["consumer"]) for edge in before.get("edges", ()) if edge["artifact"] == NO_ARTIFACT}
    return Changes(
        tuple(task for key, task in new.items() if key not in old),
        tuple(key for key in old if key not in new),
        tuple(pair for pair in orders if pair not in had),
    )


@dataclass(frozen=True)
class Carried:
    """The blueprint with the changes, rescheduled; how much was carried over; what was not, in words."""

    blueprint: Mapping[str, Any]
    added: int
    removed: int
    words: tuple[str, ...]


def carry(blueprint: Mapping[str, Any], changes: Changes, settings: Settings, capabilities: frozenset[str]) -> Carried:
    """Do as much of the changes as can be done. ``capabilities`` are those that a task may need."""
    words: list[str] = []
    draft = Draft(blueprint)
    added = [dict(deepcopy(task)) for task in changes.added if task["key"] not in draft.tasks]
    unknown = [task for task in added if task["capability"] not in capabilities]
    words += [f"“{one['title']}” was left out: nothing knows the capability {one['capability']}." for one in unknown]
    added = [task for task in added if task not in unknown]
    removed = [key for key in changes.removed if key in draft.tasks]
    while reason := _obstacle(draft, added, removed):
        words.append(reason)
    draft.drop(removed)
    for task in added:
        draft.place_last(task)
    orders = [pair for pair in changes.orders if set(pair) <= draft.tasks.keys()]
    if not (added or removed or orders):
        return Carried(blueprint, 0, 0, tuple(words))
    draft.orders += orders
    try:
        check(draft)
    except EditRefused as refused:
        words.append(f"What people had changed was left out, because the plan would not hold: {refused}")
        return Carried(blueprint, 0, 0, tuple(words))
    return Carried(reschedule(draft.blueprint(), settings), len(added), len(removed), tuple(words))


def _obstacle(draft: Draft, added: list[dict[str, Any]], removed: list[str]) -> str:
    """The first change that can't be done: it is taken from the lists, and its reason given. Empty if all can."""
    kept = [task for key, task in draft.tasks.items() if key not in removed]
    made = {path: task["title"] for task in kept for path in task["produces"]}
    for task in added:
        twice = next((path for path in task["produces"] if path in made or path in draft.given), None)
        missing = _missing(task, {*made, *draft.given, *(path for one in added for path in one["produces"])})
        if twice or missing:
            added.remove(task)
            why = f"“{made.get(twice, 'the goal')}” makes {twice} already" if twice else f"nothing here makes {missing}"
            return f"“{task['title']}” was left out: {why}."
    there = {*made, *draft.given, *(path for one in added for path in one["produces"])}
    for key in removed:
        own = set(draft.tasks[key]["produces"])
        needing = next((one for one in [*kept, *added] if own & set(one["consumes"]) - there), None)
        if needing is not None:
            removed.remove(key)
            return f"“{draft.title(key)}” stays, because “{needing['title']}” needs what it makes."
    return ""


def _missing(task: Mapping[str, Any], there: set[str]) -> str:
    needs: Sequence[str] = task["consumes"]
    return next((path for path in needs if path not in there), "")
