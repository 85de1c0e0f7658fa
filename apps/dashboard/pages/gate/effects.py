"""What a yes sets going and what a no undoes, computed from the plan (gates.md, "The page of a gate")."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count

from apps.core.words import count
from apps.dashboard.templatetags.wording import duration, money
from apps.gates.models import Clearance, Gate, GateDefinition, Round
from apps.goals.models import PHASE_NAMES, Goal
from apps.tasks.models import Attempt, Plan, Task

LAST = 7
_GONE = ("cancelled", "skipped")
_DONE = ("completed", "skipped")


@dataclass(frozen=True)
class Undo:
    """What a rejection back to one phase would undo; phase 0 ends the goal."""

    phase: int
    label: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Effects:
    """Sentences for yes, for asking for changes, for each rejection; and how to go back afterwards."""

    yes: Sequence[str]
    changes: Sequence[str]
    undo: Sequence[Undo]
    roll_back: str


@dataclass
class _Phase:
    """Sums over one phase of the active plan."""

    tasks: int = 0
    done: int = 0
    startable: int = 0
    minutes: float = 0.0
    done_minutes: float = 0.0
    begins: float = 0.0
    ends: float = 0.0
    first: list[str] = field(default_factory=list)


def effects(gate: Gate, round_: Round | None) -> Effects:
    """Six queries, whatever the size of the plan."""
    goal = gate.goal
    plan = Plan.objects.filter(goal=goal, status="active").first()
    phases = _phases(plan)
    yes = _deliver(goal) if gate.phase == LAST else _yes(gate, plan, phases)
    if goal.status == "paused":
        yes.append("The goal is paused: what you clear begins when it is resumed.")
    return Effects(yes, _changes(gate, round_, phases), _undos(gate, phases), _roll_back(gate, round_))


def _phases(plan: Plan | None) -> Mapping[int, _Phase]:
    found: dict[int, _Phase] = defaultdict(_Phase)
    if plan is None:
        return found
    rows = Task.objects.filter(plan=plan, kind="work").exclude(status__in=_GONE).order_by("phase", "position")
    columns = ("phase", "title", "status", "minutes", "unmet", "planned_start", "planned_finish")
    for phase, title, status, minutes, unmet, start, finish in rows.values_list(*columns):
        one = found[phase]
        one.begins = min(one.begins, start) if one.tasks else start
        one.ends = max(one.ends, finish)
        one.tasks, one.minutes = one.tasks + 1, one.minutes + minutes
        if status in _DONE:
            one.done, one.done_minutes = one.done + 1, one.done_minutes + minutes
        elif not unmet:
            one.startable += 1
            one.first.append(title)
    return found


def _yes(gate: Gate, plan: Plan | None, phases: Mapping[int, _Phase]) -> list[str]:
    number = gate.phase + 1
    following = phases[number]
    name = PHASE_NAMES[number]
    if not following.tasks:
        reason = str((plan.notes if plan else {}).get(str(number), "")).rstrip(".")
        because = f", because {_lower(reason)}" if reason else ""
        return [f"Phase {number} {name} has no tasks{because}.", f"QG-PHASE{number} opens next."]
    cost = _cost(plan, following, phases)
    span = following.ends - following.begins
    lines = [
        f"{_tasks(following.tasks)} of {name} may run: about {duration(span)} with the plan's slots, "
        f"{duration(following.minutes)} of work, about {money(cost, '€')}."
    ]
    if following.startable:
        named = ", ".join(f"“{title}”" for title in following.first[:3])
        more = f" and {following.startable - 3} more" if following.startable > 3 else ""
        verb = "starts" if following.startable == 1 else "start"
        lines.append(f"{following.startable} {verb} at once: {named}{more}.")
    lines.append(f"Then QG-PHASE{number} asks {_asked(number)}.")
    return lines


def _deliver(goal: Goal) -> list[str]:
    files = goal.artifacts.filter(current=True, deleted=False).count()
    return [
        f"The deliverable is packed: {files} files with the report, the decisions and a manifest.",
        "The goal is delivered. Nothing runs any more.",
    ]


def _asked(phase: int) -> str:
    """Whom the next gate asks, by the definition in force."""
    definition = GateDefinition.objects.filter(phase=phase).order_by("-version").first()
    seats = [seat["seat"] for seat in definition.rule["seats"]] if definition else []
    return " and ".join(seats) or "its people"


def _cost(plan: Plan | None, one: _Phase, phases: Mapping[int, _Phase]) -> Decimal:
    """The phase's share of the plan's cost, by its minutes."""
    total = sum(each.minutes for each in phases.values())
    if plan is None or not total:
        return Decimal(0)
    return (plan.cost * Decimal(str(one.minutes)) / Decimal(str(total))).quantize(Decimal("0.01"))


def _changes(gate: Gate, round_: Round | None, phases: Mapping[int, _Phase]) -> list[str]:
    here = phases[gate.phase]
    number = (round_.number if round_ else 0) + 1
    return [
        f"The tasks you name are done again with your words in their packets; all {here.done} of this phase would "
        f"take about {duration(here.done_minutes)}.",
        f"Nothing of the next phase starts. Round {number} opens when they are done.",
    ]


def _undos(gate: Gate, phases: Mapping[int, _Phase]) -> list[Undo]:
    live = Attempt.objects.filter(goal=gate.goal, status__in=("dispatched", "running")).order_by()
    running = dict(live.values_list("phase").annotate(number=Count("pk")))
    cleared = set(
        Clearance.objects.filter(goal=gate.goal, revocation__isnull=True).values_list("phase", flat=True).order_by()
    )
    back = [_undo(gate, phase, phases, running, cleared) for phase in range(gate.phase, 0, -1)]
    return [*back, _end(phases, sum(running.values()))]


def _undo(gate: Gate, to: int, phases: Mapping[int, _Phase], running: Mapping[int, int], cleared: set[int]) -> Undo:
    span = range(to, gate.phase + 1)
    again = sum(phases[phase].done for phase in span)
    minutes = sum(phases[phase].done_minutes for phase in span)
    lines = [f"{_tasks(again)} done again, about {duration(minutes)} of work."]
    if to < gate.phase:
        gone = [phase for phase in range(to + 1, gate.phase + 1) if phase in cleared]
        revoked = f"clearance {gone[0]} is revoked" if len(gone) == 1 else f"clearances {_listed(gone)} are revoked"
        lines.append(f"QG-PHASE{to} to QG-PHASE{gate.phase} are decided anew; {revoked}.")
        lines.append(f"The files go back to what QG-PHASE{to} saw, as a new commit: the history stays.")
    else:
        lines.append("The files stay; the agents read your reason and work on.")
    stopped = sum(number for phase, number in running.items() if phase >= to)
    if stopped:
        lines.append(f"{stopped} running attempts are cancelled.")
    label = f"Back to phase {to} {PHASE_NAMES[to]}" + (" (this one)" if to == gate.phase else "")
    return Undo(to, label, lines)


def _end(phases: Mapping[int, _Phase], running: int) -> Undo:
    left = sum(one.tasks - one.done for one in phases.values())
    lines = [f"{_tasks(left)} cancelled, {running} running attempts stopped, every gate closed. This can't be undone."]
    return Undo(0, "End the goal", lines)


def _roll_back(gate: Gate, round_: Round | None) -> str:
    seconds = (round_.rule if round_ else {}).get("undo_seconds", 10)
    first = f"For {count(seconds, 'second')} after the decision it can be taken back here."
    if gate.phase == LAST:
        return f"{first} After delivery the runbook says how to go back: docs/runbook.md, deploy/rollback.sh."
    return (
        f"{first} Later, a rejection at any gate that follows goes back to this phase: the files as this round saw "
        "them come back as a new commit, nothing is lost."
    )


def _tasks(number: int) -> str:
    return f"{number} task" if number == 1 else f"{number} tasks"


def _listed(numbers: Sequence[Any]) -> str:
    return ", ".join(str(number) for number in numbers) or "none"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
