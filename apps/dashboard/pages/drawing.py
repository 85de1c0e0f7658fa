"""From rows to what ``svg`` draws: the graph and the timeline of a plan, with its gates as barriers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from apps.core import clock
from apps.dashboard.pages.phases import gate_href
from apps.dashboard.svg import Edge, GateMark, Lane, Node, TimelineBar, TimelineGate, render_graph, render_timeline
from apps.dashboard.templatetags.wording import duration
from apps.gates.models import Gate, Round
from apps.goals.models import PHASE_NAMES, Goal
from apps.tasks import selectors
from apps.tasks.models import Plan
from apps.tasks.selectors import Drawn

# Where work goes so much faster than planned, what happened gets a timeline of its own, or nobody would see it.
FASTER = 3.0


def graph(goal: Goal, plan: Plan | None) -> dict[str, Any]:
    """Three queries."""
    if plan is None:
        return {"goal": goal, "plan": None}
    drawn, edges = selectors.tasks_drawn(plan=plan), selectors.edges_drawn(plan=plan)
    gates = _gates(goal)
    counts = {number: [task for task in drawn if task.phase == number] for number in PHASE_NAMES}
    current = next((n for n in PHASE_NAMES if n in gates and gates[n].status != "passed"), 0)
    lanes = [
        Lane(n, name, _done_words(counts[n]), n == current and goal.status in ("running", "paused"))
        for n, name in PHASE_NAMES.items()
        if counts[n]
    ]
    nodes = [
        Node(str(t.id), t.title, t.phase, t.status, duration(t.minutes), t.critical, f"/tasks/{t.id}") for t in drawn
    ]
    marks = [GateMark(n, gate.code, gate.status, gate_href(gate)) for n, gate in gates.items() if counts[n]]
    svg = render_graph(nodes, [Edge(str(a), str(b), artifact) for a, b, artifact in edges], lanes=lanes, gates=marks)
    return {"goal": goal, "plan": plan, "svg": svg, "tasks": len(nodes), "edges": len(edges)}


def timeline(goal: Goal, plan: Plan | None) -> dict[str, Any]:
    """Planned beside actual; three queries."""
    if plan is None:
        return {"goal": goal, "plan": None, "elapsed": None}
    drawn = selectors.tasks_drawn(plan=plan)
    gates = _gates(goal)
    start, now = plan.activated_at, clock.now()
    until = goal.finished_at or now
    elapsed = _minutes(start, until) if start else None
    bars = [_bar(task, start, until) for task in drawn]
    ends = {n: max(t.planned_finish for t in drawn if t.phase == n) for n in {task.phase for task in drawn}}
    barriers = [TimelineGate(g.code, ends[n], g.status, gate_href(g)) for n, g in gates.items() if n in ends]
    rows = [f"{n} {name}" for n, name in PHASE_NAMES.items() if n in ends]
    moving = elapsed is not None and goal.status in ("running", "paused", "delivering")
    context: dict[str, Any] = {"goal": goal, "plan": plan, "elapsed": elapsed}
    context["svg"] = render_timeline(bars, gates=barriers, now=elapsed if moving else None, rows=rows)
    if _much_faster(drawn):
        context["own_scale"] = _own_scale(goal, drawn, gates, start, until, rows)
    return context


def _much_faster(drawn: Sequence[Drawn]) -> bool:
    ended = [task for task in drawn if task.started_at is not None and task.finished_at is not None]
    took = sum(_minutes(task.started_at, task.finished_at) for task in ended)
    return bool(ended) and took * FASTER < sum(task.minutes for task in ended)


def _own_scale(
    goal: Goal,
    drawn: Sequence[Drawn],
    gates: Mapping[int, Gate],
    start: datetime | None,
    until: datetime,
    rows: list[str],
) -> Any:
    begun = [task for task in drawn if task.started_at is not None and start is not None]
    if not begun:
        return None
    bars = []
    for task in begun:
        first, last = _minutes(start, task.started_at), _minutes(start, task.finished_at or until)
        label = f"{task.phase} {PHASE_NAMES[task.phase]}"
        bars.append(
            TimelineBar(
                f"own-{task.id}", label, task.title, first, max(first, last), task.status, task.critical,
                href=f"/tasks/{task.id}",
            )
        )  # fmt: skip
    decided: dict[Any, Any] = dict(
        Round.objects.filter(gate__goal=goal, outcome="passed")
        .order_by("decided_at")
        .values_list("gate_id", "decided_at")
    )
    barriers = [
        TimelineGate(gate.code, _minutes(start, decided[gate.pk]), gate.status, gate_href(gate))
        for gate in gates.values()
        if decided.get(gate.pk) is not None
    ]
    used = {bar.row for bar in bars}
    return render_timeline(bars, gates=barriers, rows=[row for row in rows if row in used], label="What happened")


def _bar(task: Drawn, start: datetime | None, until: datetime) -> TimelineBar:
    begun = task.started_at is not None and start is not None
    return TimelineBar(
        str(task.id),
        f"{task.phase} {PHASE_NAMES[task.phase]}",
        task.title,
        task.planned_start,
        task.planned_finish,
        task.status,
        task.critical,
        _minutes(start, task.started_at) if begun else None,
        _minutes(start, task.finished_at or until) if begun else None,
        f"/tasks/{task.id}",
    )


def _minutes(start: datetime | None, moment: datetime) -> float:
    return max(0.0, (moment - start).total_seconds() / 60) if start else 0.0


def _gates(goal: Goal) -> dict[int, Gate]:
    return {gate.phase: gate for gate in Gate.objects.filter(goal=goal).order_by("phase")}


def _done_words(tasks: Sequence[Drawn]) -> str:
    done = sum(task.status in selectors.DONE for task in tasks)
    return f"{done} of {len(tasks)} tasks" if done else f"{len(tasks)} task{'s' if len(tasks) != 1 else ''}"
