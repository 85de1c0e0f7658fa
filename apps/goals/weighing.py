"""How the approaches of a goal are searched and weighed: rules that answer with the words shown beside the field.

Kept in ``Goal.planning`` as ``beam``, ``depth`` and ``weights``; what is not there is as the planner has it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BEAM_RANGE = (1, 50)
DEPTH_RANGE = (1, 20)
MOST_POINTS = 100.0
PARTS = ("time", "cost", "risk", "fit")


@dataclass(frozen=True)
class Weighing:
    """``beam``: how many partial plans are thought through at once; ``depth``: how many decisions (None: all), the rest
    by the best method of each; ``weights``: points for time, cost, risk and fit, of which only the ratio counts.
    None leaves a setting to the planner."""

    beam: int | None = None
    depth: int | None = None
    weights: Mapping[str, float] | None = None

    def as_dict(self) -> dict[str, Any]:
        """What is kept with the goal: settings that are left to the planner are left out."""
        weights = dict(self.weights) if self.weights is not None else None
        told = {"beam": self.beam, "depth": self.depth, "weights": weights}
        return {name: value for name, value in told.items() if value is not None}


def weighing_problems(weighing: Weighing) -> dict[str, str]:
    """Words for each setting that can't hold, by the field's name (``time`` for the points of time).

    >>> weighing_problems(Weighing(beam=0))
    {'beam': 'The beam is a whole number from 1 to 50.'}
    """
    problems: dict[str, str] = {}
    if weighing.beam is not None and not BEAM_RANGE[0] <= weighing.beam <= BEAM_RANGE[1]:
        problems["beam"] = f"The beam is a whole number from {BEAM_RANGE[0]} to {BEAM_RANGE[1]}."
    if weighing.depth is not None and not DEPTH_RANGE[0] <= weighing.depth <= DEPTH_RANGE[1]:
        low, high = DEPTH_RANGE
        problems["depth"] = f"The depth is a whole number from {low} to {high}, or nothing for every decision."
    return problems | (_weight_problems(weighing.weights) if weighing.weights is not None else {})


def _weight_problems(weights: Mapping[str, float]) -> dict[str, str]:
    unknown = sorted(set(weights) - set(PARTS))
    if unknown:
        return {"weights": f"There is no weight for {', '.join(unknown)}; there are {', '.join(PARTS)}."}
    bad = {
        name: f"Points from 0 to {MOST_POINTS:g} are wanted."
        for name, points in weights.items()
        if not (math.isfinite(points) and 0 <= points <= MOST_POINTS)
    }
    if not bad and not any(weights.get(name, 1) for name in PARTS):
        bad["time"] = "Give points to at least one of time, cost, risk and fit."
    return bad


def weighed(planning: Mapping[str, Any], weighing: Weighing) -> dict[str, Any]:
    """A goal's ``planning`` with these settings instead of its own; what else is in it stays.

    >>> weighed({"beam": 9, "template": "t"}, Weighing(depth=3))
    {'template': 't', 'depth': 3}
    """
    others = {name: value for name, value in planning.items() if name not in ("beam", "depth", "weights")}
    return others | weighing.as_dict()


def weighing_of(planning: Mapping[str, Any]) -> Weighing:
    """The settings that are kept with a goal; what can't be read counts as left to the planner.

    >>> weighing_of({"beam": 3, "weights": {"time": 2}}).beam
    3
    """
    weights = planning.get("weights")
    numbers = weights.items() if isinstance(weights, dict) else ()
    points = {name: float(value) for name, value in numbers if _is_number(value)} or None
    read = Weighing(_whole(planning.get("beam")), _whole(planning.get("depth")), points)
    return Weighing() if weighing_problems(read) else read


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
