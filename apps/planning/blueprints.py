"""From what the engine gives to what is stored: JSON blueprints and rows. Reads and writes no database."""

from decimal import Decimal
from typing import Any

from apps.engine.approaches import Approach, Exploration
from apps.engine.htn import PlannedTask
from apps.engine.methods import PHASES, Library

TITLE_LIMIT = 200
NAME_LIMIT = 120


def approach_columns(approach: Approach, exploration: Exploration, library: Library, slots: int) -> dict[str, Any]:
    """An approach's columns: scores from 0 to 1, minutes of the planned duration, cost in euro, and the blueprint."""
    facts = approach.as_dict()
    return {
        "name": approach.name[:NAME_LIMIT],
        "summary": approach.summary,
        "choices": dict(approach.choices),
        "scores": {name: round(points / 100, 6) for name, points in facts["scores"].items()},
        "risks": list(approach.risks),
        "assumptions": list(approach.assumptions),
        "minutes": approach.duration,
        "cost": money(approach.cost),
        "blueprint": blueprint(approach, exploration.facts.kind, library, slots),
    }


def outline(approach: Approach) -> dict[str, Any]:
    """What stands side by side of an approach beside its columns, kept with the tree: reading it costs no blueprint.

    ``critical_path`` are the tasks' titles with their minutes, in their order; ``thought`` is its leaf in the tree.
    """
    by_key = {task.key: task for task in approach.tasks}
    path = [by_key[key] for key in approach.critical.path]
    return {
        "thought": approach.thought,
        "tasks": len(approach.tasks),
        "work_minutes": approach.minutes,
        "critical_minutes": approach.critical.duration,
        "critical_path": [
            {"key": task.key, "title": task.title[:TITLE_LIMIT], "phase": task.phase, "minutes": task.estimate.expected}
            for task in path
        ],
        "bound": approach.schedule.bound,
        "proven": approach.schedule.proven,
    }


def blueprint(approach: Approach, kind: str, library: Library, slots: int) -> dict[str, Any]:
    """Everything that ``storing.plan_store`` needs to make the plan of this approach, as plain JSON."""
    times = {placement.key: (placement.start, placement.end) for placement in approach.schedule.placements}
    ordered = sorted(approach.tasks, key=lambda task: (task.phase, times[task.key], task.key))
    return {
        "slots": slots,
        "minutes": approach.schedule.makespan,
        "lower_bound_minutes": approach.schedule.bound,
        "proven": approach.schedule.proven,
        "critical_minutes": approach.critical.duration,
        "cost": str(money(approach.cost)),
        "methods": dict(approach.methods),
        "notes": _notes(approach, kind, library),
        "tasks": [_task(position, task, approach, times[task.key]) for position, task in enumerate(ordered)],
        "edges": [
            {"producer": edge.producer, "consumer": edge.consumer, "artifact": edge.artifact} for edge in approach.edges
        ],
        **({"supplied": dict(approach.supplied)} if approach.supplied else {}),
    }


def money(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def _notes(approach: Approach, kind: str, library: Library) -> dict[str, str]:
    """Why a phase has no tasks, by its number: the sentence that its gate shows."""
    worked = {task.phase for task in approach.tasks}
    return {str(phase): library.why_empty(kind, phase) for phase in PHASES if phase not in worked}


def _task(position: int, task: PlannedTask, approach: Approach, times: tuple[float, float]) -> dict[str, Any]:
    rice, estimate = approach.rice[task.key], task.estimate
    return {
        "key": task.key,
        "phase": task.phase,
        "position": position,
        "title": task.title[:TITLE_LIMIT],
        "description": task.description,
        "capability": task.capability,
        "consumes": list(task.consumes),
        "produces": list(task.produces),
        "parameters": dict(task.parameters),
        "acceptance": list(task.acceptance),
        "optimistic": estimate.optimistic,
        "likely": estimate.likely,
        "pessimistic": estimate.pessimistic,
        "minutes": estimate.expected,
        "estimate_source": estimate.source,
        "estimate_samples": estimate.samples,
        "reach": rice.reach,
        "impact": rice.impact,
        "confidence": rice.confidence,
        "effort": rice.effort,
        "rice": rice.value,
        "reasons": {**rice.reasons, **({"estimate": estimate.why} if estimate.why else {})},
        "risk": task.risk,
        "cost": task.cost,
        "bottom_level": approach.bottom_levels[task.key],
        "critical": task.key in approach.critical.path,
        "planned_start": times[0],
        "planned_finish": times[1],
    }
