"""Gathers what the checks of a round look at. The only part of the checks that reads the database."""

from typing import Any

from apps.delivery import workspaces
from apps.gates.models import Condition, Round
from apps.goals.models import Goal
from apps.hub.checks.material import ApproachFact, ConditionFact, Material, QuestionFact, RequirementFact, TaskFact
from apps.hub.checks.reviews import path_of
from apps.planning import selectors as planning
from apps.planning.late_start import first_phase_of
from apps.tasks.models import Plan, Task
from apps.tasks.services.files import current_tree

REVIEWS = "reviews/"


def gather(*, goal: Goal, round_: Round, head: str) -> Material:
    """The material of a round from the workspace commit ``head``."""
    gate, definition = round_.gate, round_.definition
    plan = Plan.objects.get(goal=goal, status="active")
    recorded = current_tree(goal.pk)
    first, *later = [bytes(one.content) for one in goal.briefs.order_by("number")] or [b""]
    due = Condition.objects.filter(goal=goal, status="open").order_by("due_phase", "pk")
    return Material(
        code=gate.code,
        phase=gate.phase,
        goal_kind=str(goal.facts.get("kind", "")),
        files=workspaces.workspace_files(goal=goal, commit=head) if head else {},
        brief=first,
        additions=b"".join(b"\n\n" + one for one in later),
        facts=goal.facts,
        blocking=tuple(round_.rule["blocking"]),
        advisory=tuple(definition.advisory_checks),
        required_artifacts=tuple(definition.required_artifacts),
        reviews=tuple(definition.reviews),
        fresh_reviews=_fresh_reviews(goal, round_, recorded),
        requirements=tuple(
            RequirementFact(one.number, one.kind, one.text, one.ticked_at is not None)
            for one in goal.requirements.all()
        ),
        questions=tuple(
            QuestionFact(one.key, one.text, one.default, one.answer)
            for one in goal.questions.order_by("key")  # asked by the planner and by agents alike
        ),
        approaches=tuple(ApproachFact(one.name, one.chosen, one.scores) for one in planning.approaches(goal=goal)),
        tasks=_tasks(plan),
        conditions=tuple(ConditionFact(one.text, one.due_phase) for one in due),
        notes=_notes(plan.notes),
        first_phase=first_phase_of(goal),
        recorded=recorded,
        previous=_previous(goal, gate.phase),
    )


def _tasks(plan: Plan) -> tuple[TaskFact, ...]:
    rows = Task.objects.filter(plan=plan).order_by("phase", "position", "key")
    return tuple(
        TaskFact(
            key=row.key,
            title=row.title,
            phase=row.phase,
            status=row.status,
            kind=row.kind,
            capability=row.capability,
            produces=tuple(row.produces),
            acceptance=tuple(row.acceptance),
        )
        for row in rows
    )


def _notes(notes: Any) -> dict[int, str]:
    """Why phases have no tasks, whatever else the plan notes: ``{"phases_without_tasks": {"5": "…"}}`` or flat."""
    if not isinstance(notes, dict):
        return {}
    nested = notes.get("phases_without_tasks") or notes.get("phase_without_tasks") or notes.get("phases") or notes
    pairs = nested.items() if isinstance(nested, dict) else ()
    return {int(key): str(value) for key, value in pairs if str(key).isdecimal() and isinstance(value, str)}


def _fresh_reviews(goal: Goal, round_: Round, recorded: dict[str, str]) -> frozenset[str]:
    """Review files that are about this tree: made in this round, or in one whose other files were exactly the same."""
    made = Task.objects.filter(round=round_, kind="review", status="completed").values_list("produces", flat=True)
    fresh = {path for produces in made for path in produces}
    if not Task.objects.filter(round=round_, kind="review").exists():
        earlier = round_.gate.rounds.filter(number__lt=round_.number).exclude(evidence=None).order_by("-number").first()
        if earlier and earlier.evidence and _reviewed(earlier.evidence["artifacts"]) == _reviewed(recorded):
            wanted = {path_of(round_.gate.phase, capability) for capability in round_.definition.reviews}
            fresh |= {path for path in wanted if earlier.evidence["artifacts"].get(path) == recorded.get(path)}
    return frozenset(fresh)


def _reviewed(tree: dict[str, str]) -> dict[str, str]:
    return {path: digest for path, digest in tree.items() if not path.startswith(REVIEWS)}


def _previous(goal: Goal, phase: int) -> dict[str, bytes] | None:
    passed = Round.objects.filter(gate__goal=goal, gate__phase=phase - 1, outcome="passed").exclude(tree="")
    newest = passed.order_by("-number").first()
    return workspaces.workspace_files(goal=goal, commit=newest.tree) if newest else None
