"""Blueprints for tests: a chain of phases, each with some tasks that need all of the phase before."""

from typing import Any


def task_of(key: str, phase: int, position: int, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": key,
        "phase": phase,
        "position": position,
        "title": f"Do {key}",
        "description": f"What {key} is about.",
        "capability": "backend.feature",
        "consumes": [],
        "produces": [f"work/{key}.txt"],
        "parameters": {},
        "acceptance": [f"{key} is there."],
        "estimate_source": "default",
        "critical": False,
        "planned_start": float(phase),
        "planned_finish": float(phase + 1),
    }
    row |= {"optimistic": 1.0, "likely": 2.0, "pessimistic": 3.0, "minutes": 2.0}
    row |= {"reach": 1.0, "impact": 2.0, "confidence": 0.5, "effort": 2.0, "rice": 0.5, "bottom_level": 10.0}
    return row | changes


def blueprint(*, phases: int = 7, width: int = 1) -> dict[str, Any]:
    tasks: list[dict[str, Any]] = []
    edges: list[dict[str, str]] = []
    for phase in range(1, phases + 1):
        for number in range(width):
            key = f"p{phase}-{number}"
            tasks.append(task_of(key, phase, len(tasks), effort=float(phase)))
            if phase > 1:
                before = f"p{phase - 1}-{number}"
                edges.append({"producer": before, "consumer": key, "artifact": f"work/{before}.txt"})
    return {
        "tasks": tasks,
        "edges": edges,
        "slots": 10,
        "minutes": 14.0,
        "lower_bound_minutes": 14.0,
        "proven": True,
        "critical_minutes": 14.0,
        "cost": "12.50",
        "notes": {"5": "Nothing to see."},
    }
