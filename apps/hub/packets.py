"""``task_packet.json``: all that an agent is given for an attempt; a set of them takes a fixed number of statements."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from apps.gates.models import Condition
from apps.goals.models import Goal
from apps.inbox.models import Question
from apps.tasks.models import Artifact, Attempt, Plan

SCHEMA = "task_packet/1"


def packets_for(attempts: Collection[Attempt]) -> dict[uuid.UUID, dict[str, Any]]:
    """The packet of each attempt (read with task, agent and goal), by the attempt's id."""
    goals = {attempt.goal_id: attempt.goal for attempt in attempts}
    inputs = _inputs(goals)
    answers = _answers(goals)
    approaches = _approaches(goals)
    conditions = _conditions(goals)
    handoffs = _handoffs(attempts)
    return {
        attempt.pk: {
            "schema": SCHEMA,
            "task": _task(attempt),
            "goal": {
                "id": str(attempt.goal_id),
                "title": attempt.goal.title,
                "kind": attempt.goal.facts.get("kind", ""),
            },
            "attempt": {
                "id": str(attempt.pk),
                "number": attempt.number,
                "fence": attempt.fence,
                "lease_until": attempt.lease_until.isoformat(),
            },
            "agent": {"slug": attempt.agent.slug, "why": attempt.why},
            "context": {
                "facts": attempt.goal.facts,
                "approach": approaches.get(attempt.goal_id, {}),
                "constraints": _constraints(attempt.goal),
                "answers": answers.get(attempt.goal_id, {}),
            },
            "inputs": inputs.get(attempt.goal_id, []),
            "acceptance": attempt.task.acceptance,
            "feedback": attempt.task.feedback,
            "conditions": conditions.get((attempt.goal_id, attempt.phase), []),
            "handoff": handoffs.get(attempt.task_id, []),
        }
        for attempt in attempts
    }


def _task(attempt: Attempt) -> dict[str, Any]:
    task = attempt.task
    same = (
        "key",
        "title",
        "description",
        "phase",
        "kind",
        "capability",
        "revision",
        "consumes",
        "produces",
        "parameters",
    )
    return {"id": str(task.pk), **{name: getattr(task, name) for name in same}}


def _constraints(goal: Goal) -> dict[str, Any]:
    return {
        "deadline": goal.deadline.isoformat() if goal.deadline else None,
        "budget": str(goal.budget) if goal.budget is not None else None,
        "slots": goal.slots,
    }


def _inputs(goals: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[dict[str, str]]]:
    rows = Artifact.objects.filter(goal__in=list(goals), current=True, deleted=False).order_by("path")
    found: dict[uuid.UUID, list[dict[str, str]]] = defaultdict(list)
    for goal, path, digest in rows.values_list("goal_id", "path", "sha256"):
        found[goal].append({"path": path, "sha256": digest})
    return found


def _answers(goals: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, dict[str, str]]:
    found: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    rows = Question.objects.filter(goal__in=list(goals)).values_list("goal_id", "key", "answer", "default")
    for goal, key, answer, default in rows:
        found[goal][key] = answer or default
    return found


def _approaches(goals: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, dict[str, Any]]:
    rows = Plan.objects.filter(goal__in=list(goals), status="active", approach__isnull=False).select_related("approach")
    return {
        plan.goal_id: {
            "name": plan.approach.name,
            "summary": plan.approach.summary,
            "methods": plan.approach.blueprint.get("methods", {}),
            "choices": plan.approach.choices,
        }
        for plan in rows
        if plan.approach is not None
    }


def _conditions(goals: Iterable[uuid.UUID]) -> Mapping[tuple[uuid.UUID, int], list[dict[str, Any]]]:
    found: dict[tuple[uuid.UUID, int], list[dict[str, Any]]] = defaultdict(list)
    rows = Condition.objects.filter(goal__in=list(goals), status="open").order_by("due_phase", "pk")
    for pk, goal, text, phase in rows.values_list("pk", "goal_id", "text", "due_phase"):
        found[goal, phase].append({"id": str(pk), "text": text, "due_phase": phase})
    return found


def _handoffs(attempts: Collection[Attempt]) -> Mapping[uuid.UUID, list[dict[str, Any]]]:
    """What earlier attempts of the same tasks came to, oldest first."""
    found: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    earlier = (
        Attempt.objects.filter(task__in={attempt.task_id for attempt in attempts})
        .exclude(pk__in=[attempt.pk for attempt in attempts])
        .order_by("number")
        .values_list("task_id", "number", "agent__slug", "status", "error")
    )
    for task, number, agent, outcome, error in earlier:
        found[task].append({"attempt": number, "agent": agent, "outcome": outcome, "error": error[:2000]})
    return found
