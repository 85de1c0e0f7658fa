"""Templates as people see them: what they make, how large they are, whose plan they were."""

from typing import Any

from django.db.models import FloatField, Func, IntegerField, QuerySet
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast

from apps.accounts.models import Person
from apps.dashboard.pages.controls import refusal
from apps.planning.models import PlanTemplate
from apps.planning.templates import template_list
from apps.tasks.models import Plan


def listed(person: Person) -> dict[str, Any]:
    """Templates that stand and those that are retired: two queries, without the blueprints, which are large."""
    return {
        "rows": list(_rows(retired=False)),
        "retired": list(_rows(retired=True)),
        "edit_why_not": refusal(person, "template.edit"),
        "submit_why_not": refusal(person, "goal.submit"),
    }


def _rows(*, retired: bool) -> QuerySet[PlanTemplate]:
    length = Func(KeyTransform("tasks", "blueprint"), function="jsonb_array_length", output_field=IntegerField())
    by_hand = Func(
        KeyTransform("added", KeyTransform("changes", "blueprint")),
        function="jsonb_array_length",
        output_field=IntegerField(),
    )
    minutes = Cast(KeyTransform("minutes", "blueprint"), FloatField())
    rows = template_list(retired=retired).defer("blueprint", "facts", "source__goal__facts")
    return rows.annotate(tasks=length, minutes=minutes, by_hand=by_hand)


def saving(plan: Plan, person: Person) -> dict[str, Any]:
    """The page on which a plan is saved as a template."""
    return {"plan": plan, "goal": plan.goal, "why_not": refusal(person, "template.edit", plan.goal)}
