"""The tabs with figures: the trace from sentences to tests, and cost and time planned and real."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Sum

from apps.core.errors import NotThere
from apps.core.untrusted import reveal
from apps.delivery import reading
from apps.delivery.selectors import artifact_content
from apps.delivery.validate import traced_tests
from apps.gates.selectors import GatePage
from apps.goals.models import PHASE_NAMES, Goal
from apps.tasks.models import Attempt, Plan, Task


def trace(page: GatePage) -> dict[str, Any]:
    """Requirements with their sentences and tests; and the sentences that ask and lead to none."""
    goal = page.gate.goal
    tests = traced_tests(_documents(goal, page.round.tree if page.round else ""))
    requirements = list(goal.requirements.select_related("ticked_by"))
    sentences = _sentences(goal)
    used = {number for one in requirements for number in one.sentences}
    rows = [
        {
            "requirement": one,
            "sentences": [sentences[n] for n in one.sentences if n in sentences],
            "tests": [reveal(test) for test in tests.get(one.number, ())],
        }
        for one in requirements
    ]
    untraced = [one for number, one in sentences.items() if one["asks"] and number not in used]
    return {"trace": rows, "untraced": untraced}


def _sentences(goal: Goal) -> dict[int, dict[str, Any]]:
    rows = goal.facts.get("sentences", []) if isinstance(goal.facts, dict) else []
    return {row["number"]: {**row, "text": reveal(str(row.get("text", "")))} for row in rows if "number" in row}


def _documents(goal: Goal, tree: str) -> dict[str, bytes]:
    found = {}
    for path in (reading.ACCEPTANCE, reading.COVERAGE):
        try:
            found[path] = artifact_content(goal=goal, path=path, commit=tree)
        except NotThere:
            continue
    return found


def cost(page: GatePage) -> dict[str, Any]:
    """Planned and real by phase: three queries."""
    goal = page.gate.goal
    plan = Plan.objects.filter(goal=goal, status="active").first()
    planned: dict[int, dict[str, Any]] = defaultdict(dict)
    tasks = Task.objects.filter(plan=plan, kind="work").exclude(status__in=["cancelled", "skipped"]).order_by()
    for one in tasks.values("phase").annotate(number=Count("pk"), minutes=Sum("minutes")):
        planned[one["phase"]] = dict(one)
    real: dict[int, dict[str, Any]] = defaultdict(dict)
    attempts = Attempt.objects.filter(goal=goal).order_by()
    spans = Sum(F("finished_at") - F("started_at"))
    for row in attempts.values("phase").annotate(number=Count("pk"), time=spans, spent=Sum("cost")):
        real[row["phase"]] = dict(row)
    total = sum(row["minutes"] for row in planned.values()) or 1
    rows = []
    for phase, name in PHASE_NAMES.items():
        share = planned[phase].get("minutes", 0) / total
        rows.append(
            {
                "phase": phase,
                "name": name,
                "tasks": planned[phase].get("number", 0),
                "minutes": planned[phase].get("minutes", 0),
                "planned_cost": float(plan.cost) * share if plan else 0,
                "attempts": real[phase].get("number", 0),
                "real_minutes": _minutes(real[phase].get("time")),
                "spent": real[phase].get("spent"),
                "here": phase == page.gate.phase,
            }
        )
    spent = sum(row["spent"] or 0 for row in rows)
    return {"cost_rows": rows, "spent": spent, "budget": goal.budget, "planned_total": plan.cost if plan else None}


def _minutes(span: timedelta | None) -> float | None:
    return span.total_seconds() / 60 if span is not None else None
