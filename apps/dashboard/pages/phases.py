"""The phase rail of a goal: seven phases, how far each is, and the gate at its end."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from apps.gates.models import Gate
from apps.goals.models import PHASE_NAMES, Goal
from apps.tasks.models import Plan
from apps.tasks.selectors import DONE, tasks_count

WORKING = ("dispatched", "running", "merging", "retrying", "conflict")
PEOPLE = ("escalated", "waiting")


@dataclass(frozen=True)
class GateMark:
    """The gate at the end of a phase, as the rail shows it."""

    code: str
    status: str
    href: str = ""


@dataclass(frozen=True)
class Phase:
    """One step of the rail. ``share`` is between 0 and 1, ``word`` says in a word what goes on."""

    number: int
    name: str
    total: int
    done: int
    share: str
    tone: str
    icon: str
    word: str
    current: bool
    note: str
    gate: GateMark
    href: str = ""


def gate_href(gate: Gate) -> str:
    return f"/gates/{gate.pk}"


def rails(goals: Collection[Goal]) -> dict[Any, list[dict[str, Any]]]:
    """The rail of each goal, by its id: three queries, whatever their number."""
    plans = _plans(goals)
    counts = tasks_count(plans=[plan.pk for plan in plans.values()])
    gates: dict[Any, dict[int, Gate]] = {}
    for gate in Gate.objects.filter(goal__in=[goal.pk for goal in goals]):
        gates.setdefault(gate.goal_id, {})[gate.phase] = gate
    return {goal.pk: rail(goal, counts.get(goal.pk, {}), gates.get(goal.pk, {}), plans.get(goal.pk)) for goal in goals}


def rail(
    goal: Goal, counts: Mapping[tuple[int, str], int], gates: Mapping[int, Gate], plan: Plan | None
) -> list[dict[str, Any]]:
    """The seven steps, as the component ``phase_rail`` takes them."""
    notes = plan.notes if plan is not None else {}
    passed = [gates[number].status == "passed" if number in gates else False for number in PHASE_NAMES]
    under_way = goal.status in ("running", "paused")
    current = next((number for number in PHASE_NAMES if not passed[number - 1]), 0) if under_way else 0
    steps = []
    for number, name in PHASE_NAMES.items():
        mine = {status: count for (phase, status), count in counts.items() if phase == number}
        note = notes.get(str(number), "")
        steps.append(asdict(_step(goal, number, name, mine, gates.get(number), number == current, note)))
    return steps


def _step(
    goal: Goal, number: int, name: str, counts: Mapping[str, int], gate: Gate | None, current: bool, note: Any
) -> Phase:
    total = sum(count for status, count in counts.items() if status != "cancelled")
    done = sum(counts.get(status, 0) for status in DONE)
    tone, icon, word = _state(goal, counts, total, done, gate.status if gate else "pending")
    mark = GateMark(f"QG-PHASE{number}", gate.status if gate else "pending", gate_href(gate) if gate else "")
    share = f"{done / total:.3f}" if total else "0"
    words = note if isinstance(note, str) and note and len(note) < 28 else "No tasks"
    return Phase(
        number, name, total, done, share, tone, icon, word, current, words, mark, f"/goals/{goal.pk}?phase={number}"
    )


def _state(goal: Goal, counts: Mapping[str, int], total: int, done: int, gate: str) -> tuple[str, str, str]:
    by_gate = {
        "passed": ("good", "check", "Done"),
        "open": ("human", "user-check", "At the gate"),
        "deciding": ("human", "hourglass", "Deciding"),
        "reviewing": ("review", "loader", "In review"),
        "rejected": ("bad", "x", "Rejected"),
        "closed": ("quiet", "archive", "Closed"),
    }
    if gate in by_gate:
        return by_gate[gate]
    if any(counts.get(status) for status in PEOPLE):
        return "human", "hand-stop", "Needs a person"
    if any(counts.get(status) for status in WORKING):
        return ("neutral", "player-pause", "Draining") if goal.status == "paused" else ("run", "loader", "Working")
    if counts.get("ready") and goal.status == "running":
        return "neutral", "clock", "Ready"
    if gate == "changes_requested":
        return "warn", "arrow-back-up", "Changes asked"
    if total and done == total:
        return "good", "check", "Tasks done"
    return "quiet", "circle-dashed", "Begun" if done else "Not begun"


def _plans(goals: Collection[Goal]) -> dict[Any, Plan]:
    rows = Plan.objects.filter(goal__in=[goal.pk for goal in goals], status__in=["active", "proposed", "superseded"])
    found: dict[Any, Plan] = {}
    rank = {"active": 2, "proposed": 1, "superseded": 0}
    for plan in sorted(rows.only("goal_id", "status", "version", "notes"), key=lambda p: (rank[p.status], p.version)):
        found[plan.goal_id] = plan
    return found
