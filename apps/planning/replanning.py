"""Planning a goal anew while it runs: asked for by a person, done by the queue that plans, given back as a draft.

That it was asked for is kept with the goal, so that no lost hint and no killed worker loses it. The plan that runs is
not touched, whatever comes of it.
"""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseFailure
from django.db import transaction

from apps.accounts.models import Person
from apps.core import clock, events
from apps.core.actors import person_actor
from apps.goals.models import Goal
from apps.inbox import services as inbox
from apps.planning import drafts, services, understanding
from apps.planning.locking import alone
from apps.planning.thinking.chosen import LONGEST_SECONDS
from apps.tasks.models import Approach, Plan

log = logging.getLogger(__name__)

RUNNING = ("running", "paused")
ASKED = "replan"
WHY_LIMIT = 2000


@transaction.atomic
def replan_ask(*, goal: Goal, person: Person, why: str) -> Goal:
    """Ask for a new version of a running goal's plan; a second request before it is there replaces the first."""
    goal = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    asked = {"by": str(person.pk), "why": why[:WHY_LIMIT], "at": clock.now().isoformat()}
    goal.planning = {**goal.planning, ASKED: asked}
    goal.save(update_fields=["planning"])
    happening = events.Happening(goal.pk, "goal.replan_asked", f"goal:{goal.pk}", {"why": asked["why"]})
    events.record(happening, actor=person_actor(person))
    return goal


def asked_of(goal: Goal) -> dict[str, str] | None:
    """Who asked for a new version, why and when, while it is not there yet."""
    found = goal.planning.get(ASKED)
    return dict(found) if found and goal.status in RUNNING else None


def waiting() -> Sequence[uuid.UUID]:
    """The goals for which a new version is to be planned."""
    return list(Goal.objects.filter(status__in=RUNNING, planning__has_key=ASKED).values_list("pk", flat=True))


def replan(*, goal_id: uuid.UUID) -> None:
    """Make the draft that was asked for. Where no plan can be made, people are told in words; what runs goes on.

    A second call, also a concurrent one, changes nothing. A failing database is raised: the next hint tries again.
    """
    with alone(goal_id, still=_still) as first:
        if not first:
            return
        goal = Goal.objects.get(pk=goal_id)
        asked = goal.planning[ASKED]
        try:
            waited = (clock.now() - datetime.fromisoformat(asked["at"])).total_seconds()
            found = services.explore(goal, seconds=LONGEST_SECONDS - waited)
            _store(goal, asked, found)
        except DatabaseFailure:
            raise
        except Exception as error:
            if not isinstance(error, ValueError | LookupError):
                log.exception("planning goal %s anew failed", goal_id)
            _fail(goal, asked, services.words_of(error))


def _still(goal_id: uuid.UUID) -> bool:
    return Goal.objects.filter(pk=goal_id, status__in=RUNNING, planning__has_key=ASKED).exists()


@transaction.atomic
def _store(goal: Goal, asked: dict[str, str], found: services.Found) -> None:
    events.lock_streams([goal.pk])
    held = _answered(goal, asked)
    standing = Plan.objects.select_related("approach").filter(goal=goal, status="active").first()
    if held is None or standing is None:
        return
    rows = services.approaches_store(held, found)
    chosen = _like(standing.approach, rows) or rows[found.explored.best]
    Approach.objects.filter(pk=chosen.pk).update(chosen=True)
    library = found.thought.library
    facts = understanding.questions_settle(goal=held, explored=found.explored, library=library, settings=found.settings)
    draft = drafts.draft_create(
        goal=held,
        origin="replan",
        base=standing,
        blueprint={**chosen.blueprint, "facts": facts.as_dict()},
        person=Person.objects.get(pk=asked["by"]),
        why=asked["why"],
    )
    Plan.objects.filter(pk=draft.pk).update(approach=chosen)
    inbox.escalation_expire(key=key_of(goal.pk), why=f"Version {draft.version} is there as a draft.")


@transaction.atomic
def _fail(goal: Goal, asked: dict[str, str], words: str) -> None:
    events.lock_streams([goal.pk])
    if _answered(goal, asked) is None:
        return
    told = {"why": words}
    events.record(events.Happening(goal.pk, "goal.replan_failed", f"goal:{goal.pk}", told))
    inbox.escalation_raise(
        goal=goal,
        kind="plan_failed",
        key=key_of(goal.pk),
        text=f"No new version of the plan could be made for “{goal}”: {words} The plan that runs goes on.",
        what_to_do="Add to the brief or loosen a limit and plan anew, or leave the plan as it is.",
    )


def _answered(goal: Goal, asked: dict[str, str]) -> Goal | None:
    """The goal with the request taken off it; None where another request came meanwhile, or the goal has ended."""
    held = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    if held.planning.get(ASKED) != asked or held.status not in RUNNING:
        return None
    held.planning = {name: value for name, value in held.planning.items() if name != ASKED}
    held.save(update_fields=["planning"])
    return held


def _like(standing: Approach | None, rows: Sequence[Approach]) -> Approach | None:
    """The approach that was chosen before, if it is among those found: people decided for it."""
    if standing is None:
        return None
    wanted: dict[str, Any] = standing.choices
    return next((row for row in rows if row.choices == wanted), None)


def key_of(goal_id: uuid.UUID) -> str:
    return f"replan:{goal_id}"
