"""Makes ``tests/data/proven_schedules.json``: graphs drawn from seeds, with lengths that CP-SAT proved shortest.

    python -m tests.benchmarks.proven

Taken are the first seeds of each shape for which list scheduling by bottom level is not the shortest and the proof was
found in time. The proof owes nothing to the engine: only the graph is given to CP-SAT, and its schedule is judged.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apps.engine.schedule import list_schedule
from apps.engine.work import Schedule, Work, Worker, bottom_levels
from tests.benchmarks.planning_peer import solve
from tests.engine.drawn import BOTH, drawn

FILE = Path(__file__).parent.parent / "data" / "proven_schedules.json"
SHAPES: tuple[tuple[int, int, tuple[Worker, ...]], ...] = (
    (14, 2, ()),
    (20, 3, ()),
    (30, 4, ()),
    (14, 3, BOTH),
    (20, 3, BOTH),
    (24, 4, BOTH),
)
OF_EACH = 4
SECONDS = 20.0


def main() -> int:
    found = [graph for shape in SHAPES for graph in _of_shape(*shape)]
    FILE.write_text("[\n" + ",\n".join(json.dumps(graph) for graph in found) + "\n]\n", encoding="utf-8")
    print(f"{len(found)} graphs")
    return 0


def _of_shape(size: int, slots: int, workers: tuple[Worker, ...]) -> Iterator[dict[str, Any]]:
    left = OF_EACH
    for seed in range(1000):
        work = drawn(seed, size, slots, workers)
        answer = solve(work, SECONDS)
        _, plain = list_schedule(work, bottom_levels(work))
        if answer.proven and answer.makespan < plain:
            yield _as_data(seed, work, answer, plain)
            left -= 1
        if not left:
            return


def _as_data(seed: int, work: Work, answer: Schedule, plain: float) -> dict[str, Any]:
    return {
        "seed": seed,
        "slots": work.slots,
        "agents": [[worker.slug, "".join(sorted(worker.capabilities)), worker.limit] for worker in work.workers],
        "minutes": [int(job.minutes) for job in work.jobs],
        "capabilities": "".join(job.capability for job in work.jobs),
        "needs": [[int(need[1:]) for need in work.needs[job.key]] for job in work.jobs],
        "by_bottom_level": int(plain),
        "shortest": int(answer.makespan),
    }


if __name__ == "__main__":
    sys.exit(main())
