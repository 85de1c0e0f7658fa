"""Drafts: plans that people change before they stand. A draft is its editions; it has rows of tasks once proposed.

Every plan can be read as a blueprint (:func:`blueprint_of`), so a draft can be made from any of them, also from one
that was discarded: nothing that somebody did is lost.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Max

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, clock, events, transitions
from apps.core.actors import HUB, Actor, person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Conflict, Invalid, StaleDraft, Unprocessable
from apps.engine.differences import difference
from apps.engine.editing import BadInput, Edited, EditRefused, Rules, operate, operation_of
from apps.goals.models import Goal
from apps.planning import storing
from apps.planning.drafts_rules import rules_for
from apps.tasks.models import Approach, Edge, Plan, PlanEdition, Task

WORDS_LIMIT = 300
# What an edit looks at beside a task's columns; no row keeps it, the blueprint that the row was made from does.
BESIDE = ("risk", "cost")


@atomic_again
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
    events.lock_streams([goal.pk])
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
    # The rows of a superseded plan went over to the plan that followed; its last edition has all of them.
    if standing is not None and plan.status in ("draft", "superseded"):
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


@atomic_again
def draft_edit(*, plan: Plan, person: Person, edition: int, operation: Mapping[str, Any]) -> Plan:
    """Do one edit to the edition that the person saw; a new edition stands then, and what was undone is dropped.

    ``operation`` has a ``kind`` and the fields of that kind (:mod:`apps.engine.editing`). Raises ``StaleDraft`` where
    another edition stands meanwhile, ``Invalid`` and ``Unprocessable`` with the words why it was refused.
    """
    draft = _held(plan, person, edition)
    standing = draft.editions.get(number=draft.edition)
    found = edited(standing.blueprint, operation, rules_for(goal=draft.goal, person=person))
    # A number is never given twice, so that whoever saw it saw what it stands for.
    newest: int = draft.editions.aggregate(newest=Max("number"))["newest"]
    draft.editions.filter(number__gt=draft.edition).delete()
    made = PlanEdition.objects.create(
        plan=draft,
        number=newest + 1,
        words=_short(found.words),
        operation=dict(operation),
        blueprint=found.blueprint,
        made_by=person,
        made_at=clock.now(),
    )
    return _stand(draft, made, person, found.words)


def edited(blueprint: Mapping[str, Any], operation: Mapping[str, Any], rules: Rules) -> Edited:
    """The engine's edit, with its refusals as errors that reach a person: ``Invalid`` or ``Unprocessable``.

    A capability that the plan has already can be asked for again, also where the library has changed since.
    """
    there = frozenset(task["capability"] for task in blueprint["tasks"])
    rules = replace(rules, capabilities=rules.capabilities | there)
    try:
        return operate(blueprint, operation_of(operation), rules)
    except BadInput as bad:
        raise Invalid(bad.fields) from bad
    except EditRefused as refused:
        if refused.field:
            raise Invalid({refused.field: str(refused)}) from refused
        raise Unprocessable(str(refused)) from refused


@atomic_again
def draft_undo(*, plan: Plan, person: Person, edition: int) -> Plan:
    """The edition before stands again, exactly as it was. Raises ``Conflict`` where there is none."""
    draft = _held(plan, person, edition)
    before = draft.editions.filter(number__lt=draft.edition).order_by("-number").first()
    if before is None:
        raise Conflict("There is nothing to undo: this is the draft as it was made.")
    undone = draft.editions.get(number=draft.edition)
    return _stand(draft, before, person, f"Undone: {undone.words}")


@atomic_again
def draft_redo(*, plan: Plan, person: Person, edition: int) -> Plan:
    """The edition that was undone last stands again. Raises ``Conflict`` where there is none."""
    draft = _held(plan, person, edition)
    after = draft.editions.filter(number__gt=draft.edition).order_by("number").first()
    if after is None:
        raise Conflict("There is nothing to redo.")
    return _stand(draft, after, person, f"Done again: {after.words}")


@atomic_again
def draft_discard(*, plan: Plan, person: Person) -> Plan:
    """Nobody works on this draft any more. It can still be looked at, and another be made from it."""
    policy.require(person, "plan.edit", plan.goal)
    draft = _draft_locked(plan)
    told = {"version": draft.version, "edits": edits_of(draft)}
    audit.append(actor=person_actor(person), what="plan.discarded", subject=f"plan:{draft.pk}", data=told)
    return transitions.move(draft, "discarded", actor=person_actor(person), data=told)


def edits_of(draft: Plan) -> int:
    """How many edits stand."""
    return draft.editions.filter(number__gt=0, number__lte=draft.edition).count()


def _draft_locked(plan: Plan) -> Plan:
    """The draft, held until the transaction ends, its goal's stream before it. Raises ``Conflict``."""
    events.lock_streams([plan.goal_id])
    draft = Plan.objects.select_for_update(no_key=True, of=("self",)).select_related("goal").get(pk=plan.pk)
    if draft.status != "draft":
        raise Conflict(
            f"Version {draft.version} is {draft.status}, so it is not changed any more. Make a draft from it to go on."
        )
    return draft


