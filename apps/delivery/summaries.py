"""The facts of the summary report, out of the database and the workspace."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Sum

from apps.delivery import reading
from apps.delivery.report import Figure, FileLine, GateLine, ReportData, RequirementLine
from apps.delivery.validate import traced_tests
from apps.gates.models import Condition
from apps.goals.models import Goal, Requirement
from apps.inbox.models import Question
from apps.tasks.models import Plan, Task


def report_for(
    goal: Goal,
    plan: Plan,
    *,
    files: Mapping[str, bytes],
    gates: Sequence[Mapping[str, Any]],
    provenance: Sequence[Mapping[str, Any]],
    metrics: Mapping[str, Any],
    audit: tuple[int, str],
    created: datetime,
) -> ReportData:
    """What the summary report of a goal says now. `files`: those that `reading` names, as far as they are there."""
    requirements = _requirements(goal, files)
    answered = sum(line.answered for line in requirements)
    left_out = _not_built(goal, plan)
    marks = sorted({mark for gate in gates for mark in _marks(gate)})
    outcome = f"{answered} of {len(requirements)} requirements are answered, {len(left_out)} things were not built."
    if marks:
        outcome += f" Decided with these marks: {', '.join(marks)}."
    seq, head = audit
    return ReportData(
        title=goal.title,
        goal_id=str(goal.pk),
        kind=str(goal.facts.get("kind", "")).replace("_", " "),
        outcome=outcome,
        created=_moment(created),
        brief="\n\n".join(brief.text for brief in goal.briefs.order_by("number")),
        approach=_approach(plan),
        built=tuple(FileLine(row["path"], row["task"] or "the brief", row["agent"] or "–") for row in provenance),
        not_built=tuple(left_out),
        requirements=tuple(requirements),
        gates=tuple(_gate(gate) for gate in gates),
        figures=tuple(_figures(plan, metrics)),
        costs=tuple(_costs(goal, plan, metrics)),
        assumptions=tuple(_assumptions(goal, files)),
        open_points=tuple(_open_points(goal, gates)),
        audit=f"The audit chain stood at link {seq}, {head}. manifest.json has the digest of every file.",
    )


def _approach(plan: Plan) -> str:
    return f"{plan.approach.name}. {plan.approach.summary}".strip() if plan.approach else ""


def _requirements(goal: Goal, files: Mapping[str, bytes]) -> list[RequirementLine]:
    tests = traced_tests(files)
    found = goal.requirements.select_related("ticked_by").order_by("number")
    return [_requirement(row, tests.get(row.number, ())) for row in found]


def _requirement(row: Requirement, tests: Sequence[str]) -> RequirementLine:
    if row.kind == "declined":
        traces: tuple[str, ...] = (f"Declined: {row.why}" if row.why else "Declined, agreed at QG-PHASE1",)
        answered = True
    elif row.kind == "manual":
        ticked = row.ticked_by is not None and row.ticked_at is not None
        traces = (f"Ticked by {row.ticked_by} on {_moment(row.ticked_at)}",) if row.ticked_at else ()
        answered = ticked
    else:
        traces, answered = tuple(tests), bool(tests)
    sentences = tuple(reading.wholes(row.sentences))
    return RequirementLine(row.number, row.text, row.kind, sentences, traces, answered)


def _not_built(goal: Goal, plan: Plan) -> list[str]:
    declined = goal.requirements.filter(kind="declined").order_by("number")
    dropped = Task.objects.filter(plan=plan, kind="work", status__in=["skipped", "cancelled"]).order_by(
        "phase", "position"
    )
    return [
        *(f"R{row.number} {row.text} – declined{': ' + row.why if row.why else ''}." for row in declined),
        *(f"{task.title} – {task.status}." for task in dropped),
    ]


def _marks(gate: Mapping[str, Any]) -> list[str]:
    last = gate["rounds"][-1] if gate["rounds"] else {}
    return [mark for mark in ("solo", "override") if last.get(mark)]


def _gate(gate: Mapping[str, Any]) -> GateLine:
    rounds = gate["rounds"]
    last = rounds[-1] if rounds else {}
    clearance = last.get("clearance") or {}
    groups = {vote["person"]: vote["group"] for vote in last.get("votes", ())}
    return GateLine(
        code=gate["code"],
        title=gate["title"],
        outcome=gate["status"].replace("_", " "),
        rounds=len(rounds),
        decided_by=tuple(_voice(seat, groups) for seat in clearance.get("seats", ())),
        at=_moment(datetime.fromisoformat(last["decided"])) if last.get("decided") else "",
        marks=tuple(_marks(gate)),
        conditions=tuple(
            f"Condition, {one['status']}: {one['text']}" for round_ in rounds for one in round_["conditions"]
        ),
    )


def _voice(seat: Mapping[str, Any], groups: Mapping[str, str | None]) -> str:
    group = groups.get(seat["person"])
    return f"{seat['person']} for {group}" if group else f"{seat['person']} ({seat['seat']})"


def _figures(plan: Plan, metrics: Mapping[str, Any]) -> list[Figure]:
    estimated = f"the attempts' running time, added up; estimated: {_span(_estimated(plan) * 60)}"
    found = [
        Figure("Duration", _span(metrics.get("duration_seconds")), f"planned: {_span(plan.minutes * 60)}"),
        Figure("Execution", _span(metrics.get("execution_seconds")), estimated),
        Figure("Waiting for people", _span(metrics.get("human_wait_seconds")), "counts in neither ratio"),
    ]
    for key, name in (("parallelization", "Parallelization"), ("overhead", "Coordination overhead")):
        ratio = metrics.get(key) or {}
        value = ratio.get("value")
        found.append(Figure(name, "–" if value is None else f"{value:.0%}", str(ratio.get("words", ""))))
    return found


def _estimated(plan: Plan) -> float:
    """The minutes of all the plan's tasks, as they were estimated."""
    found = Task.objects.filter(plan=plan, kind="work").aggregate(total=Sum("minutes"))["total"]
    return float(found or 0)


def _costs(goal: Goal, plan: Plan, metrics: Mapping[str, Any]) -> list[Figure]:
    budget = f"budget: {goal.budget:.2f} €" if goal.budget is not None else "no budget was set"
    return [
        Figure("Agents", f"{float(metrics.get('cost') or 0):.2f} €", budget),
        Figure("Planned", f"{plan.cost:.2f} €", "the estimate of the plan"),
    ]


def _assumptions(goal: Goal, files: Mapping[str, bytes]) -> list[str]:
    try:
        written = reading.rows(reading.document(files, reading.REQUIREMENTS), "assumptions")
    except reading.Unreadable:
        written = []
    texts = [text for row in written for text in reading.texts(row.get("text"))]
    unanswered = Question.objects.filter(goal=goal, answer="").order_by("asked_at", "key")
    defaults = [f"{one.text} – not answered; taken: {one.default}" for one in unanswered]
    return list(dict.fromkeys([*texts, *defaults]))


def _open_points(goal: Goal, gates: Sequence[Mapping[str, Any]]) -> list[str]:
    conditions = Condition.objects.filter(goal=goal, status="open").order_by("due_phase")
    checks = [
        f"{gate['code']}: {check['sentence']}"
        for gate in gates
        if gate["rounds"]
        for check in gate["rounds"][-1]["checks"]
        if check["result"] != "passed"
    ]
    return [*(f"Condition, due in phase {one.due_phase}: {one.text}" for one in conditions), *checks]


def _moment(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC" if moment else ""


def _span(seconds: Any) -> str:
    if not isinstance(seconds, int | float):
        return "–"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02} min"
