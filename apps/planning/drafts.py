"""Drafts: plans that people change before they stand. A draft is its editions; it has rows of tasks once proposed.

Every plan can be read as a blueprint (:func:`blueprint_of`), so a draft can be made from any of them, also from one
that was discarded: nothing that somebody did is lost.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, clock, events, transitions
from apps.core.actors import HUB, Actor, person_actor
from apps.core.errors import Conflict
from apps.goals.models import Goal
from apps.planning import storing
from apps.tasks.models import Approach, Edge, Plan, PlanEdition, Task

WORDS_LIMIT = 300
# What an edit looks at beside a task's columns; no row keeps it, the blueprint that the row was made from does.
BESIDE = ("risk", "cost")


@transaction.atomic
def draft_create(
    *,
    goal: Goal,
    origin: str,
    base: Plan | None,
    blueprint: Mapping[str, Any],
    person: Person | None,
    why: str,
) -> Plan:
    """A new draft of this goal's plan: edition 0 is ``blueprint`` as it is. ``origin`` is one of ``tasks.ORIGINS``.

    ``base`` is the plan it was made from; ``person`` is None where the hub or an agent asked for it.
    """
    Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    newest: int = Plan.objects.filter(goal=goal).aggregate(newest=Max("version"))["newest"] or 0
    whole = {**blueprint, "given": given_of(blueprint)}
    draft = Plan.objects.create(
        goal=goal,
        approach_id=base.approach_id if base else None,
        version=newest + 1,
        status=Plan.lifecycle.initial,
        origin=origin,
        base=base,
        drafted_by=person,
        why=why,
        created_at=clock.now(),
        **storing.plan_columns(whole),
    )
    words = f"Made from version {base.version}." if base else "Made."
    PlanEdition.objects.create(
        plan=draft, number=0, words=words, blueprint=whole, made_by=person, made_at=draft.created_at
    )
    told = {"version": draft.version, "origin": origin, "base": str(base.pk) if base else "", "why": why}
    happening = events.Happening(goal.pk, "plan.drafted", f"plan:{draft.pk}", told)
    events.record(happening, actor=_actor(person))
    return draft


def blueprint_of(plan: Plan) -> dict[str, Any]:
    """What this plan consists of: a draft's standing edition, else the blueprint of its tasks and edges as they are.

    Four queries at most. Reviews are no part of a plan's blueprint: each round brings its own.
    """
    standing = PlanEdition.objects.filter(plan=plan, number=plan.edition).first()
    if standing is not None and plan.status == "draft":
        return dict(standing.blueprint)
    if standing is not None and not Task.objects.filter(plan=plan).exists():
        return dict(standing.blueprint)
    made_from = standing.blueprint if standing else _approach_blueprint(plan)
    return _from_rows(plan, made_from)


def given_of(blueprint: Mapping[str, Any]) -> list[str]:
    """The artifacts that the plan's tasks need and none of them makes: the goal brings them. Sorted."""
    made = {path for task in blueprint["tasks"] for path in task["produces"]}
    needed = {path for task in blueprint["tasks"] for path in task["consumes"]}
    return sorted({*blueprint.get("given", ()), *(needed - made)})


@transaction.atomic
def draft_propose(*, plan: Plan, person: Person) -> Plan:
    """Propose this draft instead of the plan that is proposed: its tasks are stored, the former one is discarded.

    Only while the goal is ``proposed``; a running goal's draft is activated by the hub. Raises ``Conflict`` if the goal
    or the draft has moved on, or if the draft was made from a plan that is no longer the proposed one.
    """
    policy.require(person, "plan.activate", plan.goal)
    goal = Goal.objects.select_for_update(no_key=True).get(pk=plan.goal_id)
    draft = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    _proposable(goal, draft)
    blueprint = blueprint_of(draft)
    actor = person_actor(person)
    transitions.move_many(Plan.objects.filter(goal=goal, status="proposed"), "discarded", actor=actor)
    storing.tasks_store(draft, blueprint["tasks"], blueprint["edges"])
    told = {"version": draft.version, "origin": draft.origin, "edits": draft.edition, "tasks": len(blueprint["tasks"])}
    audit.append(actor=actor, what="plan.proposed", subject=f"plan:{draft.pk}", data=told)
    return transitions.move(draft, "proposed", actor=actor, data=told)


def _proposable(goal: Goal, draft: Plan) -> None:
    if goal.status != "proposed":
        raise Conflict(
            f"The goal is {goal.status}: a draft can be proposed while a plan is proposed. "
            "While the goal runs, activate the draft instead."
        )
    if draft.status != "draft":
        raise Conflict(f"Version {draft.version} is {draft.status}; only a draft can be proposed.")
    if draft.base is not None and draft.base.status != "proposed":
        raise Conflict(
            f"This draft was made from version {draft.base.version}, which is {draft.base.status} now. "
            "Make a new draft from the plan that is proposed."
        )


def _from_rows(plan: Plan, made_from: Mapping[str, Any]) -> dict[str, Any]:
    tasks = Task.objects.filter(plan=plan, kind="work").select_related("wanted_agent").order_by("phase", "position")
    beside = {task["key"]: task for task in made_from.get("tasks", ())}
    names = (*storing.TASK_FIELDS, *storing.TASK_DEFAULTS)
    rows = [
        {name: getattr(task, name) for name in names}
        | {"wanted_agent": task.wanted_agent.slug if task.wanted_agent else ""}
        | {name: beside[task.key][name] for name in BESIDE if name in beside.get(task.key, ())}
        for task in tasks
    ]
    edges = Edge.objects.filter(plan=plan).order_by("producer__position", "consumer__position", "artifact")
    columns = edges.values_list("producer__key", "consumer__key", "artifact")
    return {
        **{name: getattr(plan, name) for name in storing.PLAN_FIELDS},
        "cost": str(plan.cost),
        "methods": made_from.get("methods", {}),
        "given": list(made_from.get("given", ())),
        "tasks": rows,
        "edges": [{"producer": a, "consumer": b, "artifact": c} for a, b, c in columns],
    }


def _approach_blueprint(plan: Plan) -> dict[str, Any]:
    found = Approach.objects.filter(pk=plan.approach_id).values_list("blueprint", flat=True).first()
    return found or {}


def _actor(person: Person | None) -> Actor:
    return person_actor(person) if person else HUB
