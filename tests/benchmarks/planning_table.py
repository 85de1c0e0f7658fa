"""The table: a row says what was measured, what the aim is, whether it is met, and what CP-SAT did beside it."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

WIDTHS = (54, 20, 10, 8, 24)
Case = TypeVar("Case")


@dataclass(frozen=True)
class Options:
    """``sample``: so many cases of a group, 0 for all. ``data``: the folder of BENCH_DATA, if it is named."""

    groups: tuple[str, ...] = ()
    sample: int = 0
    seconds: float = 1.0
    peer: bool = True
    data: Path | None = None
    cpu: bool = False

    def clock(self) -> float:
        return time.process_time() if self.cpu else time.perf_counter()

    def of(self, cases: Sequence[Case]) -> list[Case]:
        """The sample, drawn with a fixed seed: every tenth case, say, might be all of the same kind."""
        if not self.sample or self.sample >= len(cases):
            return list(cases)
        return [cases[number] for number in sorted(random.Random(1).sample(range(len(cases)), self.sample))]


@dataclass(frozen=True)
class Row:
    name: str
    measured: str
    aim: str = ""
    verdict: str = ""
    beside: str = ""
    note: str = ""


HEAD = Row("what", "measured", "aim", "verdict", "CP-SAT, the same time")


def judged(name: str, measured: str, aim: str, is_met: bool, beside: str = "", note: str = "") -> Row:
    return Row(name, measured, aim, "met" if is_met else "MISSED", beside, note)


def not_run(name: str, aim: str, why: str = "BENCH_DATA is not set") -> Row:
    return Row(name, "-", aim, "not run", note=why)


def line(row: Row) -> str:
    """The row as text; the note stands below it.

    >>> line(judged("a", "1.0", "<= 2", True)).split()
    ['a', '1.0', '<=', '2', 'met']
    """
    cells = (row.name, row.measured, row.aim, row.verdict, row.beside)
    text = " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
    return text + (f"\n    {row.note}" if row.note else "")
