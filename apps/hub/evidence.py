"""The evidence of a round: what people decide on, and nothing that changes while it stays the same.

In: digests of artifacts, check results, the versions of definition and plan, what the next phase would do. Out: agents,
slots, comments, times; so that the same work gives the same digest, whoever did it and whenever it was looked at.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from apps.gates.models import Condition, Round
from apps.gates.results import CheckResult
from apps.goals.models import Goal
from apps.tasks.models import Plan, Task
from apps.tasks.services.files import current_tree

SCHEMA = "evidence/1"


def evidence_for(*, goal: Goal, round: Round, checks: Sequence[CheckResult], tree: str) -> dict[str, Any]:
    """The evidence of a round as plain JSON values. ``tree``, the commit, is kept beside it: it carries times."""
    plan = Plan.objects.get(goal=goal, status="active")
    return compose(
        gate={"code": round.gate.code, "definition_version": round.definition.version, "rule": _rule(round)},
        plan={"version": plan.version},
        artifacts=current_tree(goal.pk),
        checks=checks,
        requirements=[*goal.requirements.order_by("number").values("number", "kind", "ticked_at")],
        answers=dict(goal.questions.exclude(answer="").values_list("key", "answer")),
        conditions=sorted(Condition.objects.filter(goal=goal, status="open").values_list("text", "due_phase")),
        next_phase=next_phase(plan, round.gate.phase + 1),
    )


def _rule(round: Round) -> dict[str, Any]:
    return {name: round.rule[name] for name in ("seats", "solo", "conditions", "blocking")}


def compose(
    *,
    gate: dict[str, Any],
    plan: dict[str, Any],
    artifacts: dict[str, str],
    checks: Sequence[CheckResult],
    requirements: Sequence[Mapping[str, Any]],
    answers: dict[str, str],
    conditions: Sequence[tuple[str, int]],
    next_phase: dict[str, Any],
) -> dict[str, Any]:
    """Put the parts in their canonical form: the order in which they were gathered leaves no trace."""
    return {
        "schema": SCHEMA,
        "gate": gate,
        "plan": plan,
        "artifacts": dict(sorted(artifacts.items())),
        "checks": {
            f"{one.name} ({one.source})": {"result": one.result, "blocking": one.blocking, "sentence": one.sentence}
            for one in sorted(checks, key=lambda one: (one.name, one.source))
        },
        "requirements": {
            str(one["number"]): f"{one['kind']}, ticked" if one["ticked_at"] else str(one["kind"])
            for one in sorted(requirements, key=lambda one: one["number"])
        },
        "answers": dict(sorted(answers.items())),
        "conditions": [{"text": text, "due_phase": due} for text, due in sorted(conditions)],
        "next_phase": next_phase,
    }


def next_phase(plan: Plan, phase: int) -> dict[str, Any]:
    """What a yes sets going: the tasks of the next phase with their estimates; phase 8 is the delivery."""
    rows = Task.objects.filter(plan=plan, phase=phase, kind="work").exclude(status__in=["cancelled", "skipped"])
    tasks = {
        row.key: {"title": row.title, "capability": row.capability, "minutes": _minutes(row.minutes)}
        for row in rows.order_by("key")
    }
    return {"phase": phase, "tasks": tasks, "minutes": _minutes(sum(row["minutes"] for row in tasks.values()))}


def _minutes(value: Any) -> float:
    return float(Decimal(str(value)).quantize(Decimal("0.01")))
