"""The shortest schedule of a phase, or the best that the time allows, and whether it is proven to be the shortest.

Iterative deepening A* (Korf 1985, after Hart, Nilsson and Raphael, "A formal basis for the heuristic determination of
minimum cost paths", IEEE Trans. SSC 4, 1968) between two ends. From above come schedules (:mod:`improve`), from below
lengths that are refuted (:mod:`search`, forwards and with time reversed); when they meet, the schedule is proven
shortest. Root bounds start the lower end, list scheduling by bottom level the upper. All take turns in small portions
that grow, so the answer at any moment is the best that all of them found: anytime. *Proven* is said when the ends meet
and never else. The same seed gives the same answer unless the clock ends the work earlier.
"""

from collections.abc import Callable

from apps.engine.bounds import root_bound, simple_bound
from apps.engine.improve import Improver
from apps.engine.instance import instance_of
from apps.engine.search import Decision
from apps.engine.work import Schedule, Work

NODE_BUDGET = 20_000
LARGEST = 200  # jobs of a phase; beyond them the search would only burn its budget
FIRST_STEPS = 16  # of the improver, before anything is refuted
PORTION = 250  # children of the search in the first round
CHILDREN_PER_STEP = 25  # a step of the improver takes about as long
GAP_SHARE = 8  # a wide gap is closed from below in so many parts

Deadline = Callable[[], bool]


def best_schedule(work: Work, *, deadline: Deadline, node_budget: int = NODE_BUDGET, seed: int = 0) -> Schedule:
    """One phase. ``deadline`` answers True when time is up; it is asked before every child of the search and every
    schedule of the improver. ``node_budget``: children, and what the improver does counted as children.

    >>> from apps.engine.work import Job
    >>> jobs = tuple(Job(k, m) for k, m in (("a", 3), ("b", 3), ("c", 2), ("d", 2), ("e", 2)))
    >>> found = best_schedule(Work(jobs, {}, slots=2), deadline=lambda: False)
    >>> found.makespan, found.proven
    (6.0, True)
    """
    return _Between(work, deadline, node_budget, seed).run()


class _Between:
    def __init__(self, work: Work, deadline: Deadline, budget: int, seed: int) -> None:
        self.instance = instance_of(work)
        self.deadline = deadline
        self.budget = budget
        self.improver = Improver(self.instance, seed)
        self.lower = simple_bound(self.instance)
        self.searched = 0
        self.by_search = False
        self.questions: list[Decision] = []

    @property
    def upper(self) -> int:
        return self.improver.best.length

    @property
    def is_over(self) -> bool:
        spent = self.searched + self.improver.steps * CHILDREN_PER_STEP
        return self.upper <= self.lower or spent >= self.budget or self.deadline()

    def run(self) -> Schedule:
        self._begin()
        portion = PORTION
        while not self.is_over:
            if self.instance.size <= LARGEST:
                self._refute(portion)
            self._improve(portion // CHILDREN_PER_STEP)
            portion *= 2
        return self._schedule()

    def _begin(self) -> None:
        if not self.is_over:
            self.improver.justify(self.deadline)
        self._improve(FIRST_STEPS)
        if not self.is_over:
            self.lower = root_bound(self.instance, self.upper, self.deadline)

    def _improve(self, steps: int) -> None:
        for _ in range(steps):
            if self.is_over:
                break
            self.improver.step(self.deadline)

    def _refute(self, portion: int) -> None:
        """Both directions on the same length, by turns; whoever answers first moves an end."""
        left = portion
        while left > 0 and not self.is_over:
            length = self._threshold()
            if not self.questions or self.questions[0].length != length:
                self.questions = [Decision(self.instance, length), Decision(self.instance.mirrored, length)]
            before = self.searched
            for question in self.questions:
                self._ask(question, min(PORTION, left))
                if question.answer != "open":
                    break
            left -= max(1, self.searched - before)

    def _ask(self, question: Decision, children: int) -> None:
        before = question.children
        answer = question.run(min(children, self.budget - self.searched), self.deadline)
        self.searched += question.children - before
        if answer == "none":
            self.lower = question.length + 1
        elif answer == "found":
            found = question.timetable()
            if question.instance is not self.instance:
                found = found.mirrored(self.instance)
            self.improver.take(found)
            self.by_search = True

    def _threshold(self) -> int:
        """What is asked next: near the lower end, where a refutation is easy and a schedule would be the shortest."""
        if self.questions and self.lower <= self.questions[0].length < self.upper:
            return self.questions[0].length
        return self.lower + (self.upper - self.lower - 1) // GAP_SHARE

    def _schedule(self) -> Schedule:
        best, scale = self.improver.best, self.instance.scale
        method = "search" if self.by_search else "improved list" if self.improver.improved else "list"
        return Schedule(
            placements=self.instance.placements(best.starts, best.chosen),
            makespan=best.length / scale,
            bound=self.lower / scale,
            proven=self.upper <= self.lower,
            method=method,
            nodes=self.searched,
        )
