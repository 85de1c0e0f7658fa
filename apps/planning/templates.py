"""Templates: plans that proved good, kept under a name, to start other goals from."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, clock
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Conflict, Invalid
from apps.engine.carrying import Changes, changes_between
from apps.goals.models import Goal
from apps.planning import drafts
from apps.planning.models import PlanTemplate
from apps.tasks.models import Approach, Plan

NAME_LIMIT = 60  # so that it fits into the name of an approach that comes from it
SUMMARY_LIMIT = 2000


@atomic_again
def template_save(*, plan: Plan, person: Person, name: str, summary: str = "") -> PlanTemplate:
    """Keep this plan as a template: its tasks, the choices of its approach, and what people changed by hand.

    Raises ``Invalid`` with words for a name that can't be given, ``Conflict`` for a plan without an approach.
    """
    policy.require(person, "template.edit", plan.goal)
    approach = Approach.objects.filter(pk=plan.approach_id).first() if plan.approach_id else None
    if approach is None:
        raise Conflict("This plan comes from no approach, so that there are no choices that another plan could repeat.")
    blueprint = drafts.blueprint_of(plan)
    changes = _changes(approach.blueprint, blueprint)
    made = _kept(
        PlanTemplate(
            name=_name(name),
            summary=_summary(summary),
            kind=str(plan.goal.facts.get("kind", "")),
            blueprint={**blueprint, "choices": approach.choices, "changes": changes.as_dict()},
            facts=plan.goal.facts,
            source=plan,
            created_by=person,
            created_at=clock.now(),
        )
    )
    told = {"name": made.name, "plan": str(plan.pk), "goal": str(plan.goal_id), "tasks": len(blueprint["tasks"])}
    audit.append(actor=person_actor(person), what="template.saved", subject=f"template:{made.pk}", data=told)
    return made


@atomic_again
def template_change(
    *,
    template: PlanTemplate,
    person: Person,
    name: str | None = None,
    summary: str | None = None,
    retired: bool | None = None,
) -> PlanTemplate:
    """Rename a template, describe it anew, retire it or take that back. What is None stays. Raises ``Invalid``."""
    policy.require(person, "template.edit")
    row = PlanTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
    before = _told(row)
    row.name = row.name if name is None else _name(name)
    row.summary = row.summary if summary is None else _summary(summary)
    row.retired = row.retired if retired is None else retired
    changed = {field: value for field, value in _told(row).items() if value != before[field]}
    if changed:
        _kept(row)
        audit.append(actor=person_actor(person), what="template.changed", subject=f"template:{row.pk}", data=changed)
    return row


def template_usable(*, template_id: uuid.UUID | None) -> PlanTemplate | None:
    """The template that a goal may start from; None for none. Raises ``Invalid`` with the words why not."""
    if template_id is None:
        return None
    row = PlanTemplate.objects.filter(pk=template_id).first()
    if row is None:
        raise Invalid({"template": "There is no such template. Choose another, or start without one."})
    if row.retired:
        raise Invalid({"template": f"The template “{row.name}” is retired. Choose another, or start without one."})
    return row


def goal_start_from(*, goal: Goal, template: PlanTemplate) -> None:
    """Have this goal planned by the template, now and whenever it is planned anew."""
    goal.planning = {**goal.planning, "template": str(template.pk)}
    goal.save(update_fields=["planning"])


def template_list(*, retired: bool | None = None) -> QuerySet[PlanTemplate]:
    """Templates by name, with who made them and the goal they come from; ``retired`` None gives all."""
    rows = PlanTemplate.objects.select_related("created_by", "source__goal").order_by("retired", "name", "pk")
    return rows if retired is None else rows.filter(retired=retired)


def _changes(approach: Mapping[str, Any], plan: Mapping[str, Any]) -> Changes:
    """What people changed in the whole line of plans that this one comes from, also before it was a template's."""
    tasks = {task["key"]: task for task in plan["tasks"]}
    now, earlier = changes_between(approach, plan), Changes.of(approach.get("changes", {}))
    return Changes(
        (*(tasks[task["key"]] for task in earlier.added if task["key"] in tasks), *now.added),
        (*(key for key in earlier.removed if key not in tasks), *now.removed),
        (*(pair for pair in earlier.orders if set(pair) <= tasks.keys()), *now.orders),
    )


def _kept(row: PlanTemplate) -> PlanTemplate:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "one_template_per_name" not in str(error):
            raise
        words = f"There is a template “{row.name}” already. Give it another name, or retire the other first."
        raise Invalid({"name": words}) from error
    return row


def _name(name: str) -> str:
    name = name.strip()
    if not name:
        raise Invalid({"name": "Give the template a name, so that people recognise it in a list."})
    if len(name) > NAME_LIMIT:
        raise Invalid({"name": f"The name has {len(name)} characters; at most {NAME_LIMIT} fit."})
    if not name.isprintable():
        raise Invalid({"name": "The name contains control characters or line breaks. Write it on one line."})
    return name


def _summary(summary: str) -> str:
    summary = summary.strip()
    if len(summary) > SUMMARY_LIMIT:
        raise Invalid({"summary": f"The summary has {len(summary):,} characters; at most {SUMMARY_LIMIT:,} fit."})
    if "\x00" in summary:
        raise Invalid({"summary": "The summary contains NUL characters."})
    return summary


def _told(row: PlanTemplate) -> dict[str, Any]:
    return {"name": row.name, "summary": row.summary, "retired": row.retired}
