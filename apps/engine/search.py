"""Is there a schedule of at most so many ticks? A depth-first search that finds one or proves that there is none.

One step of IDA* (Korf, "Depth-first iterative-deepening: an optimal admissible tree search", Artificial Intelligence
27, 1985): the length is the threshold, and what cannot end within it is cut. A node is a partial schedule; a child
starts one more job, not before the last one started, as early as it can, with one kind of agent. Some schedule of every
reachable length is made in this way, so nothing is lost. Cut is, by a bound that combines

- the chain: a job that would start after the latest moment its tail allows;
- the energy: for each set of units (the slots; the agents who alone can do something) and each moment, the room left
  until then against the work that must be done until then, idle time included;
- what is no active schedule: a job that starts so late that another would be over before it;
- what is no better than a node seen before: the same jobs started, nobody free earlier (dominance).

All of them hold for every completion of the node, so the search says *none* only when there is none.
"""

from collections.abc import Callable, Iterable, Iterator
from operator import add, le, sub
from typing import NamedTuple

from apps.engine.bounds import bottlenecks
from apps.engine.generation import Timetable
from apps.engine.instance import Instance

REMEMBERED = 8  # nodes for one set of started jobs; more cost more than they cut
MOST_SETS = 6

Vector = list[int]
Steps = Iterator[None]


class Decision:
    """The question for one instance and one length. :meth:`run` goes on from where it stopped.

    >>> from apps.engine.instance import instance_of
    >>> from apps.engine.work import Job, Work
    >>> instance = instance_of(Work(tuple(Job(key, 2) for key in "abc"), {}, slots=2))
    >>> [Decision(instance, length).run(100, lambda: False) for length in (3, 4)]
    ['none', 'found']
    """

    def __init__(self, instance: Instance, length: int) -> None:
        self.instance = instance
        self.length = length
        self.children = 0
        self.answer = "open"
        self.latest = [length - tail for tail in instance.tails]
        self.energy = Energy(instance, length, self.latest)
        self.seen: dict[int, list[Vector]] = {}
        self.ready = list(instance.heads)  # when the last of those it waits for is over, as far as they have started
        self.waiting = [len(before) for before in instance.before]
        self.starts = [0] * instance.size
        self.chosen = [-1] * instance.size
        self._pause = 0
        self._deadline: Callable[[], bool] = bool
        self._steps = self._root()

    def run(self, children: int, deadline: Callable[[], bool]) -> str:
        """Looks at so many children more, the deadline asked before each: 'found', 'none', or 'open' so far."""
        self._pause = self.children + children
        self._deadline = deadline
        next(self._steps, None)
        return self.answer

    def timetable(self) -> Timetable:
        """The schedule that was found; it may be shorter than was asked for."""
        ends = map(add, self.starts, self.instance.ticks)
        return Timetable(list(self.starts), list(self.chosen), max(ends, default=0))

    def _root(self) -> Steps:
        instance = self.instance
        open_jobs = [job for job in range(instance.size) if not self.waiting[job]]
        slots = [0] * instance.slots
        agents = tuple([0] * min(limit, instance.slots) for limit in instance.limits)
        if min(self.latest, default=0) >= 0 and self.energy.fits(self.energy.room):
            yield from self._below(_Node(0, 0, slots, agents, open_jobs, self.energy.room))
        if self.answer == "open":
            self.answer = "none"

    def _below(self, node: "_Node") -> Steps:
        if not node.open:
            self.answer = "found"
            return
        for start, job, kind in self._candidates(node):
            if self.children >= self._pause or self._deadline():
                yield
            self.children += 1
            after = self._started(node, start, job, kind)
            if after is None:
                continue
            undo = self._release(after, job, start + self.instance.ticks[job])
            if not self._dominated(after):
                yield from self._below(after)
                if self.answer == "found":
                    return
            for follower, ready in undo:
                self.waiting[follower] += 1
                self.ready[follower] = ready

    def _candidates(self, node: "_Node") -> list[tuple[int, int, int]]:
        """(start, job, kind of agent), the most urgent job first; none if some job cannot be in time any more."""
        instance, ready, latest = self.instance, self.ready, self.latest
        slot = max(node.slots[0], node.last)
        found = []
        soonest = self.length + 1
        for job in node.open:
            ticks = instance.ticks[job]
            if not ticks:
                return [(ready[job], job, -1)] if ready[job] <= latest[job] else []
            start = max(ready[job], slot)
            in_time = False
            for kind in instance.teams[instance.team[job]] or (-1,):
                begin = start if kind < 0 else max(start, node.agents[kind][0])
                if begin <= latest[job]:
                    in_time = True
                    found.append((latest[job], begin, job, kind))
                    soonest = min(soonest, begin + ticks)
            if not in_time:
                return []
        return [(start, job, kind) for _, start, job, kind in sorted(found) if start < soonest]

    def _started(self, node: "_Node", start: int, job: int, kind: int) -> "_Node | None":
        """The node with the job started, or None if the energy does not suffice or an open job is late."""
        end = start + self.instance.ticks[job]
        self.starts[job], self.chosen[job] = start, kind
        rest = [other for other in node.open if other != job]
        if end == start:
            return _Node(node.started | 1 << job, node.last, node.slots, node.agents, rest, node.room)
        room, slots, agents = self.energy.spent(node, start, end, job, kind)
        if not self.energy.fits(room) or any(self.latest[other] < slots[0] for other in rest):
            return None
        return _Node(node.started | 1 << job, start, slots, agents, rest, room)

    def _release(self, node: "_Node", job: int, end: int) -> list[tuple[int, int]]:
        """Its followers can start when it is over; the answer undoes that."""
        undo = []
        for follower in self.instance.after[job]:
            undo.append((follower, self.ready[follower]))
            self.waiting[follower] -= 1
            self.ready[follower] = max(self.ready[follower], end)
            if not self.waiting[follower]:
                node.open.append(follower)
        return undo

    def _dominated(self, node: "_Node") -> bool:
        last = node.last
        profile = [last, *node.slots]
        for units in node.agents:
            profile += [unit if unit > last else last for unit in units]
        profile += [ready if ready > last else last for ready in self.ready]
        known = self.seen.setdefault(node.started, [])
        if any(all(map(le, other, profile)) for other in known):
            return True
        if len(known) < REMEMBERED:
            known.append(profile)
        return False


