"""Reading explorations, approaches and the method library."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from apps.goals.models import Goal
from apps.planning.models import MethodLibrary
from apps.tasks.models import Approach, Exploration, Plan


def exploration_of(*, goal: Goal) -> Exploration | None:
    """The exploration that the active plan comes from; before there is one, the newest."""
    active = Exists(Plan.objects.filter(status="active", approach__exploration=OuterRef("pk")))
    return Exploration.objects.filter(goal=goal).annotate(active=active).order_by("-active", "-created_at").first()


def approaches(*, goal: Goal, exploration: Exploration | None = None) -> QuerySet[Approach]:
    """The approaches of that exploration, best first; without the blueprints, which are large."""
    newest = exploration or exploration_of(goal=goal)
    rows = Approach.objects.filter(exploration=newest) if newest else Approach.objects.none()
    return rows.defer("blueprint").order_by("number")


def comparison(*, goal: Goal) -> dict[str, Any]:
    """The approaches side by side, why the best won, and the whole tree."""
    newest = exploration_of(goal=goal)
    if newest is None:
        return {"items": [], "why": "", "tree": {}}
    return {"items": list(approaches(goal=goal, exploration=newest)), "why": newest.why, "tree": newest.tree}


def proposed_plan(*, goal: Goal) -> Plan | None:
    """The plan that a person may start."""
    return Plan.objects.filter(goal=goal, status="proposed").order_by("-version").first()


def library_active() -> MethodLibrary | None:
    """The version of the method library that plans are made with."""
    return MethodLibrary.objects.filter(active=True).first()
