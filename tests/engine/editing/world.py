"""A small plan to edit: two features in phase 4, pages that need them in phase 5, a test of all in phase 6."""

from collections.abc import Mapping
from typing import Any

from apps.engine.editing import Edited, EditRefused, Rules, operate, operation_of, reschedule
from apps.engine.planner import Settings
from apps.engine.work import Worker

CAPABILITIES = frozenset({"backend.feature", "frontend.page", "integration.tests", "writing.section"})
BUILDER = Worker("builder", frozenset({"backend.feature", "integration.tests"}), 2)
PAINTER = Worker("painter", frozenset({"frontend.page"}), 1)
SETTINGS = Settings(slots=4, workers=(BUILDER, PAINTER), price_per_minute=0.5)
RULES = Rules(SETTINGS, "anna", CAPABILITIES)


def task(key: str, phase: int, capability: str, consumes: list[str], produces: list[str]) -> dict[str, Any]:
    return {
        "key": key,
        "phase": phase,
        "position": 0,
        "title": f"Do {key}",
        "description": "",
        "capability": capability,
        "consumes": consumes,
        "produces": produces,
        "parameters": {"feature": key},
        "acceptance": [f"{key} is there."],
        "optimistic": 2.0,
        "likely": 4.0,
        "pessimistic": 6.0,
        "minutes": 4.0,
        "estimate_source": "default",
        "estimate_samples": 0,
        "reasons": {},
    }


def plan() -> dict[str, Any]:
    """add → list (both phase 4), page (5) needs list, test (6) needs add and page."""
    tasks = [
        task("add", 4, "backend.feature", ["strategic_prompt.txt"], ["service/add.py", "tests/test_add.py"]),
        task("list", 4, "backend.feature", ["service/add.py"], ["service/list.py"]),
        task("page", 5, "frontend.page", ["service/list.py"], ["pages/list.html"]),
        task("test", 6, "integration.tests", ["service/add.py", "pages/list.html"], ["reports/all.json"]),
    ]
    made = {path: one["key"] for one in tasks for path in one["produces"]}
    edges = [
        {"producer": made[path], "consumer": one["key"], "artifact": path}
        for one in tasks
        for path in one["consumes"]
        if path in made
    ]
    bare = {
        "given": ["strategic_prompt.txt"],
        "notes": {"1": "It was all said."},
        "methods": {},
        "tasks": tasks,
        "edges": edges,
    }
    return reschedule(bare, SETTINGS)


def edit(blueprint: dict[str, Any], rules: Any = RULES, **operation: Any) -> Edited:
    return operate(blueprint, operation_of(operation), rules)


def tried(blueprint: dict[str, Any], data: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """The blueprint after the edit, or None where it is refused, and the words of either."""
    try:
        found = operate(blueprint, operation_of(data), RULES)
    except EditRefused as refused:
        return None, str(refused)
    return found.blueprint, found.words


def of(blueprint: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in blueprint["tasks"] if one["key"] == key)
    return found


def edges_of(blueprint: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(edge["producer"], edge["consumer"], edge["artifact"]) for edge in blueprint["edges"]}
