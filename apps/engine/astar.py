"""A* over schedule orders: proves a phase's schedule shortest, or finds a shorter one, within a budget.

Hart, Nilsson and Raphael, "A formal basis for the heuristic determination of minimum cost paths" (IEEE Trans. SSC 4,
1968). A node is a moment: what is done, what runs until when and with whom. From it either one more ready job starts
now, or time moves on to the next end. Some shortest schedule starts every job at 0 or at another's end, so nothing is
lost. The estimate is the larger of two bounds that never exceed the truth: the longest chain still ahead, and the work
still ahead over the slots. What the list schedule reached is the first upper bound, and stays the answer if the budget
ends: anytime. ``proven`` is said only when no node below the answer is left.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from apps.engine.schedule import best_list_schedule
from apps.engine.work import EPSILON, Placement, Schedule, Work, bottom_levels

NODE_BUDGET = 20_000
LARGEST = 200  # jobs of a phase; beyond them the search would only burn its budget

Deadline = Callable[[], bool]


@dataclass(frozen=True)
class _Node:
    """``running``: (end, job, agent), sorted. ``last`` keeps jobs that start together in one order of the many."""

    done: int
    started: int
    clock: float
    running: tuple[tuple[float, int, int], ...]
    last: int
    history: tuple[tuple[int, float, int], ...]


def best_schedule(work: Work, *, deadline: Deadline, node_budget: int = NODE_BUDGET) -> Schedule:
    """One phase: the best of list schedule and search. ``deadline`` answers True when time is up.

    >>> from apps.engine.work import Job
    >>> jobs = tuple(Job(k, m) for k, m in (("a", 3), ("b", 3), ("c", 2), ("d", 2), ("e", 2)))
    >>> found = best_schedule(Work(jobs, {}, slots=2), deadline=lambda: False)
    >>> found.makespan, found.proven
    (6.0, True)
    """
    start = best_list_schedule(work)
    if start.proven or len(work.jobs) > LARGEST or deadline():
        return start
    return _Search(work, start, deadline, node_budget).run()


class _Search:
    def __init__(self, work: Work, start: Schedule, deadline: Deadline, node_budget: int) -> None:
        self.work = work
        self.best = start
        self.deadline = deadline
        self.budget = node_budget
        self.nodes = 0
        index = {job.key: number for number, job in enumerate(work.jobs)}
        levels = bottom_levels(work)
        self.minutes = [job.minutes for job in work.jobs]
        self.levels = [levels[job.key] for job in work.jobs]
        self.needs = [sum(1 << index[n] for n in work.needs.get(job.key, ())) for job in work.jobs]
        self.able = [self._able(job.capability) for job in work.jobs]
        self.all = (1 << len(work.jobs)) - 1

    def _able(self, capability: str) -> list[int]:
        if capability in self.work.unstaffed or not self.work.active:
            return [-1]
        return [number for number, worker in enumerate(self.work.active) if capability in worker.capabilities]

    def run(self) -> Schedule:
        root = _Node(0, 0, 0.0, (), -1, ())
        heap: list[tuple[float, int, int, _Node]] = [(self.bound(root), 0, 0, root)]
        seen: set[tuple[int, int, float, tuple[tuple[float, int, int], ...], int]] = set()
        while heap:
            estimate, _, _, node = heapq.heappop(heap)
            if estimate >= self.best.makespan - EPSILON:
                break
            for child in self._children(node):
                self.nodes += 1
                if self.nodes > self.budget or self.deadline():
                    return replace(self.best, bound=max(self.best.bound, estimate), nodes=self.nodes)
                if child.started == self.all:
                    self._finish(child)
                    continue
                mark = (child.done, child.started, child.clock, child.running, child.last)
                value = self.bound(child)
                if value < self.best.makespan - EPSILON and mark not in seen:
                    seen.add(mark)
                    heapq.heappush(heap, (value, -child.started.bit_count(), self.nodes, child))
        return replace(self.best, proven=True, bound=self.best.makespan, nodes=self.nodes)

    def bound(self, node: _Node) -> float:
        """Never more than the length of the best schedule that begins like this node."""
        chain = node.clock
        left = sum(end - node.clock for end, _, _ in node.running)
        ends = {job: end for end, job, _ in node.running}
        for job, minutes in enumerate(self.minutes):
            if node.started >> job & 1:
                if job in ends:
                    chain = max(chain, ends[job] - minutes + self.levels[job])
                continue
            left += minutes
            chain = max(chain, node.clock + self.levels[job])
        return max(chain, node.clock + left / self.work.slots)

    def _children(self, node: _Node) -> Iterator[_Node]:
        if len(node.running) < self.work.slots:
            for job in range(node.last + 1, len(self.minutes)):
                if not node.started >> job & 1 and node.done & self.needs[job] == self.needs[job]:
                    yield from self._starts(node, job)
        if node.running:
            yield self._advance(node)

    def _starts(self, node: _Node, job: int) -> Iterator[_Node]:
        """The job begins now: one child for each kind of agent who has room for it."""
        kinds = set()
        for agent in self.able[job]:
            if agent >= 0:
                worker = self.work.active[agent]
                room = worker.limit - sum(1 for _, _, busy in node.running if busy == agent)
                kind = (worker.capabilities, room)
                if room <= 0 or kind in kinds:
                    continue
                kinds.add(kind)
            running = tuple(sorted([*node.running, (node.clock + self.minutes[job], job, agent)]))
            history = (*node.history, (job, node.clock, agent))
            yield _Node(node.done, node.started | 1 << job, node.clock, running, job, history)

    def _advance(self, node: _Node) -> _Node:
        clock = node.running[0][0]
        ended = [item for item in node.running if item[0] <= clock + EPSILON]
        done = node.done | sum(1 << job for _, job, _ in ended)
        return _Node(done, node.started, clock, node.running[len(ended) :], -1, node.history)

    def _finish(self, node: _Node) -> None:
        makespan = max((end for end, _, _ in node.running), default=node.clock)
        if makespan >= self.best.makespan - EPSILON:
            return
        free_at = [0.0] * self.work.slots
        placements = []
        for job, start, agent in node.history:
            slot = next(number for number, free in enumerate(free_at) if free <= start + EPSILON)
            end = start + self.minutes[job]
            free_at[slot] = end
            worker = self.work.active[agent].slug if agent >= 0 else ""
            placements.append(Placement(self.work.jobs[job].key, start, end, slot, worker))
        makespan = max(placement.end for placement in placements)
        self.best = Schedule(tuple(placements), makespan, self.best.bound, False, "search")
