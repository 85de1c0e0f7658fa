"""Reading drafts: what stands in one, its edits, and what it would change; and the drafts of a goal."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from apps.engine.differences import Difference, difference
from apps.goals.models import Goal
from apps.planning.drafts import blueprint_of
from apps.tasks.models import Plan, PlanEdition


def drafts_open(*, goal: Goal) -> QuerySet[Plan]:
    """Drafts that somebody may still work on, the newest first."""
    return Plan.objects.filter(goal=goal, status="draft").select_related("base", "drafted_by").order_by("-version")


def editions(*, plan: Plan) -> list[PlanEdition]:
    """The edits of a draft in their order, also those that were undone; without their blueprints, which are large."""
    rows = PlanEdition.objects.filter(plan=plan, number__gt=0).select_related("made_by").defer("blueprint")
    found = list(rows.order_by("number"))
    for edition in found:
        edition.plan = plan
    return found


def draft_difference(*, plan: Plan, blueprint: Mapping[str, Any]) -> Difference | None:
    """What this blueprint changes in the plan that the draft was made from; None without such a plan."""
    base = Plan.objects.filter(pk=plan.base_id).first() if plan.base_id else None
    return difference(blueprint_of(base), blueprint) if base else None


def draft_view(*, plan: Plan) -> dict[str, Any]:
    """Everything about a draft: tasks and edges by key, its edits, and the difference."""
    blueprint = blueprint_of(plan)
    found = draft_difference(plan=plan, blueprint=blueprint)
    return {
        "tasks": blueprint["tasks"],
        "edges": blueprint["edges"],
        "editions": editions(plan=plan),
        "difference": found.as_dict() if found else None,
    }
