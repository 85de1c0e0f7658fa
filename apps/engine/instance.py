"""One phase's scheduling problem in whole numbers: what the bounds, the schemes and the search count with.

Minutes become whole ticks, exactly: with whole ticks a schedule's length is whole too, so that a bound of 41.2 ticks is
one of 42, and no comparison needs a tolerance. Agents that can do the same of what is asked for are one *kind* with
their limits added up: at any moment their running jobs can be dealt out among them. An agent whose limit is not less
than the slots never keeps work back, so whoever it can help needs no kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from heapq import heapify, heappop, heappush
from math import lcm

from apps.engine.work import Placement, Work, Worker, topological

SCALES = (1, 2, 3, 4, 6, 12, 60, 100, 1000, 10**6)
CLOSE = 1e-9


@dataclass(frozen=True)
class Kind:
    """Agents with the same useful capabilities, by name; ``limit`` is what they may do at once together."""

    members: tuple[Worker, ...]
    limit: int


@dataclass(frozen=True)
class Instance:
    """Jobs are numbered as they stand in the work. ``team[job]``: which of ``teams`` takes the job; a team is the
    numbers of the kinds who can, the least many-sided first, and empty where none is needed. ``helper[job]``: who the
    job of an empty team is given to, or nobody."""

    names: tuple[str, ...]
    ticks: tuple[int, ...]
    before: tuple[tuple[int, ...], ...]
    after: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]  # a topological one
    slots: int
    team: tuple[int, ...]
    teams: tuple[tuple[int, ...], ...]
    helper: tuple[str, ...]
    kinds: tuple[Kind, ...]
    scale: int  # ticks of a minute

    @property
    def size(self) -> int:
        return len(self.names)

    @cached_property
    def limits(self) -> tuple[int, ...]:
        return tuple(kind.limit for kind in self.kinds)

    @cached_property
    def tails(self) -> list[int]:
        """Bottom levels: the longest chain from a job's start to the end."""
        found = [0] * self.size
        for job in reversed(self.order):
            found[job] = self.ticks[job] + max([found[n] for n in self.after[job]], default=0)
        return found

    @cached_property
    def heads(self) -> list[int]:
        """The longest chain before a job's start."""
        found = [0] * self.size
        for job in self.order:
            found[job] = max([found[n] + self.ticks[n] for n in self.before[job]], default=0)
        return found

    @cached_property
    def mirrored(self) -> "Instance":
        """The same problem with time running backwards: its shortest schedules are as long."""
        return replace(self, before=self.after, after=self.before, order=self.order[::-1])

    @cached_property
    def sources(self) -> tuple[int, ...]:
        return tuple(job for job in range(self.size) if not self.before[job])

    def placements(self, starts: Sequence[int], chosen: Sequence[int]) -> tuple[Placement, ...]:
        """A schedule in minutes, slot by slot and agent by agent. ``chosen``: the kind of each job, -1 for none."""
        free = list(range(self.slots))
        heapify(free)
        room = [[worker.limit for worker in kind.members] for kind in self.kinds]
        running: list[tuple[int, int, int, int]] = []
        placed = []
        for job in sorted(range(self.size), key=lambda job: (starts[job], self.ticks[job] > 0, job)):
            start, ticks, kind = starts[job], self.ticks[job], chosen[job]
            while running and running[0][0] <= start:
                _, slot, member, of = heappop(running)
                heappush(free, slot)
                if of >= 0:
                    room[of][member] += 1
            if not ticks:
                slug = self._anyone(job)
                placed.append(Placement(self.names[job], start / self.scale, start / self.scale, 0, slug))
                continue
            slot, member, slug = heappop(free), -1, self.helper[job]
            if kind >= 0:
                member = next(number for number, left in enumerate(room[kind]) if left)
                room[kind][member] -= 1
                slug = self.kinds[kind].members[member].slug
            heappush(running, (start + ticks, slot, member, kind))
            placed.append(Placement(self.names[job], start / self.scale, (start + ticks) / self.scale, slot, slug))
        return tuple(placed)

    def _anyone(self, job: int) -> str:
        team = self.teams[self.team[job]]
        return self.kinds[team[0]].members[0].slug if team else self.helper[job]


