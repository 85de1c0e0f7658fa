"""How long a list schedule of 2,000 tasks takes."""

import random
import statistics
import time
from collections.abc import Callable, Iterator

from apps.engine.generation import parallel
from apps.engine.instance import instance_of
from apps.engine.schedule import list_schedule
from apps.engine.work import Job, Work, bottom_levels
from tests.benchmarks.planning_table import Options, Row, judged

TASKS, SLOTS, ROUNDS = 2000, 16, 15
AIM_MS = 10.0


def graph(seed: int = 1) -> Work:
    chance = random.Random(seed)
    jobs = tuple(Job(f"t{number}", chance.randint(1, 60) / 2) for number in range(TASKS))
    needs: dict[str, tuple[str, ...]] = {"t0": ()}
    for number in range(1, TASKS):
        before = {chance.randrange(max(0, number - 100), number) for _ in range(3)}
        needs[f"t{number}"] = tuple(f"t{earlier}" for earlier in sorted(before))
    return Work(jobs, needs, SLOTS)


def rows(options: Options) -> Iterator[Row]:
    work = graph()
    priority = bottom_levels(work)
    instance = instance_of(work)
    order = [priority[name] for name in instance.names]
    best, median = _milliseconds(lambda: parallel(instance, order))
    whole, _ = _milliseconds(lambda: list_schedule(work, priority))
    levels, _ = _milliseconds(lambda: bottom_levels(work))
    note = f"best of {ROUNDS}, median {median:.1f} ms; with numbering before and placements after {whole:.1f} ms, "
    note += f"bottom levels {levels:.1f} ms"
    name = f"list schedule of {TASKS:,} tasks on {SLOTS} slots"
    yield judged(name, f"{best:.1f} ms", f"<= {AIM_MS:g} ms", best <= AIM_MS, note=note)


def _milliseconds(what: Callable[[], object]) -> tuple[float, float]:
    """The least time and the median: what is more than the least was somebody else's (as ``timeit`` has it)."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        what()
        took.append(1000 * (time.perf_counter() - began))
    return min(took), statistics.median(took)
