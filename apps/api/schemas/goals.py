"""Goals, requirements, events and metrics."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from apps.core.models import Event
from apps.goals import selectors
from apps.goals.models import Goal, Requirement
from apps.goals.weighing import Weighing
from apps.planning.staleness import stale_words


class ConstraintsIn(Schema):
    """What the goal must keep to; null is 'no limit'."""

    deadline: datetime | None = Field(None, description="with its time zone")
    budget: Decimal | None = Field(None, ge=0, lt=10**10, description="in euro")
    slots: int | None = Field(None, ge=1, le=50)


class WeightsIn(Schema):
    """Points of which only the ratio counts; what is left out has the planner's."""

    time: float | None = Field(None, ge=0, le=100)
    cost: float | None = Field(None, ge=0, le=100)
    risk: float | None = Field(None, ge=0, le=100)
    fit: float | None = Field(None, ge=0, le=100)


class PlanningIn(Schema):
    """How approaches are searched and weighed; null leaves it to the planner."""

    beam: int | None = Field(None, ge=1, le=50, description="partial plans thought through at once")
    depth: int | None = Field(None, ge=1, le=20, description="decisions thought through; null: all")
    weights: WeightsIn | None = None

    def weighing(self) -> Weighing:
        points = self.weights.dict(exclude_none=True) if self.weights else None
        return Weighing(self.beam, self.depth, points or None)


class GoalIn(Schema):
    title: str = Field(max_length=200)
    brief: str = Field(max_length=204_800, description="kept byte for byte as strategic_prompt.txt, in UTF-8")
    constraints: ConstraintsIn = Field(default_factory=lambda: ConstraintsIn.model_validate({}))
    planning: PlanningIn = Field(default_factory=lambda: PlanningIn.model_validate({}))
    template: uuid.UUID | None = Field(None, description="the template to start from: its approach is proposed first")
    start: bool = Field(False, description="start the plan as soon as it is proposed; from a session only")
    ask: bool = Field(False, description="wait for answers (status draft) if there are questions that change the plan")
    group: str | None = Field(None, max_length=40, description="slug of the owner's group; by default yours")


class ConstraintsOut(Schema):
    deadline: datetime | None
    budget: Decimal | None
    slots: int | None


class GoalRow(Schema):
    """A goal in a list. ``progress`` is weighted by effort over the active plan, 0 to 1."""

    id: uuid.UUID
    title: str
    status: str
    kind: str = Field(description="what kind of thing is wanted; empty until the brief has been read")
    owner: str
    group: str
    constraints: ConstraintsOut
    progress: float
    tasks_total: int
    tasks_done: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    failure: str

    @staticmethod
    def resolve_kind(goal: Goal) -> str:
        return str(goal.facts.get("kind", ""))

    @staticmethod
    def resolve_owner(goal: Goal) -> str:
        return goal.owner.username

    @staticmethod
    def resolve_group(goal: Goal) -> str:
        return goal.group.slug

    @staticmethod
    def resolve_constraints(goal: Goal) -> dict[str, Any]:
        return {"deadline": goal.deadline, "budget": goal.budget, "slots": goal.slots}


class GoalOut(GoalRow):
    """The whole goal, with its brief, the additions to it, and the facts that were read from them."""

    brief: str
    brief_sha256: str
    additions: list[str]
    facts: dict[str, Any]
    planning: dict[str, Any] = Field(description="beam, depth and weights, where they are the goal's own")
    stale_plan: bool = Field(description="corrections or answers came after the proposed plan was made; it can start")
    stale_plan_why: str = Field(description="which, in words; empty where none did")

    @staticmethod
    def resolve_stale_plan(goal: Goal) -> bool:
        return bool(_stale(goal))

    @staticmethod
    def resolve_stale_plan_why(goal: Goal) -> str:
        return _stale(goal)

    @staticmethod
    def resolve_brief(goal: Goal) -> str:
        return next((brief.text for brief in _briefs(goal)), "")

    @staticmethod
    def resolve_brief_sha256(goal: Goal) -> str:
        return next((brief.sha256 for brief in _briefs(goal)), "")

    @staticmethod
    def resolve_additions(goal: Goal) -> list[str]:
        return [brief.text for brief in _briefs(goal)[1:]]


def _stale(goal: Goal) -> str:
    words: str | None = getattr(goal, "_api_stale", None)
    if words is None:
        words = stale_words(goal)
        goal._api_stale = words  # type: ignore[attr-defined]
    return words


def _briefs(goal: Goal) -> list[Any]:
    kept = getattr(goal, "_api_briefs", None)
    if kept is None:
        kept = list(selectors.briefs(goal=goal))
        goal._api_briefs = kept  # type: ignore[attr-defined]
    return kept


class ReplanIn(Schema):
    """What is different when a goal is planned anew."""

    why: str = Field("", max_length=2000, description="is told to everybody")
    addition: str = Field("", max_length=204_800, description="is added to the brief, with a number of its own")
    planning: PlanningIn | None = Field(None, description="kept with the goal; null keeps what it has")


class Why(Schema):
    why: str = Field("", max_length=2000, description="is told to everybody")


class EventOut(Schema):
    """Something that happened; unknown types are to be kept, not applied."""

    seq: int
    type: str
    subject: str
    actor: dict[str, Any]
    at: datetime
    data: dict[str, Any]


class EventsOut(Schema):
    """Events above ``after``, oldest first. ``next`` is the ``after`` that continues, null when there are no more."""

    items: list[EventOut]
    next: int | None

    @staticmethod
    def of(found: list[Event], limit: int) -> dict[str, Any]:
        items = found[:limit]
        return {"items": items, "next": items[-1].seq if len(found) > limit else None}


class RequirementOut(Schema):
    number: int
    text: str
    kind: str
    sentences: list[int]
    feature: str
    why: str
    ticked_by: str | None
    ticked_at: datetime | None

    @staticmethod
    def resolve_ticked_by(requirement: Requirement) -> str | None:
        return requirement.ticked_by.username if requirement.ticked_by else None


class RequirementsOut(Schema):
    items: list[RequirementOut]
    next: str | None = None


class TickIn(Schema):
    ticked: bool = True


class Measure(Schema):
    """A figure, or why there is none."""

    value: float | None
    words: str


class MetricsOut(Schema):
    """How it went (design §8): ratios are 0 to 1, times are seconds, money is euro."""

    parallelization: Measure
    overhead: Measure
    duration_seconds: float | None
    execution_seconds: float
    human_wait_seconds: float
    waiting_seconds: float
    cost: Decimal
    attempts: dict[str, int]
    measured_at: datetime
