"""Time integrals over intervals: how much ran, how much could have run, how long something was idle (design §8).

One sweep over the sorted ends of all intervals; between two of them nothing changes. Times are numbers in one unit
(seconds here), intervals are half-open, and an interval that ends before it begins counts as empty.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Interval = tuple[float, float]


@dataclass(frozen=True)
class Integrals:
    """``running``, ``possible`` and ``idle`` are work times (one second of two tasks is two); idle is what could have
    run in a free place and did not. ``possible`` = running + idle, if never more runs than there are places."""

    running: float
    possible: float
    idle: float

    @property
    def parallelization(self) -> float | None:
        """The part of what could run that ran, 0 to 1; None where nothing could run."""
        return self.running / self.possible if self.possible > 0 else None

    def overhead(self, *, hub: float = 0.0) -> float | None:
        """Idle time and the hub's own work, as a part of that plus execution; None where there was neither."""
        lost = self.idle + hub
        return lost / (lost + self.running) if lost + self.running > 0 else None


def integrate(
    *,
    running: Iterable[Interval],
    startable: Iterable[Interval],
    places: int,
    window: Interval,
    taken: Iterable[Interval] = (),
) -> Integrals:
    """Integrate over ``window``: ``running`` work, ``startable`` work that waits, ``places`` of which others have
    ``taken`` some.

    >>> integrate(running=[(0, 10)], startable=[(0, 5)], places=2, window=(0, 10))
    Integrals(running=10.0, possible=15.0, idle=5.0)
    >>> integrate(running=[(0, 10)], startable=[(0, 5)], places=2, window=(0, 10), taken=[(0, 10)]).parallelization
    1.0
    """
    ran = could = idled = 0.0
    for length, (runs, waits, others) in _steps((running, startable, taken), window):
        free = max(0, places - others - runs)
        ran += runs * length
        idled += min(waits, free) * length
        could += (runs + min(waits, free)) * length
    return Integrals(ran, could, idled)


def covered(intervals: Iterable[Interval], window: Interval) -> float:
    """How long at least one of the intervals holds within the window.

    >>> covered([(0, 4), (2, 6), (8, 9)], (1, 10))
    6.0
    """
    return sum((length for length, (count,) in _steps((intervals,), window) if count), 0.0)


def without(interval: Interval, holes: Sequence[Interval]) -> list[Interval]:
    """What is left of an interval when the holes are cut out.

    >>> without((0, 10), [(2, 3), (5, 20)])
    [(0, 2), (3, 5)]
    """
    left, (start, end) = [], interval
    for low, high in sorted(holes):
        if low > start:
            left.append((start, min(low, end)))
        start = max(start, high)
        if start >= end:
            break
    if start < end:
        left.append((start, end))
    return [(low, high) for low, high in left if low < high]


def _steps(kinds: Sequence[Iterable[Interval]], window: Interval) -> Iterator[tuple[float, tuple[int, ...]]]:
    """The stretches of the window in which nothing changes: their length, and how many intervals of each kind hold."""
    changes: dict[float, list[int]] = defaultdict(lambda: [0] * len(kinds))
    low, high = window
    for kind, intervals in enumerate(kinds):
        for start, end in intervals:
            start, end = max(start, low), min(end, high)
            if start < end:
                changes[start][kind] += 1
                changes[end][kind] -= 1
    counts, before = [0] * len(kinds), low
    for moment in sorted(changes):
        if moment > before:
            yield float(moment - before), tuple(counts)
        counts = [count + change for count, change in zip(counts, changes[moment], strict=True)]
        before = moment
