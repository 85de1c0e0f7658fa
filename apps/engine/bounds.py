"""Root bounds: reasons why no schedule of a phase can be shorter, before any is made.

Chain: the critical path. Load: all the work over the slots. Agents: for each set of capabilities, the work that only
some agents can do over their limits. Energetic: in some interval more work must be done than fits in, whichever way
the jobs are moved (Fernandez and Bussell, "Bounds on the number of processors and time for multiprocessor optimal
schedules", IEEE Trans. Computers C-22, 1973; Baptiste, Le Pape and Nuijten, "Satisfiability tests and time-bound
adjustments for cumulative scheduling problems", Annals of OR 92, 1999). The last is destructive: it asks of one length
after another whether it contradicts itself, so it is never above the truth.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from apps.engine.instance import Instance, instance_of
from apps.engine.work import Work

MOST_CORNERS = 40_000  # beginnings of intervals times jobs that are looked at; fewer only make the bound weaker
MOST_GUESSES = 40


@dataclass(frozen=True)
class Bounds:
    """Four reasons why a phase cannot be shorter, in minutes: a chain of tasks, the slots, the agents' limits, and
    what must be done in some interval (which is never less than the others in whole ticks)."""

    chain: float
    load: float
    agents: float
    energetic: float = 0.0

    @property
    def best(self) -> float:
        return max(self.chain, self.load, self.agents, self.energetic)


def lower_bounds(work: Work) -> Bounds:
    """Bounds of one phase (for jobs of several phases they hold too, but ignore the barriers).

    >>> from apps.engine.work import Job
    >>> lower_bounds(Work((Job("a", 2), Job("b", 2), Job("c", 2)), {}, slots=2))
    Bounds(chain=2.0, load=3.0, agents=0.0, energetic=4.0)
    """
    instance = instance_of(work)
    scale = instance.scale
    minutes = sum(job.minutes for job in work.jobs)
    return Bounds(
        chain=chain_bound(instance) / scale,
        load=minutes / work.slots,
        agents=agents_bound(instance) / scale,
        energetic=root_bound(instance) / scale,
    )


def never() -> bool:
    """The deadline of somebody who is in no hurry."""
    return False


def root_bound(instance: Instance, most: int | None = None, deadline: Callable[[], bool] = never) -> int:
    """The largest of the four, in ticks. ``most``: a length that can be reached, so no bound is above it.

    >>> from apps.engine.work import Job
    >>> fork = {key: ("a",) for key in "bcd"} | {"e": ("b", "c", "d")}
    >>> root_bound(instance_of(Work(tuple(Job(key, 2) for key in "abcde"), fork, slots=2)))
    8
    """
    least = simple_bound(instance)
    most = sum(instance.ticks) if most is None else most
    guess = least
    for _ in range(MOST_GUESSES):
        if least >= most or deadline():
            break
        if contradiction(instance, guess):
            least = guess + 1
            guess = most - 1 if guess == simple_bound(instance) else (least + most) // 2
        else:
            most = guess
            guess = (least + most) // 2
    return least


def simple_bound(instance: Instance) -> int:
    """Chain, load and agents: what takes no time to know."""
    return max(chain_bound(instance), load_bound(instance), agents_bound(instance))


def chain_bound(instance: Instance) -> int:
    return max(instance.tails, default=0)


def load_bound(instance: Instance) -> int:
    return -(-sum(instance.ticks) // instance.slots)


def agents_bound(instance: Instance) -> int:
    return max(
        (-(-sum(instance.ticks[j] for j in each.jobs) // each.hands) for each in bottlenecks(instance)), default=0
    )


class Bottleneck(NamedTuple):
    """Jobs that only these kinds of agents can take, and how many of them may run at once."""

    jobs: frozenset[int]
    kinds: frozenset[int]
    hands: int

    def ticks(self, instance: Instance) -> int:
        return sum(instance.ticks[job] for job in self.jobs)


def bottlenecks(instance: Instance) -> list[Bottleneck]:
    """The sets of agents who may be too few. Tried are those who can take one capability, and their unions two by two;
    by Hall's theorem any union may matter, but the bound holds for each set alone."""
    teams = {frozenset(team) for team in instance.teams if team}
    found: dict[frozenset[int], Bottleneck] = {}
    for kinds in sorted({one | other for one in teams for other in teams}, key=sorted):
        members = [team and kinds.issuperset(team) for team in instance.teams]
        jobs = frozenset(job for job in range(instance.size) if members[instance.team[job]])
        hands = sum(instance.limits[kind] for kind in kinds)
        if hands < instance.slots and (jobs not in found or found[jobs].hands > hands):
            found[jobs] = Bottleneck(jobs, kinds, hands)
    return list(found.values())


def contradiction(instance: Instance, length: int) -> bool:
    """Must more be done in some interval than there is room for, if all is to be over after ``length`` ticks?"""
    everybody = tuple(range(instance.size))
    limited = [(everybody, instance.slots), *((sorted(each.jobs), each.hands) for each in bottlenecks(instance))]
    return any(_overfull(instance, jobs, hands, length) for jobs, hands in limited)


def _overfull(instance: Instance, jobs: Iterable[int], hands: int, length: int) -> bool:
    """A job must spend in an interval at least what is left of it when it begins as early, and as late, as it can."""
    heads, tails, ticks = instance.heads, instance.tails, instance.ticks
    windows = [(heads[job], length - tails[job], ticks[job]) for job in jobs if ticks[job]]
    for begin in _beginnings(windows):
        slope: dict[int, int] = {}
        for head, latest, needed in windows:
            inside = min(needed, head + needed - begin)
            if inside > 0:
                from_here = max(latest, begin)
                slope[from_here] = slope.get(from_here, 0) + 1
                slope[from_here + inside] = slope.get(from_here + inside, 0) - 1
        work = rate = 0
        before = begin
        for end in sorted(slope):
            work += rate * (end - before)
            if work > hands * (end - begin):
                return True
            rate += slope[end]
            before = end
    return False


def _beginnings(windows: list[tuple[int, int, int]]) -> list[int]:
    """Where the work that must be done in an interval can have a corner (Baptiste et al.), thinned out if many."""
    found = sorted({moment for head, latest, needed in windows for moment in (head, latest, head + needed)})
    return found[:: 1 + len(found) * len(windows) // MOST_CORNERS]
