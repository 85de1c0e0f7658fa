"""RICE: which task is worth most for its effort, from four inputs that are all derived and all shown.

The formula is Intercom's (McBride, "RICE: simple prioritization for product managers", 2016): reach × impact ×
confidence / effort, with its scale for impact. Here reach is how many tasks a task opens the way for, impact comes
from the goal's priority, confidence from how wide the estimate is and how risky the task, effort is the estimate.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.engine.methods import Estimate

# A goal's priority (1 low … 5 urgent) on Intercom's scale of impact.
IMPACT = {1: 0.25, 2: 0.5, 3: 1.0, 4: 2.0, 5: 3.0}
URGENCY = {1: "low", 2: "below ordinary", 3: "ordinary", 4: "high", 5: "urgent"}
LEAST_CONFIDENCE = 0.2
LEAST_EFFORT = 0.01  # minutes, so that an estimate of nothing divides by something
INPUTS = ("reach", "impact", "confidence", "effort")
# How the reason of an input begins that a person set: it is kept when the others are derived anew.
EDITED = "Edited by "


class NoSuchPriority(ValueError):
    """A goal's priority is a whole number from 1 (low) to 5 (urgent)."""


@dataclass(frozen=True)
class Rice:
    """Reach in tasks, impact on Intercom's scale, confidence from 0 to 1, effort in minutes; ``reasons`` says of each
    input, by its name, which numbers it came from."""

    reach: float
    impact: float
    confidence: float
    effort: float
    reasons: Mapping[str, str]

    @property
    def value(self) -> float:
        return self.reach * self.impact * self.confidence / self.effort

    @property
    def explanation(self) -> str:
        """The whole formula in one sentence."""
        return (
            f"Reach {self.reach:g} × impact {self.impact:g} × confidence {self.confidence:.2f} "
            f"/ effort {self.effort:.2g} min = {self.value:.3g}. " + " ".join(self.reasons[name] for name in INPUTS)
        )


def rice_of(*, followers: int, goal_priority: int, estimate: Estimate, risk: float = 0.0) -> Rice:
    """A task's RICE. ``followers``: tasks that wait for it directly or through others. Raises NoSuchPriority.

    >>> found = rice_of(followers=4, goal_priority=3, estimate=Estimate(1, 2, 3))
    >>> found.reach, found.impact, round(found.confidence, 2), found.effort, round(found.value, 2)
    (5.0, 1.0, 0.83, 2.0, 2.08)
    >>> found.reasons["reach"]
    'The task itself and 4 that wait for it, directly or through others.'
    """
    if goal_priority not in IMPACT:
        raise NoSuchPriority(NoSuchPriority.__doc__)
    effort = max(estimate.expected, LEAST_EFFORT)
    certain = 1.0 - min(1.0, estimate.spread / effort)
    confidence = max(LEAST_CONFIDENCE, certain * (1.0 - risk))
    reasons = {
        "reach": _reach(followers),
        "impact": f"The goal's priority is {goal_priority} of 5 ({URGENCY[goal_priority]}), "
        f"which counts {IMPACT[goal_priority]:g} on the scale from 0.25 to 3.",
        "confidence": _confidence(estimate, effort, risk, confidence),
        "effort": f"({estimate.optimistic:.3g} + 4 × {estimate.likely:.3g} + {estimate.pessimistic:.3g}) / 6 = "
        f"{effort:.3g} minutes: the mean of the optimistic, likely and pessimistic estimate.",
    }
    return Rice(1.0 + followers, IMPACT[goal_priority], confidence, effort, reasons)


def _reach(followers: int) -> str:
    if not followers:
        return "The task itself; nothing waits for it."
    return f"The task itself and {followers} that wait{'s' * (followers == 1)} for it, directly or through others."


def _confidence(estimate: Estimate, effort: float, risk: float, confidence: float) -> str:
    share = min(1.0, estimate.spread / effort)
    words = (
        f"The estimate spreads by {estimate.spread:.2g} of {effort:.3g} minutes ({share:.0%}) and the chance that a "
        f"risk comes true is {risk:.0%}: (1 - {share:.2f}) × (1 - {risk:.2f}) = {(1 - share) * (1 - risk):.2f}"
    )
    return words + (f", and the least that counts is {LEAST_CONFIDENCE}." if confidence == LEAST_CONFIDENCE else ".")


def edited(base: Rice, values: Mapping[str, float], *, by: str) -> Rice:
    """The RICE with those inputs that a person set; the reason of each says by whom, and what it would be.

    >>> base = rice_of(followers=1, goal_priority=3, estimate=Estimate(2, 2, 2))
    >>> found = edited(base, {"impact": 3}, by="anna")
    >>> found.impact, found.reasons["impact"][:44]
    (3, 'Edited by anna: 3, where it would be 1. The ')
    """
    inputs = {name: values.get(name, getattr(base, name)) for name in INPUTS}
    reasons = dict(base.reasons)
    for name, value in values.items():
        before = getattr(base, name)
        reasons[name] = f"{EDITED}{by}: {value:.3g}, where it would be {before:.3g}. {base.reasons[name]}"
    return Rice(**inputs | {"effort": max(inputs["effort"], LEAST_EFFORT)}, reasons=reasons)
