"""Estimates that learn: the library's three points, moved towards what attempts really took.

What transfers between goals is the ratio of the measured minutes to the library's. It is taken per task of the library
where enough of that very task was measured, else per capability. Three quantiles of the ratios stand for the three
points of PERT: with its weights 1/6, 4/6, 1/6 the 5th, 50th and 95th percentile give the mean of a skewed distribution
to within a few percent (Keefer and Bodily, "Three-point approximations for continuous random variables", Management
Science 29, 1983, have 0.185, 0.630, 0.185), and no single freak can move them. Few samples move the default a little:
the two are mixed as logarithms, since "half as long" and "twice as long" are equally far off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.engine.methods import Estimate, Library, Primitive

NEWEST = 30  # only so many count: what agents needed before they changed says little about them now
ENOUGH = 20  # with so many the measured stands alone
OWN = 10  # from so many on a task of the library is judged by itself and not with its capability
LEAST = 0.001  # minutes: an estimate of nothing would divide by something somewhere
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Sample:
    """One attempt that succeeded: its task's key, and the minutes of execution."""

    task: str
    minutes: float


@dataclass(frozen=True)
class Measured:
    """What is known of one capability: attempts that succeeded, newest first, and how many failed beside them."""

    samples: tuple[Sample, ...] = ()
    failed: int = 0


@dataclass(frozen=True)
class Lesson:
    """What was learnt of one task of the library. ``ratios`` are measured over expected minutes, newest first;
    ``own`` says that they are this task's and not its whole capability's; ``low``, ``median`` and ``high`` are their
    quantiles (None without samples); ``estimate`` and ``risk`` are what plans are made with from now on."""

    primitive: Primitive
    ratios: tuple[float, ...]
    own: bool
    low: float | None
    median: float | None
    high: float | None
    estimate: Estimate
    risk: float
    failed: int

    @property
    def measured(self) -> float | None:
        """The median in minutes of this task."""
        return None if self.median is None else self.median * _expected(self.primitive)


def learnt(library: Library, measured: Mapping[str, Measured]) -> Library:
    """The library with every estimate and risk as measured: the one place where a plan learns. By capability."""
    if not measured:
        return library
    primitives = {
        lesson.primitive.name: replace(lesson.primitive, estimate=lesson.estimate, risk=lesson.risk)
        for lesson in lessons(library, measured)
    }
    return replace(library, primitives=primitives)


def lessons(library: Library, measured: Mapping[str, Measured]) -> tuple[Lesson, ...]:
    """What was learnt of every task of the library, in the library's order."""
    siblings: dict[str, list[Primitive]] = {}
    for primitive in library.primitives.values():
        siblings.setdefault(primitive.capability, []).append(primitive)
    ratios = {
        name: _ratios(measured.get(name, Measured()).samples[:NEWEST], together) for name, together in siblings.items()
    }
    return tuple(
        _lesson(primitive, ratios[primitive.capability], measured.get(primitive.capability, Measured()))
        for primitive in library.primitives.values()
    )


def _ratios(samples: Iterable[Sample], primitives: Sequence[Primitive]) -> list[tuple[str, float]]:
    """(task of the library, measured over expected) of each sample; what the library does not know is left out."""
    longest = sorted(primitives, key=lambda primitive: -len(primitive.name))
    found = []
    for sample in samples:
        own = next((one for one in longest if _is_of(sample.task, one.name)), None)
        if own is not None:
            found.append((own.name, max(sample.minutes, LEAST) / _expected(own)))
    return found


def _is_of(key: str, name: str) -> bool:
    """A task's key is the library's name for it, followed by what it is for.

    >>> _is_of("feature-add-note", "feature"), _is_of("features", "feature")
    (True, False)
    """
    return key == name or key.startswith(f"{name}-")


def _lesson(primitive: Primitive, ratios: Sequence[tuple[str, float]], measured: Measured) -> Lesson:
    mine = tuple(ratio for name, ratio in ratios if name == primitive.name)
    own = len(mine) >= OWN or len(mine) == len(ratios)
    used = mine if own else tuple(ratio for _, ratio in ratios)
    failed = min(measured.failed, NEWEST)
    risk = _mix(primitive.risk, failed / max(1, failed + len(ratios)), failed + len(ratios))
    if not used:
        estimate = replace(primitive.estimate, why="Nothing like it has been measured yet: this is the library's.")
        return Lesson(primitive, (), own, None, None, None, estimate, risk, failed)
    low, median, high = (quantile(used, share) for share in QUANTILES)
    default, expected = primitive.estimate, _expected(primitive)
    estimate = Estimate(
        between(default.optimistic, low * expected, len(used)),
        between(default.likely, median * expected, len(used)),
        between(default.pessimistic, high * expected, len(used)),
        source="measured" if 2 * len(used) >= ENOUGH else "default",
        samples=len(used),
        why=_why(primitive, used, own=own, median=median),
    )
    return Lesson(primitive, used, own, low, median, high, estimate, risk, failed)


def between(default: float, measured: float, samples: int) -> float:
    """The default moved towards the measured by the share of ENOUGH samples: their weighted geometric mean.

    >>> [round(between(2.0, 8.0, samples), 1) for samples in (0, 5, 10, 20, 99)]
    [2.0, 2.8, 4.0, 8.0, 8.0]
    """
    share = min(1.0, samples / ENOUGH)
    return float(max(default, LEAST) ** (1 - share) * max(measured, LEAST) ** share)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies, interpolated (type 7 of Hyndman and Fan, 1996).

    >>> quantile([4, 1, 2, 3], 0.5)
    2.5
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    lower = int(place)
    upper = min(lower + 1, len(ordered) - 1)
    # Never above the upper one by an error of rounding: quantiles must keep their order.
    return min(ordered[upper], ordered[lower] + (place - lower) * (ordered[upper] - ordered[lower]))


def span(minutes: float) -> str:
    """Minutes in the unit in which they are read.

    >>> span(0.004), span(0.5), span(4), span(90)
    ('0.24 s', '30 s', '4.0 min', '1.5 h')
    """
    if minutes < 1:
        seconds = minutes * 60
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2g} s"
    return f"{minutes:.1f} min" if minutes < 60 else f"{minutes / 60:.1f} h"


def _mix(default: float, measured: float, samples: int) -> float:
    share = min(1.0, samples / ENOUGH)
    return (1 - share) * default + share * measured


def _expected(primitive: Primitive) -> float:
    return max(primitive.estimate.expected, LEAST)


def _why(primitive: Primitive, ratios: Sequence[float], *, own: bool, median: float) -> str:
    number, expected = len(ratios), _expected(primitive)
    attempts = "1 attempt" if number == 1 else f"{number} attempts"
    if own:
        text = f"{attempts} took {span(median * expected)} at the median; the library says {span(expected)}."
    else:
        text = (
            f"{attempts} at {primitive.capability} took {median:.2g} times what the library says, at the median: "
            f"{span(median * expected)} instead of {span(expected)}."
        )
    if number < ENOUGH:
        text += f" The library counts for {1 - number / ENOUGH:.0%} until {ENOUGH} are measured."
    return text