def instance_of(work: Work) -> Instance:
    """The work of one phase. Raises CyclicWork.

    >>> from apps.engine.work import Job
    >>> found = instance_of(Work((Job("a", 2.5), Job("b", 1)), {"b": ("a",)}, slots=1))
    >>> found.scale, found.ticks, found.tails
    (2, (5, 2), [7, 2])
    """
    number = {job.key: index for index, job in enumerate(work.jobs)}
    before = tuple(tuple([number[n] for n in work.needs.get(key, ())]) for key in number)
    after: list[list[int]] = [[] for _ in number]
    for job, earlier in enumerate(before):
        for need in earlier:
            after[need].append(job)
    order = _order(before, after)
    if len(order) < len(number):
        topological(list(number), work.needs)  # raises, with the circle's names
    scale, ticks = _ticks([job.minutes for job in work.jobs])
    kinds, useful = _kinds(work, frozenset(job.capability for job in work.jobs))
    able = {job.capability: _team(work, job.capability, kinds, useful) for job in work.jobs}
    teams = tuple(dict.fromkeys(team for team, _ in able.values()))
    return Instance(
        names=tuple(number),
        ticks=ticks,
        before=before,
        after=tuple(map(tuple, after)),
        order=tuple(order),
        slots=work.slots,
        team=tuple(teams.index(able[job.capability][0]) for job in work.jobs),
        teams=teams,
        helper=tuple(able[job.capability][1] for job in work.jobs),
        kinds=kinds,
        scale=scale,
    )


def _order(before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> list[int]:
    """A topological order, or a part of one (Kahn, "Topological sorting of large networks", CACM 5, 1962)."""
    waiting = [len(each) for each in before]
    order = [job for job, count in enumerate(waiting) if not count]
    for job in order:
        for follower in after[job]:
            waiting[follower] -= 1
            if not waiting[follower]:
                order.append(follower)
    return order


def _ticks(minutes: Sequence[float]) -> tuple[int, tuple[int, ...]]:
    """The least scale that makes all whole; a float is a fraction, so there always is one."""
    for scale in SCALES:
        ticks = [round(each * scale) for each in minutes]
        if all(abs(each * scale - whole) <= CLOSE * scale for each, whole in zip(minutes, ticks, strict=True)):
            return scale, tuple(ticks)
    fractions = [Fraction(each) for each in minutes]
    scale = lcm(*(fraction.denominator for fraction in fractions))
    return scale, tuple(int(fraction * scale) for fraction in fractions)


def _kinds(work: Work, asked: frozenset[str]) -> tuple[tuple[Kind, ...], list[frozenset[str]]]:
    grouped: dict[frozenset[str], list[Worker]] = {}
    for worker in work.active:
        grouped.setdefault(worker.capabilities & asked, []).append(worker)
    useful = sorted((caps for caps in grouped if caps), key=lambda caps: (len(caps), sorted(caps)))
    kinds = []
    for caps in useful:
        members = tuple(sorted(grouped[caps], key=lambda worker: (len(worker.capabilities), worker.slug)))
        kinds.append(Kind(members, sum(worker.limit for worker in members)))
    return tuple(kinds), useful


def _team(
    work: Work, capability: str, kinds: Sequence[Kind], useful: Sequence[frozenset[str]]
) -> tuple[tuple[int, ...], str]:
    team = tuple(number for number, caps in enumerate(useful) if capability in caps)
    for number in team:
        ample = [worker.slug for worker in kinds[number].members if worker.limit >= work.slots]
        if ample:
            return (), ample[0]
    return team, ""
