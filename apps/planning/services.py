"""Planning: running the engine for a goal, and storing what it gave."""

import logging
import time
import uuid
from dataclasses import dataclass
from functools import lru_cache

from django.db import Error as DatabaseFailure
from django.db import transaction

from apps.core import clock, transitions
from apps.core.errors import Conflict
from apps.engine.approaches import Exploration as Explored
from apps.engine.facts import Facts
from apps.engine.methods import Library
from apps.engine.planner import Settings, plan
from apps.goals.models import Goal
from apps.inbox import services as inbox
from apps.inbox.models import Question
from apps.planning import blueprints, late_start, storing, thinking, understanding
from apps.planning.library import load_library
from apps.planning.locking import alone
from apps.planning.models import MethodLibrary
from apps.planning.preferring import Taken, preferred
from apps.planning.settings import settings_for
from apps.planning.thinking import Thought
from apps.planning.thinking.chosen import LONGEST_SECONDS
from apps.planning.thinking.since import planning_since
from apps.planning.versions import library_seed
from apps.tasks.models import Approach, Exploration, Plan

log = logging.getLogger(__name__)


def goal_plan(*, goal_id: uuid.UUID) -> None:
    """Plan a goal that is ``planning``: facts, questions, approaches, and the plan of the best; then it is proposed.

    Where the brief and its limits leave no approach, the goal is failed, with words. A second call, also a concurrent
    one, changes nothing. A failing database is not the goal's fault: it is raised, and the next hint tries again.
    """
    with alone(goal_id) as first:
        if not first:
            return
        try:
            _plan(Goal.objects.get(pk=goal_id))
        except DatabaseFailure:
            raise
        except Exception as error:
            # Whatever the library or the brief brought about: the goal says so, and does not stay in planning for ever.
            if not isinstance(error, ValueError | LookupError):
                log.exception("planning goal %s failed", goal_id)
            _fail(goal_id, words_of(error))


def goal_understand(*, goal: Goal) -> list[Question]:
    """Read the brief of a goal that waits to be planned, and ask what would change its plan; returns what is open."""
    active = MethodLibrary.objects.filter(active=True).first() or library_seed()
    return understanding.goal_understand(goal=goal, library=_library(active.content), settings=settings_for(goal))


@transaction.atomic
def plan_from_approach(*, approach: Approach) -> Plan:
    """Propose the plan of this approach; the one that was proposed is discarded. Raises ``Conflict``.

    Choosing the approach whose plan is proposed already changes nothing.
    """
    goal = Goal.objects.select_for_update(no_key=True).get(pk=approach.goal_id)
    if goal.status != "proposed":
        raise Conflict(f"The goal is {goal.status}: an approach can be chosen while a plan is proposed.")
    standing = Plan.objects.filter(goal=goal, status="proposed", approach=approach).first()
    return standing or storing.plan_store(goal=goal, approach=Approach.objects.get(pk=approach.pk))


@lru_cache(maxsize=4)
def _library(content: str) -> Library:
    return load_library(content)


@dataclass(frozen=True)
class Found:
    """What planning found, before any of it is stored; ``seconds`` is what it took."""

    explored: Explored
    thought: Thought
    settings: Settings
    seconds: float
    template: Taken | None = None


def explore(goal: Goal, *, seconds: float) -> Found:
    """Think and plan, outside of a transaction: a model may take minutes, at most ``seconds``. Stores nothing."""
    active = MethodLibrary.objects.filter(active=True).first() or library_seed()
    library = _library(active.content)
    begun = time.perf_counter()
    answers = settings_for(goal).answers
    facts = understanding.facts_of(goal, answers)
    thought = thinking.think(goal=goal, facts=facts, library=library, answers=answers, seconds=seconds)
    settings = settings_for(goal)
    explored = thought.settled(_explored(thought, facts, library, settings))
    explored, template = preferred(goal, explored, thought.library, settings)
    return Found(explored, thought, settings, time.perf_counter() - begun, template)


def _plan(goal: Goal) -> None:
    """Plan, then store at once."""
    found = explore(goal, seconds=_seconds_left(goal))
    _store(goal, found)


def _explored(thought: Thought, facts: Facts, library: Library, settings: Settings) -> Explored:
    """The approaches with what the model added; without it where that leaves none."""
    try:
        return plan(thought.facts, thought.library, settings)
    except (ValueError, LookupError) as error:
        if thought.facts is facts and thought.library is library:
            raise
        why = f"What the model added leaves no plan, so that the library's stands: {words_of(error)}"
        thought.withdrawn(facts, library, why)
        return plan(facts, library, settings)


@transaction.atomic
def _store(goal: Goal, found: Found) -> None:
    """Keep what was found, if the goal still waits for it."""
    goal = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    if goal.status != "planning":
        return
    explored, library, settings = found.explored, found.thought.library, found.settings
    rows = approaches_store(goal, found)
    best = rows[explored.best]
    asked = understanding.questions_settle(goal=goal, explored=explored, library=library, settings=settings)
    proposed = storing.plan_store(goal=goal, approach=best)
    inbox.escalation_expire(key=_key(goal.pk), why="There is a plan now.")
    told = {"plan": str(proposed.pk), "version": proposed.version, "approaches": len(explored.approaches)}
    transitions.move(goal, "proposed", data=told, facts=asked.as_dict(), failure="")


def _seconds_left(goal: Goal) -> float:
    """What a model may take: the wait for a free worker, and whatever a killed one had taken, count too."""
    return LONGEST_SECONDS - (clock.now() - planning_since(goal=goal)).total_seconds()


def approaches_store(goal: Goal, found: Found) -> list[Approach]:
    """Keep the tree and the approaches; returns them in the order in which they were found."""
    explored, thought = found.explored, found.thought
    kept = Exploration.objects.create(
        goal=goal,
        tree=explored.tree.as_dict() | {"approaches": [blueprints.outline(each) for each in explored.approaches]},
        library_digest=explored.library_digest,
        why=explored.reason,
        thinking=thought.as_dict(),
        seconds=found.seconds,
        created_at=clock.now(),
    )
    columns = [
        blueprints.approach_columns(approach, explored, thought.library, found.settings.slots)
        for approach in explored.approaches
    ]
    if found.template is not None:
        columns[explored.best] = found.template.columns(columns[explored.best], found.settings)
    rows = [
        Approach(goal=goal, exploration=kept, number=number, **values) for number, values in enumerate(columns, start=1)
    ]
    late = late_start.notes(found.settings.first_phase, len(found.settings.supplied))
    for row in rows:
        row.blueprint["notes"] |= late
    Approach.objects.bulk_create(rows)
    return rows


@transaction.atomic
def _fail(goal_id: uuid.UUID, words: str) -> None:
    goal = Goal.objects.select_for_update(no_key=True).filter(pk=goal_id, status="planning").first()
    if goal is None:
        return
    transitions.move(goal, "failed", data={"why": words}, failure=words)
    inbox.escalation_raise(
        goal=goal,
        kind="plan_failed",
        key=_key(goal_id),
        text=f"No plan could be made for “{goal}”: {words}",
        what_to_do="Add to the brief or loosen a limit, then plan the goal anew; or cancel it.",
    )


def words_of(error: Exception) -> str:
    if isinstance(error, ValueError | LookupError) and error.args:
        return str(error.args[0] if isinstance(error, LookupError) else error)
    return f"Planning stopped at an unexpected error ({type(error).__name__}). It is in the log."


def _key(goal_id: uuid.UUID) -> str:
    return f"plan:{goal_id}"
