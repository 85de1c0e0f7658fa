"""A goal's history as the plain records of a deliverable: gates, plan, resources, packets, provenance. Reads only."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, Sum

from apps.delivery.gaterecord import CODES
from apps.delivery.repository import Entry
from apps.gates.models import Clearance, Gate, Round, Vote
from apps.goals.models import Goal
from apps.tasks.models import Approach, Artifact, Attempt, Edge, Plan, Pool, Task
from apps.tasks.supplied import supplied_phases

_PROMPT = "strategic_prompt.txt"

_TASK_FIELDS = (
    *("key", "title", "description", "phase", "kind", "capability", "status", "revision", "position"),
    *("consumes", "produces", "acceptance", "parameters", "reach", "impact", "confidence", "effort", "rice"),
    *("optimistic", "likely", "pessimistic", "minutes", "estimate_source", "bottom_level", "critical"),
    *("planned_start", "planned_finish", "started_at", "finished_at"),
)
_POOL_FIELDS = (
    "name",
    "slots",
    "lease_seconds",
    "task_timeout_seconds",
    "retries",
    "backoff_seconds",
    "backoff_factor",
)


def plain(value: Any) -> Any:
    """`value` in JSON's own types: times in ISO 8601, amounts as text."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder, allow_nan=False))


def gate_records(goal: Goal) -> list[dict[str, Any]]:
    """The gate record of each gate, in the shape of `gaterecord`. Persons are named by their user names."""
    gates = Gate.objects.filter(goal=goal).order_by("phase")
    rounds = (
        Round.objects.filter(gate__goal=goal)
        .select_related("definition")
        .prefetch_related("checks", "votes__person", "votes__group", "conditions__owner", "conditions__closed_by")
        .prefetch_related("clearances__seats__person", "clearances__revocation", "change_items")
        .order_by("number")
    )
    by_gate: dict[Any, list[Round]] = defaultdict(list)
    for round_ in rounds:
        by_gate[round_.gate_id].append(round_)
    return [
        {
            "code": gate.code,
            "phase": gate.phase,
            "title": by_gate[gate.pk][-1].definition.title if by_gate[gate.pk] else gate.code,
            "status": gate.status,
            "rounds": [_round(round_) for round_ in by_gate[gate.pk]],
        }
        for gate in gates
    ]


def _round(round_: Round) -> Any:
    clearances = list(round_.clearances.all())
    standing = [one for one in clearances if not hasattr(one, "revocation")] or clearances
    clearance = standing[-1] if standing else None
    return plain(
        {
            "number": round_.number,
            "outcome": round_.outcome,
            "solo": round_.solo,
            "override": bool(clearance and clearance.override),
            "evidence_digest": round_.evidence_digest,
            "opened": round_.opened_at,
            "decided": round_.decided_at,
            "tree": round_.tree,
            "definition_version": round_.definition.version,
            "rule": round_.rule,
            "checks": checks_of(round_),
            "votes": [_vote(vote) for vote in round_.votes.all()],
            "conditions": [
                {
                    "text": one.text,
                    "check": one.check_name,
                    "due_phase": one.due_phase,
                    "status": one.status,
                    "owner": one.owner.get_username(),
                    "closed_by": one.closed_by.get_username() if one.closed_by else None,
                    "closing_words": one.closing_words,
                }
                for one in round_.conditions.all()
            ],
            "changes_requested": [
                {"number": one.number, "text": one.text, "anchor": one.anchor, "answer": one.answer}
                for one in round_.change_items.all()
            ],
            "clearance": _clearance(clearance) if clearance else None,
        }
    )


def checks_of(round_: Round) -> list[dict[str, Any]]:
    """The checks of a round as its `validation_report.json` carries them."""
    fields = ("name", "result", "blocking", "sentence", "proof", "source")
    return [plain({field: getattr(one, field) for field in fields}) for one in round_.checks.all()]


def _vote(vote: Vote) -> dict[str, Any]:
    fields = ("id", "verdict", "comment", "reason_code", "to_phase", "items", "evidence_digest", "at")
    voice = {"person": vote.person.get_username(), "group": vote.group.slug if vote.group else None}
    return {**voice, **{field: getattr(vote, field) for field in fields}}


def _clearance(clearance: Clearance) -> dict[str, Any]:
    return {
        "id": clearance.pk,
        "phase": clearance.phase,
        "solo": clearance.solo,
        "override": clearance.override,
        "made": clearance.made_at,
        "revoked": hasattr(clearance, "revocation"),
        "seats": [
            {"seat": seat.seat, "vote": seat.vote_id, "person": seat.person.get_username()}
            for seat in clearance.seats.all()
        ],
    }


