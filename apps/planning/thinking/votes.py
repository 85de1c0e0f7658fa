"""The model's vote: it decides between approaches that points can't tell apart, and never more than that."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from apps.engine.approaches import Approach, Exploration
from apps.planning.thinking.answers import VoteAnswer
from apps.planning.thinking.dialogue import Unfit

MARGIN = 2.0  # points of 100


def close_ones(approaches: Sequence[Approach]) -> tuple[Approach, ...]:
    """The approaches within the margin of the best; fewer than two are no tie. Best first, as they are given."""
    if not approaches:
        return ()
    best = max(approach.score.total for approach in approaches)
    return tuple(approach for approach in approaches if best - approach.score.total <= MARGIN)


def described(approaches: Sequence[Approach]) -> list[dict[str, Any]]:
    """What the model is shown of each."""
    return [
        {
            "number": number,
            "name": approach.name,
            "summary": approach.summary,
            "points": round(approach.score.total, 1),
            "risks": list(approach.risks),
            "assumptions": list(approach.assumptions)[:8],
        }
        for number, approach in enumerate(approaches, start=1)
    ]


def checker(approaches: Sequence[Approach]) -> Callable[[VoteAnswer], tuple[int, str]]:
    def check(answer: VoteAnswer) -> tuple[int, str]:
        if answer.number > len(approaches):
            raise Unfit([f"There are the numbers 1 to {len(approaches)}, not {answer.number}."])
        return answer.number - 1, answer.because

    return check


def settled(explored: Exploration, close: Sequence[Approach], place: int) -> Exploration:
    """The exploration with the approach voted for in the first place, if it is one of those that are close."""
    voted = close[place]
    best = explored.approaches[explored.best]
    if voted not in close_ones(explored.approaches) or voted is best:
        return explored
    others = tuple(approach for approach in explored.approaches if approach is not voted)
    words = (
        f"'{voted.name}' stands first by the model's vote: its {voted.score.total:.1f} points are within {MARGIN:g} of "
        f"the {best.score.total:.1f} of '{best.name}'. By points alone: {explored.reason}"
    )
    return replace(explored, approaches=(voted, *others), best=0, reason=words)
