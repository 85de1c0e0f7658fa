"""Estimates: the library's, what was measured, and what plans take."""

from ninja import Field, Schema

from apps.engine.estimates import Lesson
from apps.engine.methods import Estimate


class Points(Schema):
    """Three points and their weighted mean, in minutes."""

    optimistic: float
    likely: float
    pessimistic: float
    minutes: float

    @staticmethod
    def of(estimate: Estimate) -> dict[str, float]:
        points = estimate.optimistic, estimate.likely, estimate.pessimistic
        return dict(zip(("optimistic", "likely", "pessimistic", "minutes"), (*points, estimate.expected), strict=True))


class LessonOut(Schema):
    """What is known of one task of the library. ``ratio`` is measured over expected, at the median; ``low`` and
    ``high`` are its 5th and 95th percentile; null where nothing was measured."""

    task: str
    capability: str
    phase: int
    library: Points
    estimate: Points
    source: str
    samples: int
    measured_minutes: float | None = Field(description="the median in minutes of this task")
    ratio: float | None
    low: float | None
    high: float | None
    own: bool = Field(description="measured at this task itself, not at others of its capability")
    failed: int = Field(description="attempts that failed beside those that were measured")
    risk: float
    why: str

    @staticmethod
    def resolve_task(lesson: Lesson) -> str:
        return lesson.primitive.name

    @staticmethod
    def resolve_capability(lesson: Lesson) -> str:
        return lesson.primitive.capability

    @staticmethod
    def resolve_phase(lesson: Lesson) -> int:
        return lesson.primitive.phase

    @staticmethod
    def resolve_library(lesson: Lesson) -> dict[str, float]:
        return Points.of(lesson.primitive.estimate)

    @staticmethod
    def resolve_estimate(lesson: Lesson) -> dict[str, float]:
        return Points.of(lesson.estimate)

    @staticmethod
    def resolve_source(lesson: Lesson) -> str:
        return lesson.estimate.source

    @staticmethod
    def resolve_samples(lesson: Lesson) -> int:
        return lesson.estimate.samples

    @staticmethod
    def resolve_measured_minutes(lesson: Lesson) -> float | None:
        return lesson.measured

    @staticmethod
    def resolve_ratio(lesson: Lesson) -> float | None:
        return lesson.median

    @staticmethod
    def resolve_why(lesson: Lesson) -> str:
        return lesson.estimate.why


class LessonsOut(Schema):
    items: list[LessonOut]
    next: str | None = None
