"""The registry of agents, and the pool."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from apps.agents.models import Agent

Capability = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]{0,59}$")]
Runtime = Literal["local", "llm", "command", "a2a", "pull", "human"]


class ScorecardOut(Schema):
    """What is known of an agent's work in one capability, with how many tries it rests on."""

    capability: str
    tries: int
    succeeded: int
    seconds_total: float
    cost_total: Decimal


class AgentOut(Schema):
    id: uuid.UUID
    slug: str
    name: str
    description: str
    runtime: str
    status: str
    capabilities: list[str]
    config: dict[str, Any]
    max_concurrent: int
    cost_per_hour: Decimal
    busy: int = Field(description="attempts that it works on now")
    last_seen_at: datetime | None
    scorecards: list[ScorecardOut]

    @staticmethod
    def resolve_capabilities(agent: Agent) -> list[str]:
        return [row.capability for row in agent.capabilities.all()]

    @staticmethod
    def resolve_scorecards(agent: Agent) -> list[Any]:
        return list(agent.scorecards.all())


class AgentIn(Schema):
    slug: str = Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")
    name: str = Field(min_length=1, max_length=120)
    description: str = Field("", max_length=4000)
    runtime: Runtime
    capabilities: list[Capability] = Field(min_length=1, max_length=100)
    config: dict[str, Any] = Field(default_factory=dict, description="what the runtime needs; secrets by name only")
    max_concurrent: int = Field(10, ge=1, le=1000)
    cost_per_hour: Decimal = Field(Decimal(0), ge=0, lt=10**8, description="in euro")


class AgentPatch(Schema):
    """What is left out stays as it is. ``status`` moves within the agent's lifecycle."""

    name: str | None = Field(None, min_length=1, max_length=120)
    description: str | None = Field(None, max_length=4000)
    capabilities: list[Capability] | None = Field(None, min_length=1, max_length=100)
    config: dict[str, Any] | None = None
    max_concurrent: int | None = Field(None, ge=1, le=1000)
    cost_per_hour: Decimal | None = Field(None, ge=0, lt=10**8)
    status: Literal["active", "draining", "disabled", "quarantined", "retired"] | None = None


class SlotOut(Schema):
    """One execution place, and the attempt that holds it."""

    number: int
    attempt: uuid.UUID | None
    task: uuid.UUID | None
    goal: uuid.UUID | None
    agent: str | None


class PoolPatch(Schema):
    """What is left out stays as it is."""

    slots: int | None = Field(None, ge=5, le=50)
    lease_seconds: int | None = Field(None, ge=2, le=3600)
    task_timeout_seconds: int | None = Field(None, ge=1, le=86_400)
    retries: int | None = Field(None, ge=0, le=20)
    backoff_seconds: float | None = Field(None, ge=0, le=3600)
    backoff_factor: float | None = Field(None, ge=1, le=10)
    aging_minutes: float | None = Field(None, gt=0, le=1440)
    queue_limit: int | None = Field(None, ge=10, le=10_000)
    queue_resume: int | None = Field(None, ge=5, le=10_000)
    no_agent_minutes: int | None = Field(None, ge=1, le=1440)


class PoolOut(Schema):
    """The slots, their settings (design §8), and the capacity that live workers report."""

    name: str
    slots: int
    free: int
    ready: int = Field(description="tasks that could be dispatched")
    worker_capacity: int
    places: list[SlotOut]
    settings: dict[str, float]
