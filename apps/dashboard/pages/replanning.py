"""Planning a running goal anew: what was asked for, the drafts there are, and what activating one would do."""

from dataclasses import dataclass
from typing import Any

from apps.accounts.models import Person
from apps.dashboard.pages.controls import refusal
from apps.engine.differences import Change, Difference
from apps.gates.models import Clearance
from apps.goals.models import Goal
from apps.hub import foreseeing
from apps.planning import replanning
from apps.tasks.models import Plan

# What a changed field is called in a sentence.
FIELDS = {
    "phase": "phase",
    "description": "description",
    "capability": "capability",
    "consumes": "what it needs",
    "produces": "what it leaves",
    "parameters": "parameters",
    "acceptance": "acceptance criteria",
    "producers": "who makes what it needs",
    "inputs": "the brief",
    "title": "title",
    "optimistic": "optimistic estimate",
    "likely": "likely estimate",
    "pessimistic": "pessimistic estimate",
    "minutes": "estimate",
    "estimate_source": "source of the estimate",
    "wanted_agent": "agent",
    "rice": "priority",
}
ORIGINS = {
    "approach": "Another approach",
    "edit": "Edited by hand",
    "replan": "Planned anew",
    "decomposition": "An agent asked to have its task split",
    "template": "From a template",
}
SHOWN = 200


@dataclass(frozen=True)
class Changed:
    """A changed task as a line: what of it differs, in words."""

    title: str
    phase: int
    words: str


def replanning_of(goal: Goal, person: Person) -> dict[str, Any]:
    """What was asked for and the drafts: two queries."""
    asked = replanning.asked_of(goal)
    return {
        "goal": goal,
        "replannable": goal.status in replanning.RUNNING,
        "replan_asked": asked,
        "replan_by": Person.objects.filter(pk=asked["by"]).first() if asked else None,
        "replan_why_not": refusal(person, "goal.replan", goal),
        "drafts": [{"plan": draft, "origin": ORIGINS.get(draft.origin, "")} for draft in drafts_of(goal)],
    }


def drafts_of(goal: Goal) -> list[Plan]:
    """The goal's drafts, newest first."""
    drafts = Plan.objects.filter(goal=goal, status="draft").select_related("drafted_by", "base")
    return list(drafts.order_by("-version"))


def activation(draft: Plan, person: Person) -> dict[str, Any]:
    """Everything that the page of a draft shows before somebody activates it."""
    goal = draft.goal
    standing = Plan.objects.filter(goal=goal, status="active").first()
    why_not = foreseeing.why_not(goal, draft, standing)
    context: dict[str, Any] = {
        "goal": goal,
        "draft": draft,
        "standing": standing,
        "origin": ORIGINS.get(draft.origin, ""),
        "why_not": why_not or refusal(person, "plan.activate", goal),
        "seen": None,
    }
    if why_not or standing is None:
        return context
    seen = foreseeing.foresee(goal=goal, draft=draft, standing=standing)
    return context | _shown(seen, seen.difference)


def _shown(seen: foreseeing.Foreseen, found: Difference) -> dict[str, Any]:
    return {
        "seen": seen,
        "difference": found,
        "added": found.added[:SHOWN],
        "removed": found.removed[:SHOWN],
        "changed": [_changed(change) for change in found.changed[:SHOWN]],
        "figures": [_changed(change) for change in found.figures[:SHOWN]],
        "rows": (
            ("Duration", found.minutes, "min"),
            ("Work of all tasks", found.work, "min"),
            ("Critical path", found.critical, "min"),
            ("Cost", found.cost, "€"),
        ),
        "revoked": [_revoked(one) for one in seen.revoked],
        "harmless": not (seen.reopened or seen.gates or seen.attempts or seen.files or seen.rounds or seen.patched),
        "confirm": _confirm(seen),
    }


def _changed(change: Change) -> Changed:
    return Changed(change.title, change.phase, ", ".join(FIELDS.get(name, name) for name in change.fields))


def _revoked(one: Clearance) -> dict[str, Any]:
    return {"phase": one.phase, "persons": [str(seat.person) for seat in one.seats.all()]}


def _confirm(seen: foreseeing.Foreseen) -> str:
    """What a click does, in one breath."""
    parts = [f"{seen.difference.sentence}"]
    if seen.reopened:
        parts.append(f"Finished tasks that are done again: {len(seen.reopened)}.")
    if seen.gates:
        parts.append(f"Gates that have to pass once more: {', '.join(gate.code for gate in seen.gates)}.")
    if seen.attempts:
        parts.append(f"Attempts that end now: {len(seen.attempts)}.")
    return " ".join(parts)
