"""What needs a person besides gates: questions and escalations."""

import uuid
from datetime import datetime

from ninja import Field, Schema

from apps.inbox.models import Escalation, Question
from apps.inbox.selectors import Item


class QuestionOut(Schema):
    """Unanswered, the default holds as an assumption; ``changes`` says what another answer would change."""

    id: uuid.UUID
    goal: uuid.UUID
    task: uuid.UUID | None
    key: str
    text: str
    default: str
    changes: str
    sentence: int | None
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    asked_at: datetime

    @staticmethod
    def resolve_goal(question: Question) -> uuid.UUID:
        return question.goal_id

    @staticmethod
    def resolve_task(question: Question) -> uuid.UUID | None:
        return question.task_id

    @staticmethod
    def resolve_answered_by(question: Question) -> str | None:
        return question.answered_by.username if question.answered_by else None


class AnswerIn(Schema):
    answer: str = Field(min_length=1, max_length=10_000)


class EscalationOut(Schema):
    id: uuid.UUID
    goal: uuid.UUID | None
    task: uuid.UUID | None
    status: str
    kind: str
    text: str
    what_to_do: str
    raised_at: datetime
    resolved_by: str | None
    resolved_at: datetime | None
    resolution: str

    @staticmethod
    def resolve_goal(escalation: Escalation) -> uuid.UUID | None:
        return escalation.goal_id

    @staticmethod
    def resolve_task(escalation: Escalation) -> uuid.UUID | None:
        return escalation.task_id

    @staticmethod
    def resolve_resolved_by(escalation: Escalation) -> str | None:
        return escalation.resolved_by.username if escalation.resolved_by else None


class ResolveIn(Schema):
    resolution: str = Field(min_length=1, max_length=10_000, description="what was done about it")


class InboxItem(Schema):
    """One thing that needs a person. ``why_here`` says why it stands where it does."""

    kind: str = Field(description="gate, question or escalation")
    id: uuid.UUID
    title: str
    text: str
    goal: uuid.UUID | None
    goal_title: str
    status: str
    since: datetime
    due: datetime | None
    minutes_blocked: float = Field(description="minutes of the critical path that wait for it")
    escalated: bool
    overdue: bool
    mine: bool = Field(description="you are one of those it waits for")
    waits_for: list[str]
    why_here: str
    path: str = Field(description="of its page")

    @staticmethod
    def resolve_goal(item: Item) -> uuid.UUID | None:
        return uuid.UUID(item.goal_id) if item.goal_id else None


class InboxOut(Schema):
    items: list[InboxItem]
    next: str | None
    counts: dict[str, int]
