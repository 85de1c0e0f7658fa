"""``make bench-planning``: how good and how quick plans are, beside OR-Tools CP-SAT, in one table.

The public data are read from ``BENCH_DATA`` (a folder with ``stg.tar.xz``, ``stg_bounds.csv``, ``wfinstances/`` and
``asynchow.jsonl``); without it their rows say 'not run'. A row that misses its aim is printed as missed, and the exit
code stays 0: a benchmark measures, tests assert. A schedule that breaks a rule is no result: the run ends with it.

    make bench-planning BENCH_DATA=DIR ARGS="--rows stg,agents --sample 40 --seconds 1"
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import (
    planning_agents,
    planning_asynchow,
    planning_briefs,
    planning_lists,
    planning_stg,
    planning_thoughts,
    planning_traces,
)
from tests.benchmarks.planning_table import HEAD, Options, Row, line

GROUPS: dict[str, Callable[[Options], Iterator[Row]]] = {
    "lists": planning_lists.rows,
    "stg": planning_stg.rows,
    "traces": planning_traces.rows,
    "agents": planning_agents.rows,
    "thoughts": planning_thoughts.rows,
    "asynchow": planning_asynchow.rows,
    "briefs": planning_briefs.rows,
}


def main() -> int:
    options = _options()
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    clock = "of processor time" if options.cpu else "by the clock"
    print(f"{machine}; {options.seconds:g} s {clock} for each schedule, on one core")
    print(line(HEAD), flush=True)
    rows = []
    for name in options.groups:
        for row in GROUPS[name](options):
            rows.append(row)
            print(line(row), flush=True)
    counts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in ("met", "MISSED", "not run")}
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return 0


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="make bench-planning", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", default=",".join(GROUPS), help="groups of rows, with commas: " + ", ".join(GROUPS))
    parser.add_argument("--sample", type=int, default=0, help="so many cases of a group, drawn by a seed (0: all)")
    parser.add_argument("--seconds", type=float, default=1.0, help="time for each schedule")
    parser.add_argument("--no-peer", action="store_true", help="without CP-SAT beside")
    parser.add_argument("--cpu", action="store_true", help="count processor time (on a busy machine); CP-SAT cannot")
    asked = parser.parse_args()
    groups = tuple(name for name in asked.rows.split(",") if name)
    unknown = [name for name in groups if name not in GROUPS]
    if unknown:
        parser.error(f"no such rows: {', '.join(unknown)}")
    data = os.environ.get("BENCH_DATA")
    peer = not asked.no_peer and not asked.cpu
    return Options(groups, asked.sample, asked.seconds, peer, Path(data) if data else None, asked.cpu)


if __name__ == "__main__":
    sys.exit(main())
