"""The approaches side by side, and what choosing another one would change."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.core.errors import NotThere
from apps.engine.differences import Change, Difference, difference
from apps.goals.models import PHASE_NAMES, Goal
from apps.planning import drafts, selectors
from apps.tasks.models import Approach, Exploration, Plan
from apps.tasks.selectors import plan_shown

PARTS = (("total", "All in all"), ("time", "Time"), ("cost", "Cost"), ("risk", "Risk"), ("fit", "Fit"))
# So many tasks of a list are shown at once, the others behind a fold.
FIRST = 12
_FIELDS = {
    "phase": "the phase",
    "description": "the description",
    "capability": "the capability",
    "consumes": "what it needs",
    "produces": "what it makes",
    "parameters": "the parameters",
    "acceptance": "when it is accepted",
    "producers": "who makes what it needs",
    "inputs": "what the goal brings",
}


@dataclass(frozen=True)
class Score:
    """One part of an approach's score: points from 0 to 100, more is better; ``best`` of those compared."""

    points: float
    best: bool

    @property
    def share(self) -> float:
        return self.points / 100


@dataclass(frozen=True)
class Column:
    """One approach as a column of the comparison. ``critical`` are the tasks on its critical path, by name; ``proof``
    says in words how short its order is."""

    approach: Approach
    scores: dict[str, Score]
    tasks: int | None
    proposed: bool
    critical: list[Mapping[str, Any]]
    critical_minutes: float
    proof: str


def columns(goal: Goal, exploration: Exploration, standing: Plan | None) -> list[Column]:
    """The approaches, best first: one query."""
    rows = list(selectors.approaches(goal=goal, exploration=exploration))
    best = {key: max((_points(row, key) for row in rows), default=0.0) for key, _ in PARTS}
    found = []
    for row in rows:
        told = _outline(exploration, row)
        found.append(
            Column(
                approach=row,
                scores={key: Score(_points(row, key), _points(row, key) >= best[key] > 0) for key, _ in PARTS},
                tasks=told.get("tasks"),
                proposed=row.pk == standing.approach_id if standing else row.chosen,
                critical=told.get("critical_path", []),
                critical_minutes=told.get("critical_minutes", 0.0),
                proof=proof(row.minutes, told["bound"], proven=told["proven"]) if "bound" in told else "",
            )
        )
    return found


def lead(exploration: Exploration | None, compared: list[Column], standing: Plan | None) -> dict[str, str]:
    """The name, the summary and the reason of the plan that stands, as the page begins with them: no query."""
    if standing is None:
        return {}
    by_hand = {"edit": "A person edited it.", "replan": standing.why}.get(standing.origin, "")
    chosen = next((column.approach for column in compared if column.proposed), None)
    if chosen is None:
        return {"name": f"Version {standing.version}", "summary": "", "why": by_hand or standing.why}
    first = compared[0].approach
    why = exploration.why if exploration else ""
    if chosen.pk != first.pk:
        why = f"A person chose it; the planner had put '{first.name}' first."
    return {"name": chosen.name, "summary": chosen.summary, "why": " ".join(filter(None, (by_hand, why)))}


def proof(minutes: float, bound: float, *, proven: bool) -> str:
    """How good the order is, in words; "shortest" is said only where it is proven.

    >>> proof(10, 10, proven=True)
    'Proven: no order is shorter.'
    >>> proof(10.3, 10, proven=False)
    'Not proven shortest: at most 3 % above the bound.'
    >>> proof(10.0001, 10, proven=False)
    'Not proven shortest: less than 0.1 % above the bound.'
    """
    if proven:
        return "Proven: no order is shorter."
    if bound <= 0:
        return "Not proven shortest."
    above = max(0.0, minutes / bound - 1)
    share = "less than 0.1" if above < 0.001 else f"at most {100 * above:.2g}"
    return f"Not proven shortest: {share} % above the bound."


def changes(goal: Goal, approach_id: uuid.UUID) -> dict[str, Any]:
    """What would change if this approach were chosen instead of the proposed one. Raises ``NotThere``."""
    other = Approach.objects.filter(pk=approach_id, goal=goal).first()
    if other is None:
        raise NotThere("This approach does not belong to the goal.")
    standing = plan_shown(goal=goal)
    context: dict[str, Any] = {"goal": goal, "approach": other, "plan": standing}
    if standing is None:
        return context | {"difference": None}
    before, after = drafts.blueprint_of(standing), other.blueprint
    found = difference(before, after)
    titles = {task["key"]: task["title"] for task in (*before["tasks"], *after["tasks"])}
    return context | {
        "difference": found,
        "lists": _lists(found),
        "figures": _figures(found),
        "path": [{"title": titles[key], "new": key not in found.critical_before} for key in found.critical_after],
        "left": [titles[key] for key in found.critical_before if key not in found.critical_after],
        "proof": proof(after["minutes"], after["lower_bound_minutes"], proven=after["proven"]),
        "first": FIRST,
    }


def _lists(found: Difference) -> list[dict[str, Any]]:
    lists = [
        {"name": "Added", "tone": "plus", "rows": [_row(each) for each in found.added]},
        {"name": "Left out", "tone": "minus", "rows": [_row(each) for each in found.removed]},
        {"name": "Changed", "tone": "other", "rows": [_row(each, _what(each)) for each in found.changed]},
    ]
    return [each | {"more": max(0, len(each["rows"]) - FIRST)} for each in lists if each["rows"]]


def _row(task: Any, words: str = "") -> dict[str, str]:
    return {"title": task.title, "phase": f"{task.phase} {PHASE_NAMES.get(task.phase, '')}", "words": words}


def _what(change: Change) -> str:
    return ", ".join(_FIELDS.get(name, name) for name in change.fields)


def _figures(found: Difference) -> list[dict[str, Any]]:
    rows = (
        ("Duration", found.minutes, "minutes"),
        ("Critical path", found.critical, "minutes"),
        ("Work of all tasks", found.work, "work"),
        ("Cost", found.cost, "money"),
    )
    return [
        {"label": label, "before": figure.before, "after": figure.after, "change": _signed(figure.change), "unit": unit}
        for label, figure, unit in rows
    ]


def _signed(change: float) -> dict[str, Any]:
    """The amount, and which way: nothing where it would be shown as zero."""
    return {"amount": abs(change), "way": 0 if abs(change) < 0.005 else 1 if change > 0 else -1}


def _outline(exploration: Exploration, row: Approach) -> Mapping[str, Any]:
    """What was kept with the tree of this approach; nothing where it is of an older shape."""
    tree = exploration.tree if isinstance(exploration.tree, dict) else {}
    listed = tree.get("approaches", [])
    found = listed[row.number - 1] if isinstance(listed, list) and 0 < row.number <= len(listed) else {}
    return found if isinstance(found, dict) else {}


def _points(row: Approach, key: str) -> float:
    """Points from 0 to 100; they are stored as shares of 1."""
    return 100 * float(row.scores.get(key, 0) or 0)
