"""The method library: versions, and what is to be said about a text."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from apps.planning.library.reader import Problem
from apps.planning.models import MethodLibrary


class LibraryRow(Schema):
    """A version in a list. ``changed_by`` is null where it came with the installation."""

    version: int
    active: bool
    digest: str
    note: str
    changed_by: str | None
    created_at: datetime

    @staticmethod
    def resolve_changed_by(row: MethodLibrary) -> str | None:
        return str(row.changed_by) if row.changed_by else None


class LibraryOut(LibraryRow):
    """A version with its text (YAML, parts divided by ``---``)."""

    content: str


class ContentIn(Schema):
    content: str


class LibraryIn(ContentIn):
    """``base`` is the version that was edited; ``note`` says what was changed, and why."""

    note: str
    base: int = Field(ge=0, le=999_999_999)


class TrialIn(ContentIn):
    """A brief to try the text on."""

    title: str = ""
    brief: str


class ProblemOut(Schema):
    """``line`` counts from 1 (0: unknown); a warning does not keep the text from being used."""

    line: int
    place: str
    field: str
    text: str
    warning: bool


class CheckedOut(Schema):
    valid: bool
    problems: list[ProblemOut]


class TriedOut(Schema):
    """Approaches, the best first; ``words`` say why there is none."""

    words: str
    approaches: list[dict[str, Any]]


class TrialOut(Schema):
    """``changes`` is the difference of the best approaches; null where one of the two libraries has none."""

    kind: str
    version: int = Field(description="the active version that the draft was compared with")
    draft: TriedOut
    active: TriedOut
    changes: dict[str, Any] | None


def problem_out(one: Problem) -> dict[str, Any]:
    return {"line": one.line, "place": one.place, "field": one.field, "text": one.text, "warning": one.warning}
