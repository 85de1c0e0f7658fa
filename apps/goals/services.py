"""Writing goals, their briefs and their requirements."""

import hashlib
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction

from apps.accounts.models import Group, Person
from apps.accounts.policy import require
from apps.core import clock, events
from apps.core.actors import HUB, Actor, person_actor
from apps.core.errors import Conflict, Invalid
from apps.goals import intake, weighing
from apps.goals.intake import Constraints
from apps.goals.models import Brief, Goal, Requirement
from apps.goals.statements import Statement, statements
from apps.goals.weighing import Weighing

__all__ = ["Constraints", "brief_add", "goal_create", "goal_weigh", "requirement_tick", "requirements_store"]


@transaction.atomic
def goal_create(
    *,
    person: Person,
    title: str,
    brief: bytes,
    constraints: Constraints,
    start: bool = False,
    group: Group | None = None,
    weigh: Weighing | None = None,
) -> Goal:
    """Keep a goal as a draft, its brief byte for byte. Raises ``NotAllowed``, or ``Invalid`` with words for each field.

    ``start`` asks to start the plan as soon as it is proposed, in this person's name: that needs the right to start,
    which no token has. ``group`` is the owner's group (the seat of QG-PHASE1): by default one the person is in.
    ``weigh`` is how its approaches are searched and weighed.
    """
    require(person, "goal.submit")
    if start:
        require(person, "goal.start")
    group = group or _group_of(person)
    weigh = weigh or Weighing()
    problems = _problems(title, brief, constraints, group) | weighing.weighing_problems(weigh)
    if problems or group is None:
        raise Invalid(problems)
    goal = Goal.objects.create(
        title=title.strip(),
        owner=person,
        group=group,
        deadline=constraints.deadline,
        budget=_cents(constraints.budget),
        slots=constraints.slots,
        planning=weigh.as_dict(),
        start_when_proposed=start,
        created_at=clock.now(),
    )
    kept = _brief_keep(goal, 1, brief, person)
    facts = {"title": goal.title, "brief_sha256": kept.sha256, "start": start}
    _tell("goal.submitted", goal, f"goal:{goal.pk}", facts, person_actor(person))
    return goal


@transaction.atomic
def goal_weigh(*, goal: Goal, person: Person, weigh: Weighing) -> Goal:
    """Search and weigh the approaches like this when the goal is planned the next time. Raises ``Invalid`` with words
    for each field."""
    require(person, "goal.replan", goal)
    problems = weighing.weighing_problems(weigh)
    if problems:
        raise Invalid(problems)
    row = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    wanted = weighing.weighed(row.planning, weigh)
    if wanted != row.planning:
        row.planning = wanted
        row.save(update_fields=["planning"])
        _tell("goal.weighed", goal, f"goal:{goal.pk}", weigh.as_dict(), person_actor(person))
    return row


@transaction.atomic
def brief_add(*, goal: Goal, person: Person, content: bytes) -> Brief:
    """Amend the brief by a numbered addition: what was written before is never edited."""
    require(person, "plan.edit")
    problem = intake.brief_problem(content)
    if problem:
        raise Invalid({"brief": problem})
    status = Goal.objects.select_for_update(no_key=True).values_list("status", flat=True).get(pk=goal.pk)
    if status in {"accepted", "cancelled"}:
        raise Conflict(f"This goal is {status}: its brief can't be added to any more. Submit a new goal.")
    newest = goal.briefs.order_by("-number").values_list("number", flat=True).first() or 0
    kept = _brief_keep(goal, newest + 1, content, person)
    facts = {"number": kept.number, "sha256": kept.sha256}
    _tell("goal.brief_added", goal, f"goal:{goal.pk}", facts, person_actor(person))
    return kept


@transaction.atomic
def requirements_store(*, goal: Goal, document: dict[str, Any]) -> list[Requirement]:
    """Bring the goal's requirements in line with ``requirements.json``; a constant number of statements.

    A requirement that still says the same keeps its tick; one that is gone is removed. Raises ``Invalid`` with words
    when the document is not of that shape: agents wrote it, so nothing in it is taken for granted.
    """
    wanted = statements(document)
    Goal.objects.select_for_update(no_key=True).only("pk").get(pk=goal.pk)
    present = {row.number: row for row in goal.requirements.all()}
    changed = [one for one in wanted if not _same(one, present.get(one.number))]
    goal.requirements.exclude(number__in=[one.number for one in wanted]).delete()
    Requirement.objects.bulk_create(
        [_requirement(goal, one, present.get(one.number)) for one in changed],
        update_conflicts=True,
        unique_fields=["goal", "number"],
        update_fields=["text", "kind", "sentences", "feature", "why", "ticked_by", "ticked_at"],
    )
    gone = len(set(present) - {one.number for one in wanted})
    if changed or gone:
        facts = {"requirements": len(wanted), "changed": len(changed), "removed": gone}
        _tell("goal.requirements", goal, f"goal:{goal.pk}", facts, HUB)
    return list(goal.requirements.all())


@transaction.atomic
def requirement_tick(*, requirement: Requirement, person: Person, done: bool = True) -> Requirement:
    """A person says that a manual requirement is fulfilled, or takes it back. The hub's action audits it."""
    require(person, "requirement.tick")
    row = Requirement.objects.select_for_update(of=("self",), no_key=True).select_related("goal").get(pk=requirement.pk)
    if row.kind != "manual":
        raise Conflict(f"Requirement {row.number} is {row.kind}: only manual ones are ticked by a person.")
    if (row.ticked_at is not None) == done:
        return row
    row.ticked_by, row.ticked_at = (person, clock.now()) if done else (None, None)
    row.save(update_fields=["ticked_by", "ticked_at"])
    facts = {"number": row.number, "text": row.text, "done": done}
    _tell("requirement.ticked", row.goal, f"requirement:{row.pk}", facts, person_actor(person))
    return row


def _problems(title: str, brief: bytes, constraints: Constraints, group: Group | None) -> dict[str, str]:
    found = {"title": intake.title_problem(title), "brief": intake.brief_problem(brief)}
    found |= intake.constraint_problems(constraints)
    if group is None:
        found["group"] = "You are in no group yet, and a goal belongs to one. Ask an admin to put you into a group."
    return {field: words for field, words in found.items() if words}


def _group_of(person: Person) -> Group | None:
    """The group that a goal of this person belongs to: 'owners' if they are in it, else their first."""
    groups = {group.slug: group for group in person.seat_groups.order_by("slug")}
    return groups.get("owners") or next(iter(groups.values()), None)


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _brief_keep(goal: Goal, number: int, content: bytes, person: Person) -> Brief:
    digest = hashlib.sha256(content).hexdigest()
    return Brief.objects.create(
        goal=goal, number=number, content=content, sha256=digest, added_by=person, added_at=clock.now()
    )


def _same(one: Statement, row: Requirement | None) -> bool:
    return row is not None and one == Statement(row.number, row.text, row.kind, row.sentences, row.feature, row.why)


def _requirement(goal: Goal, one: Statement, before: Requirement | None) -> Requirement:
    row = Requirement(goal=goal, **one.as_dict())
    if before is not None and (before.text, before.kind) == (one.text, one.kind):
        row.ticked_by_id, row.ticked_at = before.ticked_by_id, before.ticked_at
    return row


def _tell(kind: str, goal: Goal, subject: str, facts: dict[str, Any], actor: Actor) -> None:
    events.record(events.Happening(goal.pk, kind, subject, facts), actor=actor)
