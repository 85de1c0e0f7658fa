"""Gates, rounds, votes, conditions and the inbox."""

import uuid
from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from apps.gates.models import Condition, Vote

Verdict = Literal["approve", "approve_with_conditions", "request_changes", "reject", "withdraw", "override"]


class GateRow(Schema):
    """A gate in a list, with its newest round."""

    id: uuid.UUID
    goal: uuid.UUID
    goal_title: str
    phase: int
    code: str
    title: str
    question: str
    status: str
    round: int | None = Field(description="number of the newest round")
    evidence_digest: str
    opened_at: datetime | None
    due_at: datetime | None
    deciding_until: datetime | None
    solo: bool
    outcome: str


class CheckOut(Schema):
    name: str
    blocking: bool
    result: str
    sentence: str
    proof: dict[str, Any]
    source: str


class VoteOut(Schema):
    person: str
    group: str | None
    verdict: str
    comment: str
    reason_code: str
    to_phase: int | None
    items: list[Any]
    evidence_digest: str
    at: datetime

    @staticmethod
    def resolve_person(vote: Vote) -> str:
        return vote.person.username

    @staticmethod
    def resolve_group(vote: Vote) -> str | None:
        return vote.group.slug if vote.group else None


class ConditionOut(Schema):
    id: uuid.UUID
    goal: uuid.UUID
    status: str
    text: str
    check_name: str
    owner: str
    due_phase: int
    closed_by: str | None
    closed_at: datetime | None
    closing_words: str

    @staticmethod
    def resolve_goal(condition: Condition) -> uuid.UUID:
        return condition.goal_id

    @staticmethod
    def resolve_owner(condition: Condition) -> str:
        return condition.owner.username

    @staticmethod
    def resolve_closed_by(condition: Condition) -> str | None:
        return condition.closed_by.username if condition.closed_by else None


class GateOut(GateRow):
    """The whole gate: what people decide on, and what they have said so far in the newest round."""

    rule: dict[str, Any]
    checks: list[CheckOut]
    votes: list[VoteOut]
    conditions: list[ConditionOut]


class EvidenceOut(Schema):
    """What a vote is about, frozen. ``evidence_digest`` goes back with the vote."""

    gate: uuid.UUID
    round: int
    evidence_digest: str
    evidence: dict[str, Any]


class ChangeItemIn(Schema):
    """What is to be changed; ``anchor`` is path:line, requirement:n, check:name or task:key."""

    text: str = Field(max_length=4000)
    anchor: str = Field("", max_length=300)


class ConditionIn(Schema):
    """What must be true by the gate of ``due_phase``; ``check`` is the failing check that it answers for."""

    text: str = Field(max_length=4000)
    check: str = Field("", max_length=80)
    owner: str = Field("", max_length=150, description="who sees to it: a user name, by default you")
    due_phase: int | None = Field(None, ge=1, le=7)


class VoteIn(Schema):
    verdict: Verdict
    evidence_digest: str = Field(max_length=64, description="of the evidence that you saw")
    comment: str = Field("", max_length=10_000)
    conditions: list[ConditionIn] = Field(default_factory=list, max_length=50)
    items: list[ChangeItemIn] = Field(default_factory=list, max_length=100, description="for request_changes")
    group: str | None = Field(None, max_length=40, description="for whom you speak; by default where it counts")
    to_phase: int | None = Field(None, ge=0, le=7, description="reject: back to this phase; 0 ends the goal")
    reason_code: str = Field("", max_length=40)


class ConditionCloseIn(Schema):
    status: Literal["met", "waived"]
    words: str = Field(max_length=4000)