def _held(plan: Plan, person: Person, edition: int) -> Plan:
    policy.require(person, "plan.edit", plan.goal)
    draft = _draft_locked(plan)
    if edition != draft.edition:
        raise _stale(draft, edition)
    return draft


def _stale(draft: Plan, seen: int) -> StaleDraft:
    """What was done since, newest last, and the difference to what the person saw, if that can still be had."""
    editions = {one.number: one for one in draft.editions.select_related("made_by")}
    standing, known = editions[draft.edition], editions.get(seen)
    low, high = sorted((seen, draft.edition))
    since = [
        {"words": one.words, "by": one.made_by.get_username() if one.made_by else "", "undone": draft.edition < seen}
        for number, one in sorted(editions.items())
        if low < number <= high
    ]
    found = difference(known.blueprint, standing.blueprint) if known else None
    who = sorted({str(one["by"]) for one in since if one["by"]})
    return StaleDraft(
        f"{' and '.join(who) or 'Somebody'} changed this draft while you looked at it. Your edit was not done. Look at "
        "what is different now, and do it again if you still want it.",
        edition=draft.edition,
        since=since,
        difference=found.as_dict() if found else None,
    )


def _stand(draft: Plan, edition: PlanEdition, person: Person, words: str) -> Plan:
    """Let this edition stand: the draft's own columns show its figures."""
    columns = storing.plan_columns(edition.blueprint)
    Plan.objects.filter(pk=draft.pk).update(edition=edition.number, **columns)
    told = {"version": draft.version, "edition": edition.number, "words": words}
    happening = events.Happening(draft.goal_id, "plan.edited", f"plan:{draft.pk}", told)
    events.record(happening, actor=person_actor(person))
    draft.refresh_from_db()
    return draft


def _short(words: str) -> str:
    return words if len(words) <= WORDS_LIMIT else f"{words[: WORDS_LIMIT - 1]}…"


@atomic_again
def draft_propose(*, plan: Plan, person: Person, edition: int | None = None) -> Plan:
    """Propose this draft instead of the plan that is proposed: its tasks are stored, the former one is discarded.

    ``edition`` is the one that the person saw. Only while the goal is ``proposed``; a running goal's draft is activated
    by the hub. Raises ``Conflict`` if the goal or the draft has moved on, ``StaleDraft`` if another edition stands, or
    if the draft was made from a plan that is no longer the proposed one.
    """
    policy.require(person, "plan.activate", plan.goal)
    events.lock_streams([plan.goal_id])
    goal = Goal.objects.select_for_update(no_key=True).get(pk=plan.goal_id)
    draft = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    _proposable(goal, draft)
    if edition is not None and edition != draft.edition:
        raise _stale(draft, edition)
    blueprint = blueprint_of(draft)
    actor = person_actor(person)
    transitions.move_many(Plan.objects.filter(goal=goal, status="proposed"), "discarded", actor=actor)
    storing.tasks_store(draft, blueprint["tasks"], blueprint["edges"])
    told = {
        "version": draft.version,
        "origin": draft.origin,
        "edits": edits_of(draft),
        "tasks": len(blueprint["tasks"]),
    }
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
    if plan.approach_id is None:
        return {}
    return Approach.objects.filter(pk=plan.approach_id).values_list("blueprint", flat=True).first() or {}


def _actor(person: Person | None) -> Actor:
    return person_actor(person) if person else HUB
