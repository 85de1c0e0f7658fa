"""What was understood of a brief, and corrections of it."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from apps.api.schemas.needs import QuestionOut


class CorrectionIn(Schema):
    """``{"fact": "feature:print-note", "change": {"drop": true}}`` and so on."""

    fact: str = Field(
        max_length=400,
        description="kind, feature, feature:<slug>, entity:<slug>, user:<name>, quality:<name> or constraint:<kind>",
    )
    change: dict[str, Any] = Field(
        description="one of set (kind), add and rename (feature), fields (entity) and drop: true; a limit is dropped "
        "by its text"
    )


class CorrectionsIn(Schema):
    changes: list[CorrectionIn] = Field(min_length=1, max_length=50)


class CorrectionOut(Schema):
    fact: str
    change: dict[str, Any]
    by: str
    at: datetime


class FactsOut(Schema):
    """The facts as the next planning takes them, each with its sentence (a number from 1)."""

    facts: dict[str, Any]
    corrections: list[CorrectionOut]
    questions: list[QuestionOut]
    changed: bool = Field(description="somebody corrected or answered since the newest plan was made: plan anew")


class PlanIn(Schema):
    answers: dict[str, str] = Field(
        default_factory=dict, description="answers by the question's key; the others keep their default", max_length=20
    )
