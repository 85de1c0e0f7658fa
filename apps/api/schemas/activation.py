"""What activating a draft would do."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from apps.tasks.models import Plan


class DraftRow(Schema):
    """A draft of a goal's plan; nothing of it runs."""

    id: uuid.UUID
    version: int
    status: str
    origin: str = Field(description="approach, edit, replan, decomposition or template")
    base: uuid.UUID | None = Field(description="the plan it was made from")
    drafted_by: str | None = Field(description="null where the hub or an agent asked for it")
    why: str
    minutes: float
    cost: Decimal
    created_at: datetime

    @staticmethod
    def resolve_base(plan: Plan) -> uuid.UUID | None:
        return plan.base_id

    @staticmethod
    def resolve_drafted_by(plan: Plan) -> str | None:
        return plan.drafted_by.get_username() if plan.drafted_by else None


class DraftsOut(Schema):
    items: list[DraftRow]
    next: str | None = None
    planning: dict[str, str] | None = Field(None, description="by, why and at: another version is being planned")


class PhaseTask(Schema):
    id: uuid.UUID
    key: str
    title: str
    phase: int


class ReopeningGate(Schema):
    code: str
    phase: int
    status: str = Field(description="as it is now; it will be pending")


class Revoked(Schema):
    """A clearance that would be revoked, and who had given it."""

    phase: int
    persons: list[str]


class PatchedTask(Schema):
    key: str
    title: str
    fields: list[str] = Field(description="of estimate, acceptance, priority and agent")


class ActivationOut(Schema):
    """``why_not`` says why the draft can't be activated now; what would happen is then left out."""

    plan: uuid.UUID
    base: uuid.UUID | None
    why_not: str
    difference: dict[str, Any] | None = Field(
        None,
        description="added, removed, changed and kept tasks; minutes, work, cost and critical path before and after",
    )
    reopened: list[PhaseTask] = Field([], description="finished work that is done again")
    perhaps: list[PhaseTask] = Field([], description="finished work that is, should what it needs come out different")
    gates: list[ReopeningGate] = Field([], description="gates that have to pass once more")
    revoked: list[Revoked] = []
    attempts: int = Field(0, description="live attempts that end")
    files: list[str] = Field([], description="accepted files that leave the workspace")
    patched: list[PatchedTask] = Field([], description="what was changed in the active plan since, and is carried over")
    digest: str = Field("", description="stands for all of this; activating sends it back")


class ActivateIn(Schema):
    digest: str = Field(max_length=64, description="that of what you saw; 409 with what it would do now if it differs")
