"""Schedule generation schemes: from an order of preference to a schedule.

Kolisch, "Serial and parallel resource-constrained project scheduling methods revisited" (EJOR 90, 1996). The parallel
scheme is Graham's list scheduling: whenever a slot is free, the ready job of highest priority that some agent can take
now starts; it never waits on purpose. The serial scheme gives each job in turn the earliest place that is left, which
may lie before jobs placed earlier in the order; it can wait on purpose, and leave a many-sided agent free for later.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from apps.engine.instance import Instance


class Timetable(NamedTuple):
    """When each job starts, the kind of agent it is given to (-1: none), and the length; in ticks."""

    starts: list[int]
    chosen: list[int]
    length: int

    def ends(self, instance: Instance) -> list[int]:
        return [start + ticks for start, ticks in zip(self.starts, instance.ticks, strict=True)]

    def mirrored(self, instance: Instance) -> "Timetable":
        """With time reversed: as long, and as good, for the other direction."""
        return Timetable([self.length - end for end in self.ends(instance)], self.chosen, self.length)


def ranking(priority: Sequence[float]) -> tuple[list[int], list[int]]:
    """Jobs by falling priority, ties in the order of the work; and the place of each job in that order.

    >>> ranking([1, 3, 3])
    ([1, 2, 0], [2, 0, 1])
    """
    ranked = sorted(range(len(priority)), key=priority.__getitem__, reverse=True)
    rank = [0] * len(ranked)
    for place, job in enumerate(ranked):
        rank[job] = place
    return ranked, rank


def parallel(instance: Instance, priority: Sequence[float]) -> Timetable:
    """List scheduling, in O(n log n + edges) for a few teams."""
    ranked, rank = ranking(priority)
    size, ticks = instance.size, instance.ticks
    waiting = [len(before) for before in instance.before]
    starts, chosen = [0] * size, [-1] * size
    ready: list[list[int]] = [[] for _ in instance.teams]
    running: list[int] = []  # end * size + job: one number is compared faster than a pair
    room = list(instance.limits)
    free, clock = instance.slots, 0
    queue, kind = (ready or [[]])[0], -1
    for job in _begin(instance, starts, waiting):
        heappush(ready[instance.team[job]], rank[job])
    while True:
        while free:
            if room:
                queue, kind = _next(instance.teams, ready, room)
            if not queue:
                break
            job = ranked[heappop(queue)]
            if kind >= 0:
                room[kind] -= 1
                chosen[job] = kind
            starts[job] = clock
            free -= 1
            heappush(running, (clock + ticks[job]) * size + job)
        if not running:
            return Timetable(starts, chosen, clock)
        clock = running[0] // size
        limit = (clock + 1) * size
        done = []
        while running and running[0] < limit:
            job = heappop(running) % size
            done.append(job)
            free += 1
            if chosen[job] >= 0:
                room[chosen[job]] += 1
        for job in _released(instance, done, clock, starts, waiting):
            heappush(ready[instance.team[job]], rank[job])


def _begin(instance: Instance, starts: list[int], waiting: list[int]) -> list[int]:
    ready = [job for job in instance.sources if instance.ticks[job]]
    empty = [job for job in instance.sources if not instance.ticks[job]]
    return ready + _released(instance, empty, 0, starts, waiting)


def _released(instance: Instance, done: list[int], clock: int, starts: list[int], waiting: list[int]) -> list[int]:
    """Who need wait no longer. A job of no ticks needs no slot and nobody: it is over at once."""
    ready = []
    after, ticks = instance.after, instance.ticks
    for job in done:
        for follower in after[job]:
            waiting[follower] -= 1
            if not waiting[follower]:
                if ticks[follower]:
                    ready.append(follower)
                else:
                    starts[follower] = clock
                    done.append(follower)
    return ready


def _next(teams: Sequence[Sequence[int]], ready: list[list[int]], room: Sequence[int]) -> tuple[list[int], int]:
    """The queue whose first job has the highest priority of those with a free agent, and that agent's kind."""
    best: list[int] = []
    agent = -1
    for team, queue in zip(teams, ready, strict=True):
        if queue and (not best or queue[0] < best[0]):
            kind = next((kind for kind in team if room[kind]), -1)
            if kind >= 0 or not team:
                best, agent = queue, kind
    return best, agent


def serial(instance: Instance, order: Iterable[int]) -> Timetable:
    """Each job of ``order`` (a topological one) at its earliest place, with the kind of agent who can begin first."""
    starts, chosen = [0] * instance.size, [-1] * instance.size
    ticks = instance.ticks
    slots = _Use(instance.slots)
    agents = [_Use(limit) for limit in instance.limits]
    for job in order:
        ready = max([starts[n] + ticks[n] for n in instance.before[job]], default=0)
        if not ticks[job]:
            starts[job] = ready
            continue
        best = -1
        for kind in instance.teams[instance.team[job]]:
            start = _earliest(slots, agents[kind], ready, ticks[job])
            if best < 0 or start < best:
                best, chosen[job] = start, kind
        starts[job] = best if best >= 0 else slots.earliest(ready, ticks[job])
        slots.take(starts[job], ticks[job])
        if chosen[job] >= 0:
            agents[chosen[job]].take(starts[job], ticks[job])
    return Timetable(starts, chosen, max([s + t for s, t in zip(starts, ticks, strict=True)], default=0))


class _Use:
    """How many units of something are in use over time: a step function, ``used[n]`` from ``times[n]`` on."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.times = [0]
        self.used = [0]

    def earliest(self, ready: int, ticks: int) -> int:
        """The first moment from ``ready`` on with a unit free for so long."""
        times, used, limit = self.times, self.used, self.limit
        place, start = bisect_right(times, ready) - 1, ready
        while place < len(times) and times[place] < start + ticks:
            if used[place] >= limit:
                start = times[place + 1]
            place += 1
        return start

    def take(self, start: int, ticks: int) -> None:
        first, last = self._step(start), self._step(start + ticks)
        for place in range(first, last):
            self.used[place] += 1

    def _step(self, moment: int) -> int:
        place = bisect_left(self.times, moment)
        if place == len(self.times) or self.times[place] != moment:
            self.times.insert(place, moment)
            self.used.insert(place, self.used[place - 1])
        return place


def _earliest(slots: _Use, agents: _Use, ready: int, ticks: int) -> int:
    start = ready
    while True:
        later = agents.earliest(slots.earliest(start, ticks), ticks)
        if later == start:
            return start
        start = later
