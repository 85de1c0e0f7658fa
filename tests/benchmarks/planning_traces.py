"""Traces of real workflows on 4, 8 and 16 slots, against our own lower bound."""

from collections.abc import Iterator

from tests.benchmarks.planning_data import traces
from tests.benchmarks.planning_solve import Solved, solved
from tests.benchmarks.planning_table import Options, Row, judged, not_run

MEAN = 1.01


def rows(options: Options) -> Iterator[Row]:
    names = "workflow traces: mean ratio to the bound", "workflow traces: longer than by bottom level"
    if options.data is None:
        yield not_run(names[0], f"<= {MEAN}")
        yield not_run(names[1], "0")
        return
    found = [solved(name, work, options) for name, work in options.of(traces(options.data))]
    ratios = {each.name: each.ours.makespan / each.ours.bound for each in found}
    mean = sum(ratios.values()) / len(ratios)
    worst = max(ratios, key=lambda name: ratios[name])
    plain = sum(each.plain / each.ours.bound for each in found) / len(found)
    yield judged(names[0], f"{mean:.4f} ({len(found)} cases)", f"<= {MEAN}", mean <= MEAN, _peer(found),
                 f"worst {ratios[worst]:.4f}: {worst}; by bottom level {plain:.4f} on the mean; "
                 f"{sum(each.ours.proven for each in found)} proven")  # fmt: skip
    longer = sum(each.ours.makespan > each.plain + 1e-6 for each in found)
    yield judged(names[1], str(longer), "0", not longer)


def _peer(found: list[Solved]) -> str:
    """Against the same bound; where it found nothing in time, that is said."""
    known = [(each.peer.minutes, each.ours.bound) for each in found if each.peer and each.peer.minutes is not None]
    if not known:
        return ""
    none = len(found) - len(known)
    mean = sum(minutes / bound for minutes, bound in known) / len(known)
    return f"{mean:.4f}" + (f" ({none} without any)" if none else "")
