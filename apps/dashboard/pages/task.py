"""The page of a task: what it is, who tried it and how it went, the ladder of recovery, and what may be done."""

import json
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from apps.accounts.models import Person
from apps.agents.models import Agent
from apps.core import clock
from apps.dashboard.pages import plan as plan_page
from apps.dashboard.pages import waiting
from apps.dashboard.pages.controls import Control, refusal
from apps.dashboard.pages.phases import gate_href
from apps.engine.priority import path_part
from apps.gates.models import Gate
from apps.goals.models import PHASE_NAMES
from apps.hub import ranking
from apps.tasks import selectors
from apps.tasks.models import Attempt, Edge, Pool, Task

_FAILED = ("failed", "expired")


def page(task: Task, person: Person) -> dict[str, Any]:
    """Everything of a task read by ``task_get``; seven queries more."""
    attempts = list(task.attempts.all())
    before, after = selectors.neighbours(task=task)
    gates = {gate.phase: gate for gate in Gate.objects.filter(goal=task.goal_id)}
    missing = [edge.producer.title for edge in before if edge.producer.status not in selectors.DONE]
    newest = attempts[-1] if attempts else None
    gate = gates.get(task.phase)
    buttons = controls(task, person)
    return {
        "task": task,
        "goal": task.goal,
        "phase_name": PHASE_NAMES[task.phase],
        "gate": gate,
        "gate_href": gate_href(gate) if gate else "",
        "why": waiting.why(
            task, gates=gates, missing=list(dict.fromkeys(missing)), goal=task.goal.status, attempt=newest
        ),
        "attempts": list(reversed([_attempt(one) for one in attempts])),
        "newest": newest,
        "cost": sum((one.cost for one in attempts), start=newest.cost * 0 if newest else 0),
        "ladder": ladder(task, attempts),
        "inputs": _inputs(before),
        "outputs": _outputs(task, after),
        "packet": _packet(attempts),
        "rice_reasons": plan_page.reasons(task),
        "priority": _priority(task),
        "progress": newest.progress / 100 if newest else 0.0,
        "controls": buttons,
        "hints": any(button.why_not for button in buttons),
        **dialogs(task, person),
    }


def _priority(task: Task) -> str:
    """Its place among ready tasks in words; before it is ready, the part that is known."""
    pool = Pool.objects.order_by("pk").first()
    if task.status == "ready" and pool is not None:
        return ranking.explained([task], pool=pool, now=clock.now())[task.pk].explanation
    return path_part(bottom_level=task.bottom_level, critical_path=task.plan.critical_minutes)


def _attempt(one: Attempt) -> dict[str, Any]:
    seconds = (one.finished_at - one.started_at).total_seconds() if one.finished_at and one.started_at else None
    result = one.result if isinstance(one.result, dict) else {}
    salvage = json.dumps(one.salvage, indent=2, sort_keys=True, ensure_ascii=False) if one.salvage else ""
    return {
        "attempt": one,
        "minutes": seconds / 60 if seconds is not None else None,
        "summary": result.get("summary", ""),
        "claims": result.get("claims", []),
        "files": sorted(result.get("changed", {})),
        "salvage": salvage[:20_000],
    }


def _packet(attempts: Sequence[Attempt]) -> dict[str, Any]:
    """The newest packet as pretty JSON, cut where it would make the page too long."""
    newest = next((one for one in reversed(attempts) if one.packet), None)
    if newest is None:
        return {}
    text = json.dumps(newest.packet, indent=2, ensure_ascii=False)
    return {"attempt": newest, "text": text[:60_000], "cut": len(text) > 60_000, "size": len(text)}


def ladder(task: Task, attempts: Sequence[Attempt]) -> list[dict[str, Any]]:
    """The rungs of recovery, and where this revision of the task stands: try, again, another agent, people."""
    mine = [one for one in attempts if one.revision == task.revision]
    failed = [one for one in mine if one.status in _FAILED]
    pool = Pool.objects.order_by("pk").first()
    retries = pool.retries if pool else 3
    agents = list(dict.fromkeys(one.agent.name for one in mine))
    rungs = [
        {"name": "First try", "reached": bool(mine), "words": f"by {agents[0]}" if agents else "not begun"},
        {
            "name": "Tried again",
            "reached": bool(failed) and (len(mine) > 1 or task.status == "retrying"),
            "words": f"{len(failed)} failed, {retries} retries an agent with growing pauses",
        },
        {
            "name": "Another agent",
            "reached": len(agents) > 1,
            "words": ", ".join(agents[1:]) if len(agents) > 1 else "when one has had its tries",
        },
        {
            "name": "People",
            "reached": task.status == "escalated",
            "words": "needs a decision now" if task.status == "escalated" else "when every agent has had its tries",
        },
    ]
    last = max((number for number, rung in enumerate(rungs) if rung["reached"]), default=-1)
    return [rung | {"current": number == last} for number, rung in enumerate(rungs)]


def _inputs(edges: Sequence[Edge]) -> list[dict[str, Any]]:
    return [{"path": edge.artifact, "task": edge.producer} for edge in edges]


def _outputs(task: Task, edges: Sequence[Edge]) -> list[dict[str, Any]]:
    users: dict[str, list[Task]] = {path: [] for path in task.produces}
    for edge in edges:
        if edge.artifact:
            users.setdefault(edge.artifact, []).append(edge.consumer)
    return [{"path": path, "tasks": tasks} for path, tasks in users.items()]


def controls(task: Task, person: Person) -> list[Control]:
    """The buttons, each with the sentence that disables it."""
    href = {key: reverse("task-act", args=[task.pk, key]) for key in ("retry", "reassign", "cancel", "skip")}
    ended = task.status in ("completed", "skipped", "cancelled")
    retry = "" if task.status in ("escalated", "retrying") else "It is neither escalated nor backing off."
    give = f"It is {task.status}: there is no next attempt." if ended or task.status == "merging" else ""
    skip = "" if task.status == "escalated" else "Only an escalated task can be skipped."
    cancel = f"It is {task.status} already." if ended else ""
    may = {action: refusal(person, f"task.{action}", task) for action in ("retry", "reassign", "cancel")}
    return [
        Control(
            "retry", "Try again", "rotate", href["retry"], retry or may["retry"], primary=task.status == "escalated"
        ),
        Control(
            "reassign", "Give to another agent", "robot", href["reassign"], give or may["reassign"], dialog="reassign"
        ),
        Control("skip", "Skip", "player-skip", href["skip"], skip or may["cancel"], dialog="skip-task"),
        Control("cancel", "Cancel", "ban", href["cancel"], cancel or may["cancel"], bad=True, dialog="cancel-task"),
    ]


def dialogs(task: Task, person: Person) -> dict[str, Any]:
    """Who else could do it, and which tasks go along when it is left out."""
    agents = Agent.objects.filter(capabilities__capability=task.capability).exclude(status="retired").order_by("name")
    along = selectors.consumers_unfinished(task=task)
    return {"able": list(agents), "along": along, "along_more": max(0, len(along) - 30)}
