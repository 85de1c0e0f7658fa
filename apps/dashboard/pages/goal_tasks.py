"""The overview of a goal: its tasks by phase, each with agent, progress and why it waits; its gates beside them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from apps.dashboard.pages import phases, waiting
from apps.gates.models import Gate
from apps.goals.models import PHASE_NAMES, Goal
from apps.tasks import selectors
from apps.tasks.models import Attempt, Plan, Task

# So many rows a phase are shown at once; one phase alone is read in pages.
MOST, PAGE = 10, 100
FEW = 120


@dataclass(frozen=True)
class Row:
    """One task in the list. ``progress`` is between 0 and 1, None where nothing runs."""

    task: Task
    attempt: Attempt | None
    progress: float | None
    why: waiting.Why


@dataclass(frozen=True)
class Section:
    """The tasks of one phase that are shown, and how many there are."""

    number: int
    name: str
    rows: list[Row]
    total: int
    note: str

    @property
    def hidden(self) -> int:
        return max(0, self.total - len(self.rows))


def tasks(goal: Goal, *, phase: int | None = None, page: int = 1) -> dict[str, Any]:
    """Six queries, whatever the number of tasks."""
    plan = selectors.plan_shown(goal=goal)
    gates = {gate.phase: gate for gate in Gate.objects.filter(goal=goal)}
    query = f"?phase={phase}&page={page}" if phase is not None else ""
    context: dict[str, Any] = {"goal": goal, "plan": plan, "phase": phase, "page": page, "sections": [], "query": query}
    if plan is None:
        return context
    totals = _totals(plan)
    number = sum(totals.values())
    if phase is None:
        shown = list(selectors.tasks_shown(plan=plan, most=MOST if number > FEW else FEW))
    else:
        shown = list(selectors.tasks_shown(plan=plan, most=PAGE, phase=phase, skip=(page - 1) * PAGE))
        context["pages"] = -(-totals.get(phase, 0) // PAGE)
    context["sections"] = _sections(goal, plan, gates, totals, shown, phase)
    return context | {"total": number}


def gates(goal: Goal) -> dict[str, Any]:
    """The seven gates with their present round: one query."""
    rows = Gate.objects.filter(goal=goal).order_by("phase").prefetch_related("rounds")
    found = []
    for gate in rows:
        rounds = sorted(gate.rounds.all(), key=lambda one: one.number)
        newest = rounds[-1] if rounds else None
        found.append({"gate": gate, "round": newest, "name": PHASE_NAMES[gate.phase], "href": phases.gate_href(gate)})
    return {"goal": goal, "gates": found}


def _totals(plan: Plan) -> Mapping[int, int]:
    rows = Task.objects.filter(plan=plan).order_by().values_list("phase")
    return dict(rows.annotate(Count("pk")))


def _sections(
    goal: Goal, plan: Plan, gates: Mapping[int, Gate], totals: Mapping[int, int], shown: list[Task], phase: int | None
) -> list[Section]:
    attempts = selectors.attempts_newest(tasks=[task.pk for task in shown])
    blocked = [task.pk for task in shown if task.status in ("blocked", "reopened")]
    missing = selectors.producers_missing(tasks=blocked)
    rows: dict[int, list[Row]] = defaultdict(list)
    for task in shown:
        attempt = attempts.get(task.pk)
        why = waiting.why(task, gates=gates, missing=missing.get(task.pk, []), goal=goal.status, attempt=attempt)
        rows[task.phase].append(Row(task, attempt, _progress(task, attempt), why))
    numbers = [phase] if phase is not None else list(PHASE_NAMES)
    return [
        Section(number, PHASE_NAMES[number], rows[number], totals.get(number, 0), str(plan.notes.get(str(number), "")))
        for number in numbers
    ]


def _progress(task: Task, attempt: Attempt | None) -> float | None:
    if task.status in ("completed", "skipped"):
        return 1.0
    if attempt is not None and task.status in ("running", "dispatched", "merging"):
        return attempt.progress / 100
    return None
