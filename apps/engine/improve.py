"""Better schedules from worse ones, as long as there is time.

Justification (Valls, Ballestín and Quintanilla, "Justification and RCPSP", EJOR 165, 2005): schedule backwards by the
ends of a schedule, then forwards by the starts of that; what comes out is seldom worse and often better. Around it an
iterated local search (Lourenço, Martin and Stützle, "Iterated local search", 2003): an order is disturbed and justified
anew. By turns the order is that of the bottom levels and that of the best schedule so far, and how far it is disturbed
is drawn too, since no one rule wins everywhere (Kolisch and Hartmann, EJOR 174, 2006). Where agents limit, both schemes
are drawn: only the serial one waits on purpose. Random numbers come from the seed alone.
"""

import random
from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush

from apps.engine.generation import Timetable, parallel, ranking, serial
from apps.engine.instance import Instance

RULE_NOISE = (0.05, 0.1, 0.2, 0.4)  # of a job's bottom level
ORDER_NOISE = (0.02, 0.05, 0.1)  # of the schedule's length

Scheme = Callable[[Instance, Sequence[float]], Timetable]


def topological_serial(instance: Instance, priority: Sequence[float]) -> Timetable:
    """The serial scheme in the order in which jobs of high priority come as early as their needs allow."""
    ranked, rank = ranking(priority)
    waiting = [len(before) for before in instance.before]
    ready = [rank[job] for job in instance.sources]
    heapify(ready)
    order = []
    while ready:
        job = ranked[heappop(ready)]
        order.append(job)
        for follower in instance.after[job]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heappush(ready, rank[follower])
    return serial(instance, order)


def justified(instance: Instance, timetable: Timetable, backward: Scheme, forward: Scheme) -> Timetable:
    """Pushed to the end by one scheme, then to the beginning by the other."""
    mirrored = backward(instance.mirrored, timetable.ends(instance))
    return forward(instance, mirrored.ends(instance))


class Improver:
    """The best schedule so far, from list scheduling by bottom level on; each :meth:`step` makes three more.

    >>> from apps.engine.instance import instance_of
    >>> from apps.engine.work import Job, Work
    >>> jobs = tuple(Job(key, minutes) for key, minutes in (("a", 3), ("b", 3), ("c", 2), ("d", 2), ("e", 2)))
    >>> improver = Improver(instance_of(Work(jobs, {}, slots=2)), seed=0)
    >>> before = improver.best.length
    >>> for _ in range(20):
    ...     improver.step(lambda: False)
    >>> before, improver.best.length
    (7, 6)
    """

    def __init__(self, instance: Instance, seed: int) -> None:
        self.instance = instance
        self.random = random.Random(seed)
        self.schemes: tuple[Scheme, ...] = (parallel, topological_serial) if instance.kinds else (parallel,)
        self.best = parallel(instance, instance.tails)
        self.improved = False
        self.steps = 0

    def justify(self, deadline: Callable[[], bool]) -> None:
        """Justifies the best until that makes it no shorter."""
        while not deadline():
            found = justified(self.instance, self.best, parallel, parallel)
            if found.length >= self.best.length:
                return
            self.take(found)

    def step(self, deadline: Callable[[], bool]) -> None:
        """One disturbed order, one justification; the deadline is asked between its schedules."""
        self.steps += 1
        draw = self.random.choice
        found = draw(self.schemes)(self.instance, self._disturbed())
        self.take(found)
        if deadline():
            return
        mirrored = draw(self.schemes)(self.instance.mirrored, found.ends(self.instance))
        if not deadline():
            self.take(draw(self.schemes)(self.instance, mirrored.ends(self.instance)))

    def take(self, found: Timetable) -> None:
        """The found schedule becomes the best unless it is longer: an equal one keeps the search moving."""
        self.improved = self.improved or found.length < self.best.length
        if found.length <= self.best.length:
            self.best = found

    def _disturbed(self) -> list[float]:
        noise = self.random.random
        if self.steps % 2:
            most = 2 * self.random.choice(RULE_NOISE)
            return [tail * (1 + most * (noise() - 0.5)) for tail in self.instance.tails]
        most = 2 * self.random.choice(ORDER_NOISE) * self.best.length
        return [most * (noise() - 0.5) - start for start in self.best.starts]
