"""What comes before what: moving a task, and the orders that people add beside the artifacts."""

from dataclasses import dataclass
from typing import ClassVar

from apps.engine.editing import values
from apps.engine.editing.draft import Draft, Rules
from apps.engine.editing.errors import BadInput, EditRefused, NothingToDo, NotWithoutReason
from apps.engine.work import EPSILON


@dataclass(frozen=True)
class Move:
    """Move a task to another phase, or before or after another task (and into its phase).

    With ``waits`` the later one waits for the earlier one. Without, only their places in the list change, which is
    possible where both are planned at the same time, since otherwise the timeline says the order.
    """

    kind: ClassVar[str] = "move"
    task: str
    phase: int | None = None
    before: str = ""
    after: str = ""
    waits: bool = True

    def apply(self, draft: Draft, rules: Rules) -> str:
        task = draft.open_task(self.task, rules)
        if self.before and self.after:
            raise BadInput({"before": "Name one task that it comes before or one that it comes after, not both."})
        if not self.before and not self.after:
            return self._to_phase(draft, self.phase)
        field = "before" if self.before else "after"
        other = draft.task(self.before or self.after, field)
        if other["key"] == self.task:
            raise BadInput({field: "A task can't come before or after itself."})
        if self.phase is not None and self.phase != other["phase"]:
            raise BadInput({"phase": f"“{other['title']}” is in phase {other['phase']}."})
        task["phase"] = other["phase"]
        pair = (self.task, other["key"]) if self.before else (other["key"], self.task)
        if self.waits:
            _order(draft, rules, *pair)
        else:
            _place(draft, self.task, other["key"], before=bool(self.before))
        return f"Moved “{task['title']}” {field} “{other['title']}”"

    def _to_phase(self, draft: Draft, phase: int | None) -> str:
        if phase is None:
            raise BadInput({"phase": "Say where to: a phase, or a task that it comes before or after."})
        task = draft.task(self.task)
        if task["phase"] == values.phase_of(phase):
            raise NothingToDo(f"“{task['title']}” is in phase {phase} already.", "phase")
        task["phase"] = phase
        return f"Moved “{task['title']}” to phase {phase}"


@dataclass(frozen=True)
class Order:
    """``after`` waits for ``before``, though it needs nothing of it."""

    kind: ClassVar[str] = "order"
    before: str
    after: str

    def apply(self, draft: Draft, rules: Rules) -> str:
        first = draft.task(self.before, "before")
        second = draft.task(self.after, "after")
        if self.before == self.after:
            raise BadInput({"after": "A task can't wait for itself."})
        _order(draft, rules, self.before, self.after)
        return f"“{second['title']}” comes after “{first['title']}”"


@dataclass(frozen=True)
class Unorder:
    """Take an order out that somebody added. What follows from an artifact stays."""

    kind: ClassVar[str] = "unorder"
    before: str
    after: str

    def apply(self, draft: Draft, rules: Rules) -> str:
        first = draft.task(self.before, "before")
        second = draft.open_task(self.after, rules, "after")
        pair = (self.before, self.after)
        if pair in draft.orders:
            draft.orders = [order for order in draft.orders if order != pair]
            return f"“{second['title']}” need not wait for “{first['title']}” any more"
        edges = [e for e in draft.edges() if (e["producer"], e["consumer"]) == pair]
        if edges:
            raise NotWithoutReason(first["title"], second["title"], edges[0]["artifact"])
        raise NothingToDo(f"“{second['title']}” does not wait for “{first['title']}”.", "after")


def _order(draft: Draft, rules: Rules, before: str, after: str) -> None:
    draft.open_task(after, rules, "after")
    if before in draft.before(after):
        raise NothingToDo(f"“{draft.title(after)}” comes after “{draft.title(before)}” already.", "after")
    if draft.tasks[before]["phase"] < draft.tasks[after]["phase"]:
        raise NothingToDo(
            f"“{draft.title(before)}” is in an earlier phase than “{draft.title(after)}”: the gate between them "
            "keeps that order already.",
            "after",
        )
    draft.orders.append((before, after))


def _place(draft: Draft, key: str, other: str, *, before: bool) -> None:
    task, target = draft.tasks[key], draft.tasks[other]
    if abs(task["planned_start"] - target["planned_start"]) > EPSILON:
        raise EditRefused(
            f"“{task['title']}” is planned to begin at {task['planned_start']:.3g} min and “{target['title']}” at "
            f"{target['planned_start']:.3g}: the timeline says the order. Let one wait for the other instead."
        )
    ordered = sorted((one for one in draft.tasks.values() if one is not task), key=lambda one: one["position"])
    place = next(index for index, one in enumerate(ordered) if one is target) + (0 if before else 1)
    ordered.insert(place, task)
    for position, one in enumerate(ordered):
        one["position"] = position
    draft.tasks = {one["key"]: one for one in ordered}