def validation_records(goal: Goal, gates: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """`validation_report.json` of every round, by gate code and round number."""
    return {
        (gate["code"], round_["number"]): {
            "schema": "validation_report/1",
            "goal": str(goal.pk),
            "gate": gate["code"],
            "round": round_["number"],
            "outcome": round_["outcome"],
            "evidence_digest": round_["evidence_digest"],
            "checks": round_["checks"],
        }
        for gate in gates
        for round_ in gate["rounds"]
    }


def plan_record(plan: Plan) -> Any:
    """The plan: its approach beside the others, tasks with estimates and RICE inputs, edges, notes."""
    tasks = Task.objects.filter(plan=plan).order_by("phase", "position", "key")
    edges = Edge.objects.filter(plan=plan).order_by("producer__key", "consumer__key", "artifact")
    fields = (
        "version",
        "status",
        "slots",
        "minutes",
        "lower_bound_minutes",
        "proven",
        "critical_minutes",
        "cost",
        "notes",
    )
    columns = edges.values_list("producer__key", "consumer__key", "artifact")
    return plain(
        {
            **{field: getattr(plan, field) for field in fields},
            "created": plan.created_at,
            "activated": plan.activated_at,
            "approaches": [_approach(one, plan) for one in _approaches(plan)],
            "tasks": list(tasks.values(*_TASK_FIELDS)),
            "edges": [{"producer": a, "consumer": b, "artifact": c} for a, b, c in columns],
        }
    )


def _approaches(plan: Plan) -> list[Approach]:
    if plan.approach is None:
        return []
    return list(Approach.objects.filter(exploration=plan.approach.exploration_id).order_by("number"))


def _approach(one: Approach, plan: Plan) -> dict[str, Any]:
    fields = ("number", "name", "summary", "choices", "scores", "risks", "assumptions", "minutes", "cost")
    return {"chosen": one.pk == plan.approach_id, **{field: getattr(one, field) for field in fields}}


def resource_record(goal: Goal, plan: Plan) -> Any:
    """Slots and agents: what was planned, and what each agent did and cost."""
    attempts = Attempt.objects.filter(goal=goal)
    pool = Pool.objects.order_by("pk").first()
    used = attempts.values("agent__slug", "agent__runtime").order_by("agent__slug")
    work = Task.objects.filter(plan=plan, kind="work")
    by_capability = work.values("capability").order_by("capability").annotate(tasks=Count("pk"), minutes=Sum("minutes"))
    return plain(
        {
            "pool": {field: getattr(pool, field) for field in _POOL_FIELDS} if pool else None,
            "slots_planned": plan.slots,
            "slots_limit_of_goal": goal.slots,
            "budget": goal.budget,
            "capabilities": list(by_capability),
            "agents": [
                {
                    "agent": row["agent__slug"],
                    "runtime": row["agent__runtime"],
                    "attempts": row["attempts"],
                    "cost": row["cost"] or Decimal(0),
                }
                for row in used.annotate(attempts=Count("pk"), cost=Sum("cost"))
            ],
        }
    )


def packet_records(goal: Goal) -> dict[tuple[str, int], dict[str, Any]]:
    """The packet of each attempt by a task key that is safe as a folder's name, and the attempt's number."""
    rows = Attempt.objects.filter(goal=goal).select_related("task__plan").order_by("dispatched_at")
    return {(packet_key(row.task), row.number): plain(row.packet) for row in rows}


def packet_key(task: Task) -> str:
    """A task's key as a folder name: unchanged where it is safe, of an older plan or with other signs made distinct."""
    readable = re.sub(r"[^a-z0-9._-]+", "-", task.key.lower()).strip(".-") or "task"
    if readable == task.key and task.plan.status == "active":
        return readable
    mark = hashlib.sha256(f"{task.plan.version}:{task.key}".encode()).hexdigest()[:8]
    return f"{readable[:80]}-{mark}"


def provenance_records(goal: Goal, tree: Mapping[str, Entry], gates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where each workspace file came from, and who agreed to it at which gate."""
    seated = {gate["code"]: _seated(gate) for gate in gates}
    rows = Artifact.objects.filter(goal=goal, current=True).select_related("task", "attempt__agent", "attempt__effect")
    known = {row.path: row for row in rows}
    phases = supplied_phases(goal)
    return [_origin(path, entry, known.get(path), phases.get(path, 1), seated) for path, entry in tree.items()]


def _seated(gate: dict[str, Any]) -> list[str]:
    clearance = gate["rounds"][-1]["clearance"] if gate["rounds"] else None
    return sorted(seat["person"] for seat in clearance["seats"]) if clearance else []


def _origin(
    path: str, entry: Entry, row: Artifact | None, supplied: int, seated: Mapping[str, list[str]]
) -> dict[str, Any]:
    """``supplied`` is the phase whose gate decides on the file where no task made it: the brief's is the first."""
    attempt = row.attempt if row else None
    phase = row.task.phase if row and row.task else supplied
    code = CODES[phase - 1]
    effect = getattr(attempt, "effect", None) if attempt else None
    return {
        "path": path,
        "sha256": entry.sha256,
        "origin": "agent" if attempt else "brief" if path == _PROMPT else "supplied",
        "task": row.task.key if row and row.task else None,
        "agent": attempt.agent.slug if attempt else None,
        "attempt": attempt.number if attempt else None,
        "commit": effect.commit if effect else None,
        "gates": [code],
        "agreed": [{"gate": code, "persons": seated.get(code, [])}],
    }
