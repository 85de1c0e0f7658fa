"""Briefs of many kinds: how many are planned, or clearly refused, within a second, without a model."""

from collections.abc import Iterator
from pathlib import Path

from apps.engine.facts import extract_facts
from apps.engine.planner import Settings, plan
from apps.engine.thoughts import NoApproach
from apps.planning.library import load_library
from tests.benchmarks.planning_table import Options, Row, judged

FOLDER = Path(__file__).parent.parent / "engine" / "briefs"
AIM = 0.95
WITHIN = 1.0


def rows(options: Options) -> Iterator[Row]:
    library = load_library()
    took: dict[str, float] = {}
    refused = 0
    for path in options.of(sorted(FOLDER.rglob("*.txt"))):
        text = path.read_text(encoding="utf-8")
        began = options.clock()
        try:
            plan(extract_facts(path.stem.replace("-", " ").capitalize(), text), library, Settings())
        except NoApproach:
            refused += 1
        took[path.stem] = options.clock() - began
    quick = sum(seconds <= WITHIN for seconds in took.values())
    slowest = max(took, key=lambda name: took[name])
    name = f"{len(took)} briefs: a plan or a refusal within 1 s"
    note = f"slowest {took[slowest]:.2f} s: {slowest}; {sum(took.values()) / len(took):.2f} s on the mean"
    note += f"; {refused} refused"
    share = f"{quick / len(took):.1%} ({quick})"
    yield judged(name, share, f">= {AIM:.0%}", quick >= AIM * len(took), note=note)
