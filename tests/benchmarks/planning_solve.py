"""Our schedule and CP-SAT's of the same problem, in turns; ours is judged before it counts."""

from dataclasses import dataclass
from itertools import pairwise

from apps.engine.astar import best_schedule
from apps.engine.schedule import list_schedule
from apps.engine.work import Schedule, Work, bottom_levels
from tests.benchmarks.planning_peer import Answer, cp_sat
from tests.benchmarks.planning_table import Options
from tests.engine.checker import faults

ENDLESS = 10**12
MOST_JUDGED = 400  # the judge compares each task with each other


class BrokenSchedule(Exception):
    """A schedule breaks a rule, so nothing that it says counts."""


@dataclass(frozen=True)
class Solved:
    """``plain``: the minutes of list scheduling by bottom level; ``seconds``: what ours took."""

    name: str
    ours: Schedule
    plain: float
    seconds: float
    peer: Answer | None


def solved(name: str, work: Work, options: Options) -> Solved:
    _, plain = list_schedule(work, bottom_levels(work))
    until = options.clock() + options.seconds
    ours = best_schedule(work, deadline=lambda: options.clock() > until, node_budget=ENDLESS)
    seconds = options.seconds + options.clock() - until
    found = faults(work, ours) if len(work.jobs) <= MOST_JUDGED else _rough_faults(work, ours)
    if found:
        raise BrokenSchedule(f"{name}: {'; '.join(found[:3])}")
    return Solved(name, ours, plain, seconds, cp_sat(work, options.seconds) if options.peer else None)


def _rough_faults(work: Work, schedule: Schedule) -> list[str]:
    """Precedence and slots of a large schedule without agents."""
    placed = {placement.key: placement for placement in schedule.placements}
    found = [f"{job.key} starts early" for job in work.jobs for need in work.needs.get(job.key, ())
             if placed[need].end > placed[job.key].start + 1e-6]  # fmt: skip
    by_slot: dict[int, list[tuple[float, float]]] = {}
    for placement in schedule.placements:
        by_slot.setdefault(placement.slot, []).append((placement.start, placement.end))
    for spans in by_slot.values():
        spans.sort()
        found += ["two in one slot" for one, other in pairwise(spans) if one[1] > other[0] + 1e-6]
    if len(placed) != len(work.jobs) or len(by_slot) > work.slots:
        found.append("tasks or slots are wrong in number")
    return found
