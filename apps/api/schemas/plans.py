"""Approaches, plans, tasks and artifacts."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from apps.api.schemas.drafts import DraftOut
from apps.planning.drafts_read import draft_view
from apps.tasks.models import Artifact, Attempt, Edge, Plan, Task


class ApproachOut(Schema):
    """One way to reach the goal, with its scores (each 0 to 1)."""

    id: uuid.UUID
    number: int
    name: str
    summary: str
    choices: dict[str, Any]
    scores: dict[str, Any]
    risks: list[Any]
    assumptions: list[Any]
    minutes: float
    cost: Decimal
    chosen: bool


class ApproachesOut(Schema):
    """The approaches of the newest exploration; ``why`` says why the best won, ``tree`` is the Tree of Thoughts."""

    items: list[ApproachOut]
    next: str | None = None
    why: str
    tree: dict[str, Any]


class ApproachIn(Schema):
    approach: uuid.UUID


class EdgeOut(Schema):
    """``consumer`` needs ``artifact``, which ``producer`` makes (task ids)."""

    producer: uuid.UUID
    consumer: uuid.UUID
    artifact: str

    @staticmethod
    def resolve_producer(edge: Edge) -> uuid.UUID:
        return edge.producer_id

    @staticmethod
    def resolve_consumer(edge: Edge) -> uuid.UUID:
        return edge.consumer_id


class Rice(Schema):
    reach: float
    impact: float
    confidence: float
    effort: float
    value: float


class Estimate(Schema):
    """Minutes; ``source`` (default, measured or edited) and ``why`` say where they come from, ``samples`` is the
    number of attempts that they rest on."""

    optimistic: float
    likely: float
    pessimistic: float
    minutes: float
    source: str
    samples: int
    why: str


class TaskRow(Schema):
    """A task in a list: every one that is not running says why it waits."""

    id: uuid.UUID
    goal: uuid.UUID
    plan: uuid.UUID
    key: str
    kind: str
    phase: int
    position: int
    title: str
    capability: str
    status: str
    revision: int
    wait_reason: str
    wait_detail: str
    rice: Rice
    estimate: Estimate
    critical: bool
    planned_start: float = Field(description="minutes after the start of the plan")
    planned_finish: float
    failures: int
    started_at: datetime | None
    finished_at: datetime | None

    @staticmethod
    def resolve_goal(task: Task) -> uuid.UUID:
        return task.goal_id

    @staticmethod
    def resolve_plan(task: Task) -> uuid.UUID:
        return task.plan_id

    @staticmethod
    def resolve_rice(task: Task) -> dict[str, float]:
        names = ("reach", "impact", "confidence", "effort")
        return {**{name: getattr(task, name) for name in names}, "value": task.rice}

    @staticmethod
    def resolve_estimate(task: Task) -> dict[str, Any]:
        names = ("optimistic", "likely", "pessimistic", "minutes")
        told = {"source": task.estimate_source, "samples": task.estimate_samples}
        return {name: getattr(task, name) for name in names} | told | {"why": task.reasons.get("estimate", "")}


class AttemptOut(Schema):
    """One try: by whom, why them, how it went."""

    id: uuid.UUID
    number: int
    revision: int
    agent: str
    why: str
    status: str
    progress: int
    note: str
    worker: str
    cost: Decimal
    error: str
    isolated: bool
    salvaged: bool = Field(description="a result came too late; it is kept and not merged")
    dispatched_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @staticmethod
    def resolve_agent(attempt: Attempt) -> str:
        return attempt.agent.slug

    @staticmethod
    def resolve_salvaged(attempt: Attempt) -> bool:
        return attempt.salvage is not None


class TaskOut(TaskRow):
    description: str
    consumes: list[Any]
    produces: list[Any]
    parameters: dict[str, Any]
    acceptance: list[Any]
    feedback: list[Any]
    attempts: list[AttemptOut]
    needs: list[EdgeOut]
    feeds: list[EdgeOut]

    @staticmethod
    def resolve_attempts(task: Task) -> list[Attempt]:
        return list(task.attempts.all())

    @staticmethod
    def resolve_needs(task: Task) -> list[Edge]:
        return list(task.in_edges.all())

    @staticmethod
    def resolve_feeds(task: Task) -> list[Edge]:
        return list(task.out_edges.all())


class PlanOut(Schema):
    """The whole plan. Minutes are planned ones; ``proven`` says that the schedule is proven optimal."""

    id: uuid.UUID
    goal: uuid.UUID
    version: int
    status: str
    approach: uuid.UUID | None
    slots: int
    minutes: float
    lower_bound_minutes: float
    critical_minutes: float
    proven: bool
    cost: Decimal
    notes: dict[str, Any] = Field(description="why phases without tasks have none, and the like")
    origin: str = Field(description="approach, edit, replan, decomposition or template")
    base: uuid.UUID | None = Field(description="the plan that a draft was made from")
    drafted_by: str
    why: str
    edition: int = Field(description="the edition of the draft that stands")
    created_at: datetime
    activated_at: datetime | None
    tasks: list[TaskRow] = Field(description="of a plan that stands or stood; a draft has no tasks of its own yet")
    edges: list[EdgeOut]
    draft: DraftOut | None = Field(description="what a draft consists of")

    @staticmethod
    def resolve_goal(plan: Plan) -> uuid.UUID:
        return plan.goal_id

    @staticmethod
    def resolve_approach(plan: Plan) -> uuid.UUID | None:
        return plan.approach_id

    @staticmethod
    def resolve_base(plan: Plan) -> uuid.UUID | None:
        return plan.base_id

    @staticmethod
    def resolve_drafted_by(plan: Plan) -> str:
        return plan.drafted_by.get_username() if plan.drafted_by else ""

    @staticmethod
    def resolve_draft(plan: Plan) -> dict[str, Any] | None:
        return draft_view(plan=plan) if plan.status == "draft" else None

    @staticmethod
    def resolve_tasks(plan: Plan) -> list[Task]:
        return list(plan.tasks.all())

    @staticmethod
    def resolve_edges(plan: Plan) -> list[Edge]:
        return list(plan.edges.all())


class ReassignIn(Schema):
    agent: str = Field(max_length=60, description="the agent's slug")


class ArtifactRow(Schema):
    """An accepted file of the workspace."""

    id: uuid.UUID
    goal: uuid.UUID
    task: uuid.UUID | None
    attempt: uuid.UUID | None
    path: str
    sha256: str
    size: int
    current: bool
    deleted: bool
    at: datetime

    @staticmethod
    def resolve_goal(artifact: Artifact) -> uuid.UUID:
        return artifact.goal_id

    @staticmethod
    def resolve_task(artifact: Artifact) -> uuid.UUID | None:
        return artifact.task_id

    @staticmethod
    def resolve_attempt(artifact: Artifact) -> uuid.UUID | None:
        return artifact.attempt_id


class ArtifactOut(ArtifactRow):
    """With its content: text as it is, other bytes in base64."""

    encoding: str = Field(description="utf-8 or base64")
    content: str
