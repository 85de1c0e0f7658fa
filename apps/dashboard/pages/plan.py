"""The plan page: the approaches, why one won, how they are weighed, what is proven of the order, RICE in words."""

from typing import Any

from django.db.models import Count, Max

from apps.accounts.models import Person
from apps.dashboard.pages import approaches
from apps.dashboard.pages.approaches import PARTS
from apps.dashboard.pages.brief import questions
from apps.dashboard.pages.controls import refusal
from apps.dashboard.pages.editor import edit_button
from apps.dashboard.pages.goal_head import controls
from apps.goals.models import PHASE_NAMES, Goal
from apps.planning import selectors
from apps.planning.staleness import stale_words
from apps.tasks.models import Plan, Task
from apps.tasks.selectors import plan_shown

PAGE = 100
INPUTS = ("reach", "impact", "confidence", "effort")


def plan(goal: Goal, person: Person) -> dict[str, Any]:
    """Everything above graph and timeline; seven queries, ten while it is proposed, whatever its size."""
    standing = plan_shown(goal=goal)
    exploration = selectors.exploration_of(goal=goal)
    stale = stale_words(goal)
    starts = [control for control in controls(goal, person, stale) if control.key == "start"]
    compared = approaches.columns(goal, exploration, standing) if exploration else []
    return {
        "goal": goal,
        "plan": standing,
        "exploration": exploration,
        "columns": compared,
        "lead": approaches.lead(exploration, compared, standing),
        "parts": PARTS,
        "start": starts[0] if starts else None,
        "stale_plan": stale,
        "choose_why_not": _choose_why_not(goal, person),
        **edit_button(goal, standing, person),
        "notes": _notes(standing),
        "figures": _figures(standing) if standing else {},
        "estimates": _estimates(standing) if standing else {},
        **questions(goal, person),
    }


def rice(goal: Goal, *, page: int = 1) -> dict[str, Any]:
    """The tasks with RICE's four inputs, the highest first: two queries."""
    standing = plan_shown(goal=goal)
    if standing is None:
        return {"goal": goal, "rows": [], "number": 0}
    tasks = Task.objects.filter(plan=standing, kind="work")
    number = tasks.count()
    found = list(tasks.order_by("-rice", "phase", "position", "pk")[(page - 1) * PAGE : page * PAGE])
    rows = [{"task": task, "reasons": reasons(task)} for task in found]
    return {"goal": goal, "plan": standing, "rows": rows, "number": number, "page": page, "pages": -(-number // PAGE)}


def reasons(task: Task) -> list[tuple[str, str]]:
    """Which numbers each input of RICE came from, in words; nothing for a task that keeps none."""
    told = task.reasons if isinstance(task.reasons, dict) else {}
    return [(name, str(told[name])) for name in INPUTS if told.get(name)]


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


def _estimates(standing: Plan) -> dict[str, Any]:
    """On how many attempts how many tasks' estimates rest: one query."""
    rows = Task.objects.filter(plan=standing, kind="work").order_by().values_list("estimate_source")
    counts = {source: (tasks, most) for source, tasks, most in rows.annotate(Count("pk"), Max("estimate_samples"))}
    total = sum(tasks for tasks, _ in counts.values())
    named = {"measured": "measured", "default": "from the library", "edited": "edited by a person"}
    told = [f"{counts[source][0]} {words}" for source, words in named.items() if source in counts]
    most = max((most for _, most in counts.values()), default=0)
    return {"words": f"Estimates of {total} tasks: {', '.join(told)}", "most": most, "total": total}


def _figures(standing: Plan) -> dict[str, Any]:
    return {"proof": approaches.proof(standing.minutes, standing.lower_bound_minutes, proven=standing.proven)}
