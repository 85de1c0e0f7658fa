"""Order, cost, timeline, critical path and RICE of a blueprint, computed anew from its tasks and edges."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import networkx as nx

from apps.engine import astar
from apps.engine.cpm import critical_path
from apps.engine.edges import Edge, graph_of
from apps.engine.methods import PHASES, Estimate
from apps.engine.planner import Settings
from apps.engine.rice import EDITED, INPUTS, Rice, rice_of
from apps.engine.schedule import schedule
from apps.engine.work import Job, Work, Worker, bottom_levels

Blueprint = dict[str, Any]
TaskData = dict[str, Any]

EMPTIED = "Every task of this phase was taken out when the plan was edited."
# What older blueprints do not carry, as the library has it.
ORDINARY_RISK = 0.1


def reschedule(blueprint: Mapping[str, Any], settings: Settings) -> Blueprint:
    """The blueprint with everything derived computed anew; what it was made from is left as it is.

    Kept: the tasks, the edges, and each figure whose reason says that a person edited it. Computed: planned times and
    places, critical path, bottom levels, RICE, slots, minutes, the lower bound and whether it is reached, the cost, and
    the notes on phases without tasks. The same blueprint and settings give the same result. Raises CyclicWork.
    """
    tasks = [dict(task) for task in blueprint["tasks"]]
    edges = [Edge(edge["producer"], edge["consumer"], edge["artifact"]) for edge in blueprint["edges"]]
    work = work_of(tasks, edges, settings)
    timetable = schedule(
        work, lambda part: astar.best_schedule(part, deadline=settings.deadline, node_budget=settings.node_budget)
    )
    times = {placement.key: (placement.start, placement.end) for placement in timetable.placements}
    critical = critical_path(work)
    levels = bottom_levels(work)
    followers = followers_of(graph_of([task["key"] for task in tasks], edges))
    tasks.sort(key=lambda task: (task["phase"], times[task["key"]][0], task["position"], task["key"]))
    for position, task in enumerate(tasks):
        key = task["key"]
        task["position"] = position
        task["planned_start"], task["planned_finish"] = times[key]
        task["critical"] = key in critical.path
        task["bottom_level"] = levels[key]
        prioritise(task, followers[key], settings.goal_priority)
    return {
        **blueprint,
        "slots": settings.slots,
        "minutes": timetable.makespan,
        "lower_bound_minutes": timetable.bound,
        "proven": timetable.proven,
        "critical_minutes": critical.duration,
        "cost": f"{cost_of(tasks, settings.price_per_minute):.2f}",
        "notes": _notes(blueprint.get("notes", {}), tasks),
        "tasks": tasks,
        "edges": [dict(edge) for edge in blueprint["edges"]],
    }


def followers_of(graph: "nx.DiGraph[str]") -> dict[str, int]:
    """How many tasks wait for each, directly or through others. Sets as bits, so that a thousand tasks take no time.

    >>> followers_of(nx.DiGraph([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]))
    {'d': 0, 'c': 1, 'b': 1, 'a': 3}
    """
    behind: dict[str, int] = {}
    bits = {key: 1 << place for place, key in enumerate(graph)}
    for key in reversed(list(nx.topological_sort(graph))):
        behind[key] = 0
        for after in graph.successors(key):
            behind[key] |= bits[after] | behind[after]
    return {key: waiting.bit_count() for key, waiting in behind.items()}


def work_of(tasks: Sequence[Mapping[str, Any]], edges: Sequence[Edge], settings: Settings) -> Work:
    """The tasks as a scheduling problem. A task with a wanted agent can be done by that agent only."""
    needs: dict[str, list[str]] = {task["key"]: [] for task in tasks}
    for producer, consumer in sorted({(edge.producer, edge.consumer) for edge in edges}):
        needs[consumer].append(producer)
    slugs = {worker.slug for worker in settings.workers}
    jobs = tuple(Job(task["key"], task["minutes"], task["phase"], _capability(task, slugs)) for task in tasks)
    workers = tuple(_with_itself(worker) for worker in settings.workers)
    return Work(jobs, {key: tuple(before) for key, before in needs.items()}, settings.slots, workers)


def _capability(task: Mapping[str, Any], slugs: set[str]) -> str:
    wanted = task.get("wanted_agent") or ""
    return f"agent:{wanted}" if wanted in slugs else str(task["capability"])


def _with_itself(worker: Worker) -> Worker:
    return replace(worker, capabilities=worker.capabilities | {f"agent:{worker.slug}"})


def prioritise(task: TaskData, followers: int, goal_priority: int) -> None:
    """Set the task's four inputs of RICE, its value and their reasons; what a person edited stays."""
    derived = derived_rice(task, followers, goal_priority)
    reasons = dict(task.get("reasons") or {})
    for name in INPUTS:
        if not str(reasons.get(name, "")).startswith(EDITED):
            task[name] = getattr(derived, name)
            reasons[name] = derived.reasons[name]
    task["rice"] = Rice(task["reach"], task["impact"], task["confidence"], task["effort"], reasons).value
    task["reasons"] = reasons


def derived_rice(task: Mapping[str, Any], followers: int, goal_priority: int) -> Rice:
    """The RICE that follows from the graph, the goal's priority and the estimate alone."""
    estimate = Estimate(task["optimistic"], task["likely"], task["pessimistic"])
    risk = task.get("risk", ORDINARY_RISK)
    return rice_of(followers=followers, goal_priority=goal_priority, estimate=estimate, risk=risk)


def cost_of(tasks: Sequence[Mapping[str, Any]], price_per_minute: float) -> float:
    """What the plan costs: agent minutes, and what some tasks cost beside them."""
    return sum(float(task["minutes"]) * price_per_minute + float(task.get("cost", 0.0)) for task in tasks)


def _notes(notes: Mapping[str, str], tasks: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Why each phase without tasks has none: as before, or because an edit emptied it."""
    worked = {task["phase"] for task in tasks}
    return {str(phase): notes.get(str(phase), EMPTIED) for phase in PHASES if phase not in worked}
