"""What the engine is told beside the brief: slots, agents, prices, the deadline, the budget, the answers given,
and what was measured."""

import time
from collections.abc import Callable
from dataclasses import replace

from apps.agents.models import Agent
from apps.core import clock
from apps.engine.planner import Settings
from apps.engine.thoughts import BEAM
from apps.engine.values import Weights
from apps.engine.work import Worker
from apps.goals.models import Goal
from apps.goals.weighing import weighing_of
from apps.inbox.models import Question
from apps.insight.estimates import measured
from apps.planning.late_start import first_phase_of, supplied_paths
from apps.tasks.models import Pool

# The search for a better order ends here; what has been found by then is a plan all the same.
SEARCH_SECONDS = 5.0
DEFAULT_SLOTS = 10
ORDINARY = 3
# Points of which only the ratio counts; a goal may have its own (``Goal.planning``).
POINTS = {"time": 25.0, "cost": 15.0, "risk": 25.0, "fit": 35.0}


def settings_for(goal: Goal) -> Settings:
    """The planner's settings for this goal: six queries."""
    agents = list(Agent.objects.filter(status="active").prefetch_related("capabilities"))
    prices = [float(agent.cost_per_hour) / 60 for agent in agents]
    workers = tuple(
        Worker(agent.slug, frozenset(row.capability for row in agent.capabilities.all()), agent.max_concurrent)
        for agent in agents
        if agent.max_concurrent > 0
    )
    weigh = weighing_of(goal.planning)
    found = Settings(
        slots=_slots(goal),
        workers=workers,
        weights=Weights(**(POINTS | dict(weigh.weights or {}))),
        beam=weigh.beam or BEAM,
        depth=weigh.depth,
        minutes_available=_minutes(goal),
        budget=float(goal.budget) if goal.budget is not None else None,
        goal_priority=_priority(goal.priority),
        answers=_answers(goal),
        deadline=_after(SEARCH_SECONDS),
        measured=measured(),
        first_phase=first_phase_of(goal),
        supplied=supplied_paths(goal),
    )
    return replace(found, price_per_minute=sum(prices) / len(prices)) if prices else found


def _slots(goal: Goal) -> int:
    slots = Pool.objects.order_by("pk").values_list("slots", flat=True).first() or DEFAULT_SLOTS
    return min(slots, goal.slots) if goal.slots else slots


def _minutes(goal: Goal) -> float | None:
    if goal.deadline is None:
        return None
    return max(0.0, (goal.deadline - clock.now()).total_seconds() / 60)


def _priority(weight: float) -> int:
    """A goal's weight (1 is ordinary) on the engine's scale from 1 (low) to 5 (urgent).

    >>> [_priority(weight) for weight in (0.0, 0.5, 1.0, 2.0, 9.0)]
    [2, 2, 3, 4, 5]
    """
    return max(1, min(5, round(ORDINARY - 1 + weight)))


def _answers(goal: Goal) -> dict[str, str]:
    rows = Question.objects.filter(goal=goal, answered_at__isnull=False)
    return dict(rows.values_list("key", "answer"))


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end
