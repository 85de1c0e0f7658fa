"""Adding a task, taking one out, and splitting one."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from apps.engine.editing import values
from apps.engine.editing.draft import Draft, Rules, reached
from apps.engine.editing.errors import BadInput, EditRefused, Locked, StillNeeded
from apps.engine.editing.timetable import ORDINARY_RISK, TaskData
from apps.engine.editing.values import PLANNED, with_planned
from apps.engine.rice import EDITED, INPUTS

MOST_PARTS = 12
MOST_TASKS = 5000


@dataclass(frozen=True)
class Add:
    """A new task. ``consumes`` must be made by others or brought by the goal; who needs what it makes is said there."""

    kind: ClassVar[str] = "add"
    phase: int
    title: str
    capability: str
    produces: tuple[str, ...]
    acceptance: tuple[str, ...]
    optimistic: float
    likely: float
    pessimistic: float
    consumes: tuple[str, ...] = ()
    description: str = ""
    agent: str = ""

    def apply(self, draft: Draft, rules: Rules) -> str:
        if len(draft.tasks) >= MOST_TASKS:
            raise EditRefused(f"A plan has {MOST_TASKS:,} tasks at most. Split the goal into several.")
        title = values.title_of(self.title)
        capability = values.capability_of(self.capability, rules)
        draft.place_last(
            {
                "key": values.key_of(title, draft.tasks),
                "phase": values.phase_of(self.phase),
                "title": title,
                "description": values.text_of(self.description, "description"),
                "capability": capability,
                "consumes": values.paths_of(self.consumes, "consumes"),
                "produces": values.paths_of(self.produces, "produces", least=1),
                # No method makes any of its files: whoever does the task learns that from here.
                "parameters": {PLANNED: []},
                "acceptance": values.acceptance_of(self.acceptance),
                **values.minutes_of(values.estimate_of(self.optimistic, self.likely, self.pessimistic)),
                "estimate_source": "edited",
                "estimate_samples": 0,
                "risk": ORDINARY_RISK,
                "cost": 0.0,
                "wanted_agent": values.agent_of(self.agent, capability, rules),
                "reasons": {"estimate": f"{EDITED}{rules.by}, who added the task."},
            }
        )
        return f"Added “{title}” to phase {self.phase}"


@dataclass(frozen=True)
class Remove:
    """Take a task out; ``cascade`` takes out with it what needs its artifacts, directly or through others."""

    kind: ClassVar[str] = "remove"
    task: str
    cascade: bool = False

    def apply(self, draft: Draft, rules: Rules) -> str:
        title = draft.open_task(self.task, rules)["title"]
        needing = consumers(draft, self.task)
        direct = [edge["consumer"] for edge in draft.edges() if edge["producer"] == self.task and edge["artifact"]]
        if direct and not self.cascade:
            raise StillNeeded(title, [draft.title(key) for key in dict.fromkeys(direct)])
        for key in needing:
            if key in rules.locked:
                raise Locked(draft.title(key), f"needs what “{title}” makes and {rules.locked[key]}")
        draft.drop([self.task, *needing])
        more = f" and {len(needing)} that depended on it" if needing else ""
        return f"Took out “{title}”{more}"


def consumers(draft: Draft, key: str) -> list[str]:
    """Whoever needs the task's artifacts, directly or through others, in the order of the plan."""
    found = reached(key, [(edge["producer"], edge["consumer"]) for edge in draft.edges() if edge["artifact"]])
    return [other for other in draft.tasks if other in found and other != key]


@dataclass(frozen=True)
class Part:
    """One part of a split task. What is left out (None) is taken from the task that is split; estimates are shared."""

    title: str
    produces: tuple[str, ...]
    consumes: tuple[str, ...] | None = None
    capability: str | None = None
    acceptance: tuple[str, ...] | None = None
    optimistic: float | None = None
    likely: float | None = None
    pessimistic: float | None = None


