"""What the API reads, with everything that its shapes show: a fixed number of queries each."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from apps.agents.models import Agent
from apps.core import clock
from apps.core.errors import NotThere
from apps.gates.models import Condition, Gate, GateDefinition, Round, Vote
from apps.goals.models import Goal
from apps.inbox.models import Escalation, Question
from apps.tasks.models import Artifact, Attempt, Plan, Pool, Slot, Task, Worker

# A worker that has not been heard of for so long brings no capacity.
WORKER_SILENT = timedelta(seconds=30)
SETTINGS = (
    "lease_seconds",
    "task_timeout_seconds",
    "retries",
    "backoff_seconds",
    "backoff_factor",
    "aging_minutes",
    "queue_limit",
    "queue_resume",
    "no_agent_minutes",
    "slo_check_seconds",
    "slo_parallelization",
    "slo_overhead",
)


def one(rows: QuerySet[Any], what: str, **where: Any) -> Any:
    """The row, or ``NotThere`` with a sentence."""
    row = rows.filter(**where).first()
    if row is None:
        raise NotThere(f"There is no {what} here.")
    return row


def goal(goal_id: uuid.UUID) -> Goal:
    """The bare goal, for actions and for what hangs below it."""
    found: Goal = one(Goal.objects.select_related("owner", "group"), "goal", pk=goal_id)
    return found


def tasks() -> QuerySet[Task]:
    return Task.objects.all()


def task_whole(task_id: uuid.UUID) -> Task:
    attempts = Prefetch("attempts", Attempt.objects.select_related("agent").order_by("number", "dispatched_at"))
    found: Task = one(Task.objects.prefetch_related(attempts, "in_edges", "out_edges"), "task", pk=task_id)
    return found


def plans() -> QuerySet[Plan]:
    """Plans with their tasks and edges: three queries."""
    work = Task.objects.filter(kind="work").order_by("phase", "position")
    return Plan.objects.select_related("drafted_by").prefetch_related(Prefetch("tasks", work), "edges")


def plan_of(goal_id: uuid.UUID) -> Plan:
    """The goal's active plan, else its newest one that is neither discarded nor a draft."""
    candidates = plans().filter(goal=goal_id).exclude(status__in=["discarded", "draft"])
    found = candidates.filter(status="active").first() or candidates.order_by("-version").first()
    if found is None:
        raise NotThere("This goal has no plan yet.")
    return found


def gates() -> QuerySet[Gate]:
    """Gates, with the id of their newest round and their definition in force."""
    newest = Round.objects.filter(gate=OuterRef("pk")).order_by("-number").values("pk")[:1]
    definition = GateDefinition.objects.filter(code=OuterRef("code")).order_by("-version").values("pk")[:1]
    return Gate.objects.select_related("goal").annotate(
        newest_round=Subquery(newest), definition_in_force=Subquery(definition)
    )


def gate_rows(found: list[Gate]) -> list[dict[str, Any]]:
    """What a list shows of each gate: two queries, whatever their number."""
    ids: dict[Any, Any] = {gate.pk: getattr(gate, "newest_round", None) for gate in found}
    in_force: dict[Any, Any] = {gate.pk: getattr(gate, "definition_in_force", None) for gate in found}
    newest = Round.objects.filter(pk__in=list(ids.values())).select_related("definition").defer("evidence")
    rounds = {row.pk: row for row in newest}
    definitions = GateDefinition.objects.in_bulk(list(in_force.values()))
    return [_gate_row(gate, rounds.get(ids[gate.pk]), definitions.get(in_force[gate.pk])) for gate in found]


def _gate_row(gate: Gate, newest: Round | None, in_force: GateDefinition | None) -> dict[str, Any]:
    definition = newest.definition if newest else in_force
    row: dict[str, Any] = {"id": gate.pk, "goal": gate.goal_id, "goal_title": gate.goal.title}
    row |= {"phase": gate.phase, "code": gate.code, "status": gate.status}
    row |= {name: getattr(definition, name, "") for name in ("title", "question")}
    row["round"] = newest.number if newest else None
    row |= {name: getattr(newest, name, None) for name in ("opened_at", "due_at", "deciding_until")}
    return row | {
        "evidence_digest": newest.evidence_digest if newest else "",
        "solo": bool(newest and newest.solo),
        "outcome": newest.outcome if newest else "",
    }


def gate_whole(gate_id: uuid.UUID) -> dict[str, Any]:
    """A gate with its newest round's rule, checks, votes and conditions."""
    gate = one(gates(), "gate", pk=gate_id)
    row = gate_rows([gate])[0]
    newest = newest_round(gate_id)
    votes = Vote.objects.filter(round=newest).select_related("person", "group") if newest else []
    due = conditions().filter(goal=gate.goal_id, due_phase__lte=gate.phase, status="open")
    mine = conditions().filter(round=newest) if newest else conditions().none()
    return row | {
        "rule": newest.rule if newest else {},
        "checks": list(newest.checks.all()) if newest else [],
        "votes": list(votes),
        "conditions": sorted({*due, *mine}, key=lambda condition: (condition.due_phase, str(condition.pk))),
    }


def newest_round(gate_id: uuid.UUID) -> Round | None:
    return Round.objects.filter(gate=gate_id).order_by("-number").first()


def conditions() -> QuerySet[Condition]:
    return Condition.objects.select_related("owner", "closed_by")


def questions() -> QuerySet[Question]:
    return Question.objects.select_related("answered_by")


def escalations() -> QuerySet[Escalation]:
    return Escalation.objects.select_related("resolved_by")


def agents() -> QuerySet[Agent]:
    """Agents with what they can do, what is known of it, and how busy they are: three queries."""
    live = Q(attempts__status__in=["dispatched", "running"])
    return Agent.objects.annotate(busy=Count("attempts", filter=live)).prefetch_related("capabilities", "scorecards")


def artifacts() -> QuerySet[Artifact]:
    return Artifact.objects.all()


def pool() -> dict[str, Any]:
    """The pool's slots and settings, who holds which, and what waits."""
    found: Pool = one(Pool.objects.order_by("pk"), "pool")
    live = Attempt.objects.filter(status__in=["dispatched", "running"]).select_related("agent")
    holders = {attempt.slot_id: attempt for attempt in live.filter(slot__pool=found)}
    places = [_place(slot, holders.get(slot.pk)) for slot in found.places.all() if slot.number <= found.slots]
    seen = Worker.objects.filter(seen_at__gt=clock.now() - WORKER_SILENT)
    capacity = seen.aggregate(total=Sum("capacity"))["total"] or 0
    return {
        "name": found.name,
        "slots": found.slots,
        "free": sum(place["attempt"] is None for place in places),
        "ready": Task.objects.filter(status="ready", shed=False, goal__status="running").count(),
        "worker_capacity": capacity,
        "places": places,
        "settings": {name: getattr(found, name) for name in SETTINGS},
    }


def _place(slot: Slot, attempt: Attempt | None) -> dict[str, Any]:
    return {
        "number": slot.number,
        "attempt": attempt.pk if attempt else None,
        "task": attempt.task_id if attempt else None,
        "goal": attempt.goal_id if attempt else None,
        "agent": attempt.agent.slug if attempt else None,
    }
