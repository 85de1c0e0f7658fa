"""RICE: which task is worth most for its effort, from four inputs that are all derived and all shown.

The formula is Intercom's (McBride, "RICE: simple prioritization for product managers", 2016): reach × impact ×
confidence / effort, with its scale for impact. Here reach is how many tasks a task opens the way for, impact comes
from the goal's priority, confidence from how wide the estimate is and how risky the task, effort is the estimate.
"""

from dataclasses import dataclass

from apps.engine.methods import Estimate

# A goal's priority (1 low … 5 urgent) on Intercom's scale of impact.
IMPACT = {1: 0.25, 2: 0.5, 3: 1.0, 4: 2.0, 5: 3.0}
LEAST_CONFIDENCE = 0.2
LEAST_EFFORT = 0.01  # minutes, so that an estimate of nothing divides by something


class NoSuchPriority(ValueError):
    """A goal's priority is a whole number from 1 (low) to 5 (urgent)."""


@dataclass(frozen=True)
class Rice:
    """Reach in tasks, impact on Intercom's scale, confidence from 0 to 1, effort in minutes, and the sentence."""

    reach: float
    impact: float
    confidence: float
    effort: float
    explanation: str

    @property
    def value(self) -> float:
        return self.reach * self.impact * self.confidence / self.effort


def rice_of(*, followers: int, goal_priority: int, estimate: Estimate, risk: float = 0.0) -> Rice:
    """A task's RICE. ``followers``: tasks that wait for it directly or through others. Raises NoSuchPriority.

    >>> found = rice_of(followers=4, goal_priority=3, estimate=Estimate(1, 2, 3))
    >>> found.reach, found.impact, round(found.confidence, 2), found.effort, round(found.value, 2)
    (5.0, 1.0, 0.83, 2.0, 2.08)
    """
    if goal_priority not in IMPACT:
        raise NoSuchPriority(NoSuchPriority.__doc__)
    reach = 1.0 + followers
    impact = IMPACT[goal_priority]
    effort = max(estimate.expected, LEAST_EFFORT)
    certain = 1.0 - min(1.0, estimate.spread / effort)
    confidence = max(LEAST_CONFIDENCE, certain * (1.0 - risk))
    explanation = (
        f"Reach {reach:g} (itself and {followers} that wait for it) "
        f"× impact {impact:g} (goal priority {goal_priority}) "
        f"× confidence {confidence:.2f} (estimate ±{estimate.spread:.2g} min, risk {risk:.0%}) "
        f"/ effort {effort:.2g} min = {reach * impact * confidence / effort:.3g}."
    )
    return Rice(reach, impact, confidence, effort, explanation)


def edited(base: Rice, *, reach: float, impact: float, confidence: float, effort: float) -> Rice:
    """The RICE with inputs that a person set; the sentence says so."""
    effort = max(effort, LEAST_EFFORT)
    value = reach * impact * confidence / effort
    text = f"Edited by a person: {reach:g} × {impact:g} × {confidence:.2f} / {effort:.2g} min = {value:.3g}. Before: "
    return Rice(reach, impact, confidence, effort, text + base.explanation)
