"""Why a goal could not be taken apart, by name: which precondition failed, of which method, under which tasks."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_LINES = 20


@dataclass(frozen=True)
class Refusal:
    """Why a method could not be applied: the precondition that failed, in words what is there instead, and where (the
    compound tasks above it, from the root down)."""

    compound: str
    method: str
    reason: str
    precondition: str = ""
    trail: tuple[str, ...] = ()

    def __str__(self) -> str:
        """
        >>> str(Refusal("store", "files", "storage is sqlite, not files", "chosen: storage, files", ("root", "build")))
        "in root → build, store by 'files': storage is sqlite, not files (precondition 'chosen: storage, files')"
        """
        where = f"in {' → '.join(self.trail)}, " if self.trail else ""
        failed = f" (precondition '{self.precondition}')" if self.precondition else ""
        return f"{where}{self.compound} by '{self.method}': {self.reason}{failed}"


class NoDecomposition(ValueError):
    """No combination of methods fulfils the goal."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        lines = list(dict.fromkeys(str(each) for each in refusals))
        more = f"; and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
        super().__init__(f"{self.__doc__} {'; '.join(lines[:MOST_LINES])}{more}")
        self.refusals = tuple(refusals)


class TooDeep(ValueError):
    """The methods call each other without an end."""

    def __init__(self, trail: Sequence[str]) -> None:
        super().__init__(f"{self.__doc__} {' → '.join(trail[-6:])} is {len(trail)} levels deep.")
        self.trail = tuple(trail)


class TooManyTasks(ValueError):
    """The goal is too large for one plan."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{self.__doc__} It would have more than {most:,} tasks; split it into several goals.")


class SearchTooLong(ValueError):
    """No decomposition was found in time."""

    def __init__(self, steps: int, refusals: Sequence[Refusal]) -> None:
        last = f" The last refusal: {refusals[-1]}." if refusals else ""
        super().__init__(f"{self.__doc__} {steps:,} methods were tried.{last}")
        self.refusals = tuple(refusals)


class ContradictingChoice(ValueError):
    """Two methods choose different values for the same thing; preconditions in the library should keep them apart."""

    def __init__(self, name: str, old: str, new: str, method: str) -> None:
        super().__init__(f"The method '{method}' chooses {new} for {name}, where {old} was chosen before.")


class UnknownStep(ValueError):
    """A step of a method must come after one that the method does not have before it."""

    def __init__(self, method: str, step: str, after: str) -> None:
        super().__init__(
            f"In the method '{method}' the step '{step}' comes after '{after}', which no step before it is."
        )
