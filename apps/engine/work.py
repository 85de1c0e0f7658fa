"""What is scheduled: jobs, who waits for whom, slots and agents; and what comes out: placements in time.

Times are minutes from the start of the plan. Two times closer than EPSILON are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

EPSILON = 1e-9


class NoSlots(ValueError):
    """A schedule needs at least one slot."""


class CyclicWork(ValueError):
    """The jobs wait for each other in a circle, so no order exists."""


@dataclass(frozen=True)
class Job:
    """One task to place. ``minutes`` is not negative; jobs of a phase wait for all of the phases before."""

    key: str
    minutes: float
    phase: int = 1
    capability: str = ""


@dataclass(frozen=True)
class Worker:
    """An agent as the schedule sees it: what it can do and how many attempts at once."""

    slug: str
    capabilities: frozenset[str]
    limit: int = 1


@dataclass(frozen=True)
class Work:
    """A scheduling problem. Without workers only slots are limited; a job whose capability no worker has is placed all
    the same, without a worker (:attr:`unstaffed` names the capability)."""

    jobs: tuple[Job, ...]
    needs: Mapping[str, tuple[str, ...]]  # job → jobs it waits for, of any phase
    slots: int
    workers: tuple[Worker, ...] = ()
    between_phases: float = 0.0
    _by_key: dict[str, Job] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.slots < 1:
            raise NoSlots(NoSlots.__doc__)
        self._by_key.update({job.key: job for job in self.jobs})

    def job(self, key: str) -> Job:
        return self._by_key[key]

    @cached_property
    def phases(self) -> tuple[int, ...]:
        return tuple(sorted({job.phase for job in self.jobs}))

    @cached_property
    def active(self) -> tuple[Worker, ...]:
        """The workers who may do something at all."""
        return tuple(worker for worker in self.workers if worker.limit > 0)

    @cached_property
    def unstaffed(self) -> tuple[str, ...]:
        if not self.workers:
            return ()
        known = {capability for worker in self.active for capability in worker.capabilities}
        return tuple(sorted({job.capability for job in self.jobs} - known))

    def of_phase(self, phase: int) -> "Work":
        """The part of one phase, with the edges inside it: the others are kept by the barrier."""
        jobs = tuple(job for job in self.jobs if job.phase == phase)
        keys = {job.key for job in jobs}
        needs = {key: tuple(n for n in self.needs.get(key, ()) if n in keys) for key in keys}
        return Work(jobs, needs, self.slots, self.workers, self.between_phases)


@dataclass(frozen=True)
class Placement:
    """A job in time: ``slot`` counts from 0, ``worker`` is empty where nobody was needed or known."""

    key: str
    start: float
    end: float
    slot: int
    worker: str = ""


@dataclass(frozen=True)
class PhaseSpan:
    """When a phase runs; its gate stands at ``end``."""

    phase: int
    start: float
    end: float


@dataclass(frozen=True)
class Schedule:
    """``bound``: no schedule can be shorter. ``proven``: this one is the shortest there is. ``method`` found it."""

    placements: tuple[Placement, ...]
    makespan: float
    bound: float
    proven: bool
    method: str
    phases: tuple[PhaseSpan, ...] = ()
    nodes: int = 0

    @cached_property
    def starts(self) -> Mapping[str, float]:
        return {placement.key: placement.start for placement in self.placements}


def topological(keys: Sequence[str], needs: Mapping[str, Iterable[str]]) -> list[str]:
    """An order in which everything comes after what it needs. Raises CyclicWork."""
    try:
        return list(TopologicalSorter({key: needs.get(key, ()) for key in keys}).static_order())
    except CycleError as error:
        raise CyclicWork(f"{CyclicWork.__doc__} {' → '.join(map(str, error.args[1]))}") from error


def successors(needs: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Who waits for each job."""
    after: dict[str, list[str]] = {}
    for key, before in needs.items():
        for need in before:
            after.setdefault(need, []).append(key)
    return after


def bottom_levels(work: Work) -> dict[str, float]:
    """For each job, the longest chain of minutes from its start to the end, over the edges alone.

    >>> bottom_levels(Work((Job("a", 2), Job("b", 3)), {"b": ("a",)}, slots=1))
    {'a': 5.0, 'b': 3.0}
    """
    after = successors(work.needs)
    levels: dict[str, float] = {}
    for key in reversed(topological([job.key for job in work.jobs], work.needs)):
        levels[key] = work.job(key).minutes + max((levels[n] for n in after.get(key, ())), default=0.0)
    return {job.key: float(levels[job.key]) for job in work.jobs}
