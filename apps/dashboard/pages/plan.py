"""The plan page: approaches side by side, why one won, the tree of thoughts, RICE, what another would change."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Func, IntegerField
from django.db.models.fields.json import KeyTransform

from apps.accounts.models import Person
from apps.core.errors import NotThere
from apps.dashboard.pages.brief import questions
from apps.dashboard.pages.controls import refusal
from apps.dashboard.pages.goal_head import controls
from apps.goals.models import PHASE_NAMES, Goal
from apps.planning import selectors
from apps.tasks.models import Approach, Plan, Task
from apps.tasks.selectors import plan_shown

PAGE = 100
PARTS = (("total", "All in all"), ("time", "Time"), ("cost", "Cost"), ("risk", "Risk"), ("fit", "Fit"))


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
    """One approach as a column of the comparison."""

    approach: Approach
    scores: dict[str, Score]
    tasks: int | None
    proposed: bool


def plan(goal: Goal, person: Person) -> dict[str, Any]:
    """Everything above graph and timeline; seven queries, whatever the size of the plan."""
    standing = plan_shown(goal=goal)
    exploration = selectors.exploration_of(goal=goal)
    rows = list(_approaches(goal)) if exploration else []
    starts = [control for control in controls(goal, person) if control.key == "start"]
    return {
        "goal": goal,
        "plan": standing,
        "exploration": exploration,
        "columns": _columns(rows, standing),
        "parts": [(key, label, [_points(row, key) for row in rows]) for key, label in PARTS],
        "start": starts[0] if starts else None,
        "choose_why_not": _choose_why_not(goal, person),
        "notes": _notes(standing),
        "figures": _figures(standing) if standing else {},
        **questions(goal, person),
    }


def rice(goal: Goal, *, page: int = 1) -> dict[str, Any]:
    """The tasks with RICE's four inputs, the highest first: two queries."""
    standing = plan_shown(goal=goal)
    if standing is None:
        return {"goal": goal, "rows": [], "number": 0}
    tasks = Task.objects.filter(plan=standing, kind="work")
    number = tasks.count()
    rows = list(tasks.order_by("-rice", "phase", "position", "pk")[(page - 1) * PAGE : page * PAGE])
    return {"goal": goal, "plan": standing, "rows": rows, "number": number, "page": page, "pages": -(-number // PAGE)}


def difference(goal: Goal, approach_id: uuid.UUID) -> dict[str, Any]:
    """What would change if this approach were chosen instead of the proposed one. Raises ``NotThere``."""
    other = Approach.objects.filter(pk=approach_id, goal=goal).first()
    if other is None:
        raise NotThere("This approach does not belong to the goal.")
    standing = plan_shown(goal=goal)
    mine = {task.key: task for task in Task.objects.filter(plan=standing, kind="work")} if standing else {}
    theirs = {task["key"]: task for task in other.blueprint.get("tasks", [])}
    minutes = other.minutes - standing.minutes if standing else None
    cost = other.cost - standing.cost if standing else None
    return {
        "goal": goal,
        "approach": other,
        "plan": standing,
        "added": [task for key, task in theirs.items() if key not in mine],
        "dropped": [task for key, task in mine.items() if key not in theirs],
        "kept": len(mine.keys() & theirs.keys()),
        "minutes": minutes,
        "cost": cost,
        "shorter": None if minutes is None else -minutes,
        "cheaper": None if cost is None else -cost,
    }


@dataclass
class Branch:
    """One thought with the thoughts that follow from it."""

    number: int
    title: str
    method: str
    status: str
    reason: str
    value: float | None
    tone: str
    icon: str
    children: list["Branch"] = field(default_factory=list)


_THOUGHTS = {
    "root": ("neutral", "target"),
    "open": ("neutral", "circle-dot"),
    "leaf": ("neutral", "circle-dot"),
    "finalist": ("good", "circle-check"),
    "cut": ("warn", "ban"),
    "refused": ("bad", "x"),
    "dead end": ("bad", "circle-x"),
    "same": ("quiet", "copy"),
}


def thoughts(goal: Goal) -> dict[str, Any]:
    """The tree of thoughts with the reason of each cut: one query."""
    exploration = selectors.exploration_of(goal=goal)
    tree = exploration.tree if exploration else {}
    listed = tree.get("thoughts", []) if isinstance(tree, dict) else []
    counts: dict[str, int] = defaultdict(int)
    for thought in listed:
        counts[str(thought.get("status", ""))] += 1
    return {
        "goal": goal,
        "branches": _branches(listed),
        "number": len(listed),
        "beam": tree.get("beam"),
        "counts": sorted(counts.items()),
    }


def _branches(listed: list[dict[str, Any]]) -> list[Branch]:
    found: dict[int, Branch] = {}
    roots: list[Branch] = []
    for thought in listed:
        status = str(thought.get("status", ""))
        tone, icon = _THOUGHTS.get(status, ("neutral", "circle-dot"))
        value = thought.get("value")
        total = value.get("total") if isinstance(value, dict) else value
        branch = Branch(
            int(thought.get("number", len(found))), str(thought.get("title", "")), str(thought.get("method", "")),
            status, str(thought.get("reason", "")), total, tone, icon,
        )  # fmt: skip
        found[branch.number] = branch
        parent = found.get(int(thought.get("parent", -1)))
        (parent.children if parent is not None else roots).append(branch)
    return roots


def _approaches(goal: Goal) -> Any:
    length = Func(KeyTransform("tasks", "blueprint"), function="jsonb_array_length", output_field=IntegerField())
    return selectors.approaches(goal=goal).annotate(tasks_number=length)


def _columns(rows: list[Approach], standing: Plan | None) -> list[Column]:
    best = {key: max((_points(row, key) for row in rows), default=0.0) for key, _ in PARTS}
    return [
        Column(
            approach=row,
            scores={key: Score(_points(row, key), _points(row, key) >= best[key] > 0) for key, _ in PARTS},
            tasks=getattr(row, "tasks_number", None),
            proposed=row.pk == standing.approach_id if standing else row.chosen,
        )
        for row in rows
    ]


def _points(row: Approach, key: str) -> float:
    """Points from 0 to 100; they are stored as shares of 1."""
    return 100 * float(row.scores.get(key, 0) or 0)


def _choose_why_not(goal: Goal, person: Person) -> str:
    if goal.status != "proposed":
        return f"The goal is {goal.status}: an approach can be chosen while a plan is proposed."
    return refusal(person, "goal.start", goal)


def _notes(standing: Plan | None) -> list[dict[str, str]]:
    """Why a phase has no tasks, and whatever else the planner says of a phase."""
    notes = standing.notes if standing else {}
    return [
        {"phase": f"{number} {name}", "text": str(notes[str(number)])}
        for number, name in PHASE_NAMES.items()
        if notes.get(str(number))
    ]


def _figures(standing: Plan) -> dict[str, Any]:
    slack = standing.minutes - standing.lower_bound_minutes
    proof = "No order is shorter: this is proven." if standing.proven else ""
    if not proof and standing.minutes:
        proof = f"At most {max(0.0, slack) / standing.minutes:.0%} longer than any order could be."
    return {"proof": proof}
