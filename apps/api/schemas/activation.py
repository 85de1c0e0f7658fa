"""What activating a draft would do."""

import uuid
from typing import Any

from ninja import Field, Schema


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
