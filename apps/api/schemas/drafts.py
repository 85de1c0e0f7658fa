"""Drafts of a plan: what is asked for, and what a plan shows of one."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from apps.tasks.models import PlanEdition


class DraftIn(Schema):
    """Why the plan is edited, for whoever looks at it later."""

    why: str = Field("", max_length=2000)


class EditIn(Schema):
    """One edit of the edition that you saw. ``operation`` has a ``kind`` and the fields of that kind.

    `add` {phase, title, capability, produces, acceptance, optimistic, likely, pessimistic, consumes?, description?,
    agent?}; `remove` {task, cascade?}; `split` {task, parts: [{title, produces, ...}], in_order?};
    `move` {task, phase?, before?, after?, waits?}; `order` and `unorder` {before, after}; `change` {task, and any of
    title, description, capability, consumes, produces, acceptance, optimistic, likely, pessimistic, agent, rice}.
    Tasks go by their key.
    """

    edition: int = Field(ge=0, le=2**31 - 1)
    operation: dict[str, Any]


class EditionIn(Schema):
    """The edition that you saw."""

    edition: int = Field(ge=0, le=2**31 - 1)


class RiceIn(Schema):
    """Inputs of RICE; null: derived again."""

    reach: float | None = None
    impact: float | None = None
    confidence: float | None = None
    effort: float | None = None


class TaskChangeIn(Schema):
    """What is left out stays. ``agent`` empty: whoever is best. The three points of an estimate are minutes."""

    acceptance: list[str] | None = None
    optimistic: float | None = None
    likely: float | None = None
    pessimistic: float | None = None
    agent: str | None = Field(None, max_length=60)
    rice: RiceIn | None = None


class EditionOut(Schema):
    """One edit: ``undone`` where it does not stand, and can be done again."""

    number: int
    words: str
    operation: dict[str, Any]
    by: str
    at: datetime
    undone: bool

    @staticmethod
    def resolve_by(edition: PlanEdition) -> str:
        return edition.made_by.get_username() if edition.made_by else ""

    @staticmethod
    def resolve_at(edition: PlanEdition) -> datetime:
        return edition.made_at

    @staticmethod
    def resolve_undone(edition: PlanEdition) -> bool:
        return edition.number > edition.plan.edition


class DraftTask(Schema):
    """A task of a draft: it has a key, no id and no status before the draft takes the place of a plan."""

    key: str
    phase: int
    position: int
    title: str
    description: str
    capability: str
    consumes: list[str]
    produces: list[str]
    acceptance: list[str]
    optimistic: float
    likely: float
    pessimistic: float
    minutes: float
    estimate_source: str
    reach: float
    impact: float
    confidence: float
    effort: float
    rice: float
    reasons: dict[str, str]
    wanted_agent: str = ""
    critical: bool
    planned_start: float
    planned_finish: float


class DraftEdge(Schema):
    """By the tasks' keys; without an artifact it is an order that somebody added."""

    producer: str
    consumer: str
    artifact: str


class DraftOut(Schema):
    """What stands in a draft, its edits, and what it would change in the plan it was made from."""

    tasks: list[DraftTask]
    edges: list[DraftEdge]
    editions: list[EditionOut]
    difference: dict[str, Any] | None
