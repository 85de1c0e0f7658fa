"""Bringing artifacts along, so that a goal starts in a later phase. Its earlier gates still stand."""

from collections.abc import Collection, Mapping

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, events, transitions
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Conflict
from apps.delivery import supplying
from apps.goals.models import Goal
from apps.hub import resupplying
from apps.planning import late_start
from apps.tasks.models import Plan

BEFORE_THE_START = ("draft", "proposed", "failed")


@atomic_again
def goal_supply(*, goal: Goal, person: Person, files: Mapping[str, bytes], first_phase: int | None = None) -> Goal:
    """Keep these files with a goal that was not started, and plan it from ``first_phase`` on (None: as it is).

    A plan that is proposed is discarded and made anew. While the goal runs, what was supplied can be changed until the
    gate of its phase has passed. Raises ``Invalid`` with words, ``Conflict``.
    """
    policy.require(person, "goal.submit")
    events.lock_streams([goal.pk])
    goal = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    if goal.status in resupplying.RUNNING:
        return _changed(goal, person, files, first_phase)
    if goal.status not in BEFORE_THE_START:
        raise Conflict(f"This goal is {goal.status}: artifacts are supplied before its plan is started.")
    if goal.status != "draft":
        policy.require(person, "goal.replan", goal)
    goal = supply(goal=goal, person=person, files=files, first_phase=first_phase)
    if goal.status == "draft":
        return goal
    transitions.move_many(Plan.objects.filter(goal=goal, status="proposed"), "discarded", actor=person_actor(person))
    return transitions.move(goal, "planning", actor=person_actor(person), failure="")


def _changed(goal: Goal, person: Person, files: Mapping[str, bytes], first_phase: int | None) -> Goal:
    policy.require(person, "goal.replan", goal)
    if first_phase not in (None, late_start.first_phase_of(goal)):
        raise Conflict(f"This goal is {goal.status}: the phase that it starts in is chosen before its plan is started.")
    resupplying.resupply(goal=goal, person=person, files=files)
    _tell(goal, person, list(files))
    goal.refresh_from_db()
    return goal


def supply(*, goal: Goal, person: Person, files: Mapping[str, bytes], first_phase: int | None) -> Goal:
    """Keep the files and the phase, in the caller's transaction."""
    if first_phase is not None:
        goal.planning = late_start.with_first_phase(goal.planning, first_phase)
        goal.save(update_fields=["planning"])
    kept = supplying.supplied_store(goal=goal, person=person, files=files)
    if kept:
        _tell(goal, person, kept)
    return goal


def _tell(goal: Goal, person: Person, kept: Collection[str]) -> None:
    digests = dict(goal.supplied.filter(path__in=kept).values_list("path", "blob_id"))
    told = {"files": digests, "first_phase": late_start.first_phase_of(goal)}
    audit.append(actor=person_actor(person), what="goal.supplied", subject=f"goal:{goal.pk}", data=told)
    happening = events.Happening(goal.pk, "goal.supplied", f"goal:{goal.pk}", told)
    events.record(happening, actor=person_actor(person))
