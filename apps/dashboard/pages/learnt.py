"""What was learnt: for each kind of task the library's figure, what was measured, and what plans take from now on."""

import math
from dataclasses import dataclass
from typing import Any

from apps.engine.estimates import ENOUGH, NEWEST, Lesson, span
from apps.planning.learning import lessons_learnt

LEAST_DECADES = 0.5  # so that a drawing of small differences does not look like one of large ones
WIDTH = 100.0


@dataclass(frozen=True)
class Range:
    """Where ratios lie on a logarithmic axis from 0 to 100, with 'as the library says' at 50."""

    low: float
    median: float
    high: float

    @property
    def width(self) -> float:
        return max(1.0, self.high - self.low)


def page() -> dict[str, Any]:
    """Measured tasks with their ranges on one axis, and those of which nothing is known: two queries."""
    every = lessons_learnt()
    known = [lesson for lesson in every if lesson.ratios]
    decades = max([LEAST_DECADES, *(abs(math.log10(end)) for one in known for end in (one.low, one.high) if end)])
    return {
        "rows": [_row(lesson, decades) for lesson in known],
        "unknown": [lesson for lesson in every if not lesson.ratios],
        "attempts": sum(len(lesson.ratios) for lesson in known if lesson.own),
        "enough": ENOUGH,
        "newest": NEWEST,
        "factor": 10**decades,
    }


def _row(lesson: Lesson, decades: float) -> dict[str, Any]:
    places = [_place(ratio, decades) for ratio in (lesson.low, lesson.median, lesson.high)]
    expected = lesson.primitive.estimate.expected
    tried = lesson.failed + len(lesson.ratios)
    return {
        "lesson": lesson,
        "default": span(expected),
        "measured": span((lesson.median or 0) * expected),
        "low": span((lesson.low or 0) * expected),
        "high": span((lesson.high or 0) * expected),
        "plans": span(lesson.estimate.expected),
        "range": Range(*places),
        "ratio": ratio_words(lesson.median or 1),
        "tone": "good" if (lesson.median or 1) <= 1 else "warn",
        "failed": f"{lesson.failed} of {tried} failed" if lesson.failed else "",
    }


def _place(ratio: float | None, decades: float) -> float:
    """A ratio's place on the axis.

    >>> _place(1, 2), _place(100, 2), _place(0.01, 2), _place(10, 2)
    (50.0, 100.0, 0.0, 75.0)
    """
    return round(WIDTH * (0.5 + math.log10(ratio or 1) / decades / 2), 2)


def ratio_words(ratio: float) -> str:
    """How many times as long.

    >>> ratio_words(2.04), ratio_words(0.013), ratio_words(130)
    ('× 2.0', '× 0.013', '× 130')
    """
    if ratio >= 10:
        return f"× {ratio:.0f}"
    return f"× {ratio:.1f}" if ratio >= 1 else f"× {ratio:.2g}"
