"""The Celery tasks: each takes its hint, translates, and makes one call."""

import uuid

from celery import shared_task
from kombu.exceptions import OperationalError as BrokerError

from apps.hub import advance, allocation, delivering, execution, hints, merging
from apps.planning import replanning
from apps.planning import services as planning

__all__ = [
    "BrokerError",
    "advance_goal",
    "allocate_slots",
    "merge_goal",
    "pack_goal",
    "plan_goal",
    "replan_goal",
    "run_attempts",
]


@shared_task(name="hub.advance_goal")
def advance_goal(goal: str) -> None:
    hints.taken(f"advance:{goal}")
    advance.advance(goal_id=uuid.UUID(goal))


@shared_task(name="hub.allocate_slots")
def allocate_slots() -> None:
    hints.taken("allocate")
    allocation.allocate()


@shared_task(name="hub.merge_goal")
def merge_goal(goal: str) -> None:
    hints.taken(f"merge:{goal}")
    merging.merge_waiting(goal_id=uuid.UUID(goal))


@shared_task(name="hub.pack_goal")
def pack_goal(goal: str) -> None:
    hints.taken(f"pack:{goal}")
    delivering.pack(goal_id=uuid.UUID(goal))


@shared_task(name="plan.plan_goal")
def plan_goal(goal: str) -> None:
    hints.taken(f"plan:{goal}")
    planning.goal_plan(goal_id=uuid.UUID(goal))


@shared_task(name="plan.replan_goal")
def replan_goal(goal: str) -> None:
    hints.taken(f"replan:{goal}")
    replanning.replan(goal_id=uuid.UUID(goal))


@shared_task(name="agents.run_attempts")
def run_attempts(attempts: list[str]) -> None:
    execution.run([uuid.UUID(pk) for pk in attempts])
