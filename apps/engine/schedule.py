"""List scheduling by bottom level over slots and agents, phase by phase, with lower bounds and justification.

Graham, "Bounds on multiprocessing timing anomalies" (SIAM J. Appl. Math. 17, 1969) for list scheduling; Valls,
Ballestín and Quintanilla, "Justification and RCPSP" (EJOR 165, 2005) for the forward-backward improvement. Phases are
barriers: their gates let nothing of the next begin before all of this one is done, so each phase is a problem of its
own and the plan's length is their sum.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from apps.engine.work import EPSILON, PhaseSpan, Placement, Schedule, Work, Worker, bottom_levels, successors

IMPROVEMENT_ROUNDS = 6

Solver = Callable[[Work], Schedule]


@dataclass(frozen=True)
class Bounds:
    """Three reasons why a phase cannot be shorter, in minutes: a chain of tasks, the slots, the agents' limits."""

    chain: float
    load: float
    agents: float

    @property
    def best(self) -> float:
        return max(self.chain, self.load, self.agents)


def lower_bounds(work: Work) -> Bounds:
    """Bounds of one phase (for jobs of several phases they hold too, but ignore the barriers).

    >>> from apps.engine.work import Job
    >>> lower_bounds(Work((Job("a", 2), Job("b", 2), Job("c", 2)), {}, slots=2))
    Bounds(chain=2.0, load=3.0, agents=0.0)
    """
    chain = max(bottom_levels(work).values(), default=0.0)
    total = sum(job.minutes for job in work.jobs)
    return Bounds(chain, total / work.slots, _agents_bound(work))


def _agents_bound(work: Work) -> float:
    """For each set of capabilities that some workers cover: its work cannot be shared by more than their limits."""
    best = 0.0
    groups = {frozenset({job.capability}) for job in work.jobs} | {worker.capabilities for worker in work.active}
    for group in groups:
        hands = sum(worker.limit for worker in work.active if worker.capabilities & group)
        staffed = group.difference(work.unstaffed)
        minutes = sum(job.minutes for job in work.jobs if job.capability in staffed)
        if hands:
            best = max(best, minutes / hands)
    return best


def schedule(work: Work, solve: Solver | None = None) -> Schedule:
    """The whole plan: each phase solved by ``solve`` (default: :func:`best_list_schedule`), one after the other."""
    solver = solve or best_list_schedule
    placements: list[Placement] = []
    spans: list[PhaseSpan] = []
    clock = bound = 0.0
    proven, methods, nodes = True, [], 0
    for index, phase in enumerate(work.phases):
        clock += work.between_phases if index else 0.0
        bound += work.between_phases if index else 0.0
        part = solver(work.of_phase(phase))
        placements += [replace(p, start=p.start + clock, end=p.end + clock) for p in part.placements]
        spans.append(PhaseSpan(phase, clock, clock + part.makespan))
        clock += part.makespan
        bound += part.bound
        proven = proven and part.proven
        methods.append(part.method)
        nodes += part.nodes
    method = "search" if "search" in methods else "improved list" if "improved list" in methods else "list"
    return Schedule(tuple(placements), clock, bound, proven, method, tuple(spans), nodes)


def best_list_schedule(work: Work) -> Schedule:
    """One phase by bottom level, improved forwards and backwards until that changes nothing. Proven if it meets the
    lower bound.

    >>> from apps.engine.work import Job
    >>> plan = best_list_schedule(Work((Job("a", 2), Job("b", 2), Job("c", 2)), {"c": ("a",)}, slots=2))
    >>> plan.makespan, plan.proven
    (4.0, True)
    """
    bound = lower_bounds(work).best
    best = list_schedule(work, bottom_levels(work))
    method = "list"
    backward = replace(work, needs=_reversed(work))
    current = best
    for _ in range(IMPROVEMENT_ROUNDS):
        if best[1] <= bound + EPSILON:
            break
        mirrored = list_schedule(backward, {p.key: p.end for p in current[0]})
        current = list_schedule(work, {p.key: p.end for p in mirrored[0]})
        if current[1] >= best[1] - EPSILON:
            break
        best, method = current, "improved list"
    return Schedule(best[0], best[1], bound, best[1] <= bound + EPSILON, method)


def _reversed(work: Work) -> dict[str, tuple[str, ...]]:
    return {key: tuple(after) for key, after in successors(work.needs).items()}


def list_schedule(work: Work, priority: Mapping[str, float]) -> tuple[tuple[Placement, ...], float]:
    """Placements and makespan of one phase: whenever a slot is free, the ready job of highest priority that some agent
    can take now starts. Ties go to the job that stands first in the work. O(n log n) where agents don't limit."""
    order = {job.key: index for index, job in enumerate(work.jobs)}
    after = successors(work.needs)
    waiting = {job.key: len(work.needs.get(job.key, ())) for job in work.jobs}
    ready = [(-priority[key], order[key], key) for key, count in waiting.items() if not count]
    heapq.heapify(ready)
    running: list[tuple[float, int, str, int, str]] = []
    slots = list(range(work.slots))
    staff = Staff(work)
    placements: list[Placement] = []
    clock = 0.0
    while ready or running:
        held = []
        while ready and slots:
            item = heapq.heappop(ready)
            job = work.job(item[2])
            worker = staff.take(job.capability)
            if worker is None:
                held.append(item)
                continue
            slot = heapq.heappop(slots)
            placements.append(Placement(job.key, clock, clock + job.minutes, slot, worker))
            heapq.heappush(running, (clock + job.minutes, item[1], job.key, slot, worker))
        for item in held:
            heapq.heappush(ready, item)
        clock, _, key, slot, worker = heapq.heappop(running)
        _finish(key, after, waiting, ready, priority, order)
        heapq.heappush(slots, slot)
        staff.give_back(worker)
        while running and running[0][0] <= clock + EPSILON:
            _, _, key, slot, worker = heapq.heappop(running)
            _finish(key, after, waiting, ready, priority, order)
            heapq.heappush(slots, slot)
            staff.give_back(worker)
    return tuple(placements), max((placement.end for placement in placements), default=0.0)


def _finish(
    key: str,
    after: Mapping[str, list[str]],
    waiting: dict[str, int],
    ready: list[tuple[float, int, str]],
    priority: Mapping[str, float],
    order: Mapping[str, int],
) -> None:
    for follower in after.get(key, ()):
        waiting[follower] -= 1
        if not waiting[follower]:
            heapq.heappush(ready, (-priority[follower], order[follower], follower))


class Staff:
    """Who is free. The agent who can do least is taken first, so that the many-sided stay free; then by name."""

    def __init__(self, work: Work) -> None:
        self.free: dict[str, int] = {worker.slug: worker.limit for worker in work.active}
        self.able: dict[str, list[Worker]] = {}
        for worker in sorted(work.active, key=lambda each: (len(each.capabilities), each.slug)):
            for capability in worker.capabilities:
                self.able.setdefault(capability, []).append(worker)

    def take(self, capability: str) -> str | None:
        """The agent's slug, an empty string if nobody is known for it, None if all who are have no room."""
        if capability not in self.able:
            return ""
        for worker in self.able[capability]:
            if self.free[worker.slug] > 0:
                self.free[worker.slug] -= 1
                return worker.slug
        return None

    def give_back(self, slug: str) -> None:
        if slug:
            self.free[slug] += 1
