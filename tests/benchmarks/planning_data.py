"""The public data: Standard Task Graphs, workflow traces and everyday goals, as scheduling problems.

Tobita and Kasahara, "A standard task graph set for fair evaluation of multiprocessor scheduling algorithms" (J.
Scheduling 5, 2002); Coleman et al., "WfCommons" (FGCS 128, 2022); Lin et al., "Graph-enhanced large language models in
asynchronous plan reasoning" (ICML 2024).
"""

import csv
import gzip
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.engine.work import Job, Work

SLOTS = (4, 8, 16)  # for the traces


@dataclass(frozen=True)
class Pair:
    """A graph on so many slots. Known: no schedule is shorter than ``lower``, and one takes ``upper``."""

    name: str
    work: Work
    lower: float
    upper: float


def stg_pairs(folder: Path) -> list[Pair]:
    with tarfile.open(folder / "stg.tar.xz") as archive:
        texts = {
            member.name: file.read().decode()
            for member in archive.getmembers()
            if member.name.endswith(".stg") and (file := archive.extractfile(member))
        }
    with (folder / "stg_bounds.csv").open(newline="") as bounds:
        known = list(csv.DictReader(bounds))
    return [
        Pair(
            f"{row['graph']} on {row['slots']}",
            _stg_work(texts[row["graph"]], int(row["slots"])),
            float(row["lower"]),
            float(row["upper"]),
        )
        for row in known
    ]


def _stg_work(text: str, slots: int) -> Work:
    """A line for each task: its number, its time, the number of its predecessors, and them."""
    lines = [line.split() for line in text.splitlines()[1:] if line.strip() and not line.startswith("#")]
    jobs = tuple(Job(number, float(minutes)) for number, minutes, *_ in lines)
    return Work(jobs, {number: tuple(before[: int(count)]) for number, _, count, *before in lines}, slots)


def traces(folder: Path) -> list[tuple[str, Work]]:
    """Each trace on each number of slots; run times in seconds stand as minutes."""
    found = []
    for path in sorted((folder / "wfinstances").glob("*.json.gz")):
        tasks = json.loads(gzip.decompress(path.read_bytes()))["tasks"]
        jobs = tuple(Job(task["id"], task["runtime_s"]) for task in tasks)
        needs = {task["id"]: tuple(task["parents"]) for task in tasks}
        found += [(f"{path.name.split('.')[0]} on {slots}", Work(jobs, needs, slots)) for slots in SLOTS]
    return found


def everyday_goals(folder: Path) -> list[Mapping[str, Any]]:
    return [json.loads(text) for text in (folder / "asynchow.jsonl").read_text(encoding="utf-8").splitlines()]