class _Node(NamedTuple):
    """``started``: a bit for each job; ``last``: when the last one started; when each slot, and each unit of each kind
    of agent, is free (sorted); the jobs that can start; the room that is left for each set of units."""

    started: int
    last: int
    slots: Vector
    agents: tuple[Vector, ...]
    open: list[int]
    room: list[Vector]


class Energy:
    """For each set of units and each moment: the room until then, less the work that must be done in it until then.

    Set 0 is the slots, for all jobs; the others are agents, for the jobs that nobody else can take."""

    def __init__(self, instance: Instance, length: int, latest: Vector) -> None:
        ends = map(add, latest, instance.ticks)
        self.moments = sorted({*latest, *ends, length})
        self.must = [self._ramp(begin, ticks) for begin, ticks in zip(latest, instance.ticks, strict=True)]
        self.spans: dict[tuple[int, int], Vector] = {}
        tight = sorted(bottlenecks(instance), key=lambda each: -sum(instance.ticks[j] for j in each.jobs) / each.hands)
        sets = tight[:MOST_SETS]
        self.of_kind = [
            [n for n, each in enumerate(sets, 1) if kind in each.kinds] for kind in range(len(instance.kinds))
        ]
        self.of_job = [{0, *(n for n, each in enumerate(sets, 1) if job in each.jobs)} for job in range(instance.size)]
        self.room = [self._room(instance.slots, range(instance.size))]
        self.room += [self._room(each.hands, each.jobs) for each in sets]

    def _ramp(self, begin: int, ticks: int) -> Vector:
        return [min(max(moment - begin, 0), ticks) for moment in self.moments]

    def _room(self, units: int, jobs: Iterable[int]) -> Vector:
        room = [units * max(0, moment) for moment in self.moments]
        for job in jobs:
            room = list(map(sub, room, self.must[job]))
        return room

    def fits(self, room: list[Vector]) -> bool:
        return all(min(vector) >= 0 for vector in room)

    def spent(
        self, node: _Node, start: int, end: int, job: int, kind: int
    ) -> tuple[list[Vector], Vector, tuple[Vector, ...]]:
        """The room, the slots and the agents when the job has started."""
        room = list(node.room)
        slots = self._taken(node.slots, start, end, (0,), room)
        agents = node.agents
        if kind >= 0:
            units = self._taken(agents[kind], start, end, self.of_kind[kind], room)
            agents = (*agents[:kind], units, *agents[kind + 1 :])
        for number in self.of_job[job]:
            room[number] = list(map(add, room[number], self.must[job]))
        return room, slots, agents

    def _taken(self, units: Vector, start: int, end: int, sets: Iterable[int], room: list[Vector]) -> Vector:
        """The unit free first is busy until the end; those free before the start stay idle until then."""
        gone = [self._span(units[0], end)] + [self._span(unit, start) for unit in units[1:] if unit < start]
        for number in sets:
            for span in gone:
                room[number] = list(map(sub, room[number], span))
        return sorted([end, *(unit if unit > start else start for unit in units[1:])])

    def _span(self, begin: int, end: int) -> Vector:
        found = self.spans.get((begin, end))
        if found is None:
            found = self.spans[begin, end] = self._ramp(begin, end - begin)
        return found
