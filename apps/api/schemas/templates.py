"""Templates of plans."""

import uuid
from datetime import datetime
from typing import Any

from ninja import Field, Schema

from apps.planning.models import PlanTemplate


class TemplateIn(Schema):
    name: str = Field(max_length=200, description="at most 60 characters, once among those that are not retired")
    summary: str = Field("", max_length=4000, description="what it is good for")


class TemplatePatch(Schema):
    """What is left out stays."""

    name: str | None = Field(None, max_length=200)
    summary: str | None = Field(None, max_length=4000)
    retired: bool | None = Field(None, description="a retired template can't be started from; false takes that back")


class TemplateRow(Schema):
    """A template in a list. ``tasks`` and ``minutes`` are those of the plan it was made from."""

    id: uuid.UUID
    name: str
    summary: str
    kind: str
    tasks: int
    minutes: float
    retired: bool
    plan: uuid.UUID | None
    goal: uuid.UUID | None
    created_by: str
    created_at: datetime

    @staticmethod
    def resolve_tasks(template: PlanTemplate) -> int:
        return len(template.blueprint.get("tasks", ()))

    @staticmethod
    def resolve_minutes(template: PlanTemplate) -> float:
        return float(template.blueprint.get("minutes", 0))

    @staticmethod
    def resolve_plan(template: PlanTemplate) -> uuid.UUID | None:
        return template.source_id

    @staticmethod
    def resolve_goal(template: PlanTemplate) -> uuid.UUID | None:
        return template.source.goal_id if template.source else None

    @staticmethod
    def resolve_created_by(template: PlanTemplate) -> str:
        return template.created_by.username


class TemplateOut(TemplateRow):
    """With the choices that a plan repeats, and what people had changed by hand: tasks added and taken out."""

    choices: dict[str, Any]
    changes: dict[str, Any]

    @staticmethod
    def resolve_choices(template: PlanTemplate) -> dict[str, Any]:
        return dict(template.blueprint.get("choices", {}))

    @staticmethod
    def resolve_changes(template: PlanTemplate) -> dict[str, Any]:
        return dict(template.blueprint.get("changes", {}))
