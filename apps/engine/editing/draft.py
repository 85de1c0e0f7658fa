"""The working copy that an operation changes: tasks by key, the orders that people added, and what the goal brings."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from apps.engine.editing.errors import Locked, UnknownTask
from apps.engine.editing.timetable import Blueprint, TaskData
from apps.engine.planner import Settings

# An edge without an artifact: people want it so, nothing is handed over.
NO_ARTIFACT = ""


@dataclass(frozen=True)
class Rules:
    """What edits are judged by. ``by`` is who edits, ``capabilities`` all that a task may need, ``locked`` the tasks
    that were begun, with the words why ("is completed")."""

    settings: Settings
    by: str
    capabilities: frozenset[str] = frozenset()
    locked: Mapping[str, str] = field(default_factory=dict)


class Draft:
    """A copy of a blueprint's tasks and orders to be changed. Edges that carry an artifact follow from the tasks."""

    def __init__(self, blueprint: Mapping[str, Any]) -> None:
        self.base = blueprint
        self.tasks: dict[str, TaskData] = {task["key"]: deepcopy(task) for task in blueprint["tasks"]}
        self.orders: list[tuple[str, str]] = [
            (edge["producer"], edge["consumer"]) for edge in blueprint["edges"] if edge["artifact"] == NO_ARTIFACT
        ]
        for edge in blueprint["edges"]:
            # Whoever has the edge needs the artifact, also where a blueprint says it in one place only.
            needs = self.tasks[edge["consumer"]]["consumes"]
            if edge["artifact"] and edge["artifact"] not in needs:
                needs.append(edge["artifact"])
        made = {path for task in self.tasks.values() for path in task["produces"]}
        needed = {path for task in self.tasks.values() for path in task["consumes"]}
        self.given: frozenset[str] = frozenset({*blueprint.get("given", ()), *(needed - made)})

    def task(self, key: str, field: str = "task") -> TaskData:
        """The task of this key. Raises UnknownTask."""
        if key not in self.tasks:
            raise UnknownTask(key, field)
        return self.tasks[key]

    def open_task(self, key: str, rules: Rules, field: str = "task") -> TaskData:
        """The task, if it may be changed. Raises UnknownTask or Locked."""
        task = self.task(key, field)
        if key in rules.locked:
            raise Locked(task["title"], rules.locked[key])
        return task

    def title(self, key: str) -> str:
        return str(self.tasks[key]["title"])

    def producers(self) -> dict[str, str]:
        """Who makes each artifact."""
        return {path: key for key, task in self.tasks.items() for path in task["produces"]}

    def edges(self) -> list[dict[str, str]]:
        """All edges: what is handed over, in the order of the tasks, and then the orders that people added."""
        made = self.producers()
        handed = [
            {"producer": made[path], "consumer": key, "artifact": path}
            for key, task in self.tasks.items()
            for path in task["consumes"]
            if path in made
        ]
        added = [{"producer": a, "consumer": b, "artifact": NO_ARTIFACT} for a, b in dict.fromkeys(self.orders)]
        return handed + added

    def before(self, key: str) -> set[str]:
        """Everything that must be done before this task, directly or through others."""
        return reached(key, [(edge["consumer"], edge["producer"]) for edge in self.edges()])

    def behind(self, key: str) -> set[str]:
        """Everything that waits for this task, directly or through others."""
        return reached(key, [(edge["producer"], edge["consumer"]) for edge in self.edges()])

    def place_last(self, task: TaskData) -> None:
        """Put a new task behind all others."""
        task["position"] = len(self.tasks)
        self.tasks[task["key"]] = task

    def drop(self, keys: Iterable[str]) -> None:
        """Take tasks out, with the orders they stand in."""
        gone = set(keys)
        self.tasks = {key: task for key, task in self.tasks.items() if key not in gone}
        self.orders = [(a, b) for a, b in self.orders if a not in gone and b not in gone]

    def blueprint(self) -> Blueprint:
        """The changed blueprint; what is derived is not computed yet."""
        return {
            **self.base,
            "given": sorted(self.given),
            "tasks": list(self.tasks.values()),
            "edges": self.edges(),
        }


def reached(start: str, pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Everything that can be come to from ``start`` along these pairs."""
    out: dict[str, list[str]] = {}
    for a, b in pairs:
        out.setdefault(a, []).append(b)
    found: set[str] = set()
    front = [start]
    while front:
        for key in out.get(front.pop(), ()):
            if key not in found:
                found.add(key)
                front.append(key)
    return found
