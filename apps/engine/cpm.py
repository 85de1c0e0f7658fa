"""The critical path: which tasks decide the plan's length, and how much each other could be late.

Kelley and Walker, "Critical-path planning and scheduling" (1959). With gates as barriers, a plan's critical path is
one longest chain through each phase, one phase after the other; slots and agents are not looked at here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.engine.work import EPSILON, Work, bottom_levels, topological


@dataclass(frozen=True)
class CriticalPath:
    """Minutes: ``duration`` with unlimited slots, ``earliest`` start and ``slack`` of each task. ``path`` is one chain
    of tasks without slack, in order."""

    duration: float
    path: tuple[str, ...]
    earliest: Mapping[str, float]
    slack: Mapping[str, float]


def critical_path(work: Work) -> CriticalPath:
    """Over all phases of the work.

    >>> from apps.engine.work import Job
    >>> jobs = (Job("a", 2), Job("b", 2.5), Job("c", 1), Job("z", 1, phase=2))
    >>> found = critical_path(Work(jobs, {"c": ("a",)}, slots=1))
    >>> found.path, found.duration, found.slack["c"]
    (('a', 'c', 'z'), 4.0, 0.0)
    """
    earliest: dict[str, float] = {}
    slack: dict[str, float] = {}
    path: list[str] = []
    clock = 0.0
    for index, phase in enumerate(work.phases):
        part = work.of_phase(phase)
        clock += work.between_phases if index else 0.0
        levels = bottom_levels(part)
        length = max(levels.values(), default=0.0)
        for key in topological([job.key for job in part.jobs], part.needs):
            earliest[key] = max((earliest[n] + part.job(n).minutes for n in part.needs[key]), default=clock)
            slack[key] = max(0.0, clock + length - earliest[key] - levels[key])
        path += _chain(part, slack, earliest)
        clock += length
    return CriticalPath(clock, tuple(path), earliest, slack)


def _chain(part: Work, slack: Mapping[str, float], earliest: Mapping[str, float]) -> list[str]:
    """One chain without slack: from its end backwards, each time to the need that ended last."""
    tight = [job.key for job in part.jobs if slack[job.key] <= EPSILON]
    chain: list[str] = []
    current = max(tight, key=lambda key: earliest[key] + part.job(key).minutes, default=None)
    while current is not None:
        chain.insert(0, current)
        ends = {n: earliest[n] + part.job(n).minutes for n in part.needs[current]}
        current = max(ends, key=lambda key: ends[key], default=None)
    return chain