@dataclass(frozen=True)
class Split:
    """Several tasks instead of one. Together they make at least what it made; each keeps its inputs and its orders.

    ``in_order``: each part comes after the one before it.
    """

    kind: ClassVar[str] = "split"
    task: str
    parts: tuple[Part, ...]
    in_order: bool = True

    def apply(self, draft: Draft, rules: Rules) -> str:
        whole = draft.open_task(self.task, rules)
        if not 2 <= len(self.parts) <= MOST_PARTS:
            raise BadInput({"parts": f"Split a task into 2 to {MOST_PARTS} parts."})
        tasks = [self._part(number, part, whole, draft, rules) for number, part in enumerate(self.parts, start=1)]
        _nothing_lost(whole, tasks)
        _keep_orders(draft, self.task, [task["key"] for task in tasks])
        if self.in_order:
            draft.orders += [(a["key"], b["key"]) for a, b in pairwise(tasks)]
        draft.tasks = _replaced(draft.tasks, self.task, tasks)
        return f"Split “{whole['title']}” into {len(tasks)}"

    def _part(self, number: int, part: Part, whole: TaskData, draft: Draft, rules: Rules) -> TaskData:
        field = f"parts.{number}"
        try:
            return self._part_of(number, part, whole, draft, rules)
        except BadInput as bad:
            raise BadInput({f"{field}.{name}": words for name, words in bad.fields.items()}) from bad

    def _part_of(self, number: int, part: Part, whole: TaskData, draft: Draft, rules: Rules) -> TaskData:
        share = len(self.parts)
        points = [whole[name] / share if getattr(part, name) is None else getattr(part, name) for name in values.POINTS]
        capability = values.capability_of(part.capability, rules) if part.capability else whole["capability"]
        consumes = whole["consumes"] if part.consumes is None else part.consumes
        acceptance = whole["acceptance"] if part.acceptance is None else part.acceptance
        reasons = {name: words for name, words in whole.get("reasons", {}).items() if name not in INPUTS}
        return {
            **deepcopy(whole),
            "key": values.unique(f"{whole['key'][:140]}.{number}", draft.tasks),
            "title": values.title_of(part.title),
            "capability": capability,
            "consumes": values.paths_of(consumes, "consumes"),
            "produces": values.paths_of(part.produces, "produces", least=1),
            "parameters": with_planned(whole),
            "acceptance": values.acceptance_of(acceptance),
            **values.minutes_of(values.estimate_of(*points)),
            "estimate_source": "edited",
            "estimate_samples": 0,
            "cost": whole.get("cost", 0.0) / share,
            "wanted_agent": whole.get("wanted_agent", "") if capability == whole["capability"] else "",
            "reasons": {**reasons, "estimate": f"{EDITED}{rules.by}, who split “{whole['title']}”."},
        }


def _nothing_lost(whole: TaskData, tasks: list[TaskData]) -> None:
    lost = sorted(set(whole["produces"]) - {path for task in tasks for path in task["produces"]})
    if lost:
        raise BadInput({"parts": f"No part makes {', '.join(lost)}, which “{whole['title']}” promised."})


def _keep_orders(draft: Draft, key: str, parts: list[str]) -> None:
    """Whatever had to come before or after the task comes before or after each of its parts."""
    kept: list[tuple[str, str]] = []
    for before, after in draft.orders:
        firsts = parts if before == key else [before]
        seconds = parts if after == key else [after]
        kept += [(first, second) for first in firsts for second in seconds]
    draft.orders = kept


def _replaced(tasks: Mapping[str, TaskData], key: str, parts: list[TaskData]) -> dict[str, Any]:
    """The parts in the place of the whole, and all places counted anew."""
    found: list[TaskData] = []
    for task in tasks.values():
        found += parts if task["key"] == key else [task]
    for position, task in enumerate(found):
        task["position"] = position
    return {task["key"]: task for task in found}
