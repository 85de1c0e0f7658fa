"""Standard Task Graphs: 180 graphs on 2, 4, 8 and 16 slots, against the best that is known of each."""

from collections.abc import Iterator

from tests.benchmarks.planning_data import Pair, stg_pairs
from tests.benchmarks.planning_solve import Solved, solved
from tests.benchmarks.planning_table import Options, Row, judged, not_run

BEST, MEAN, PROVEN = 0.98, 1.001, 0.93
CLOSE = 1e-6


def rows(options: Options) -> Iterator[Row]:
    names = "STG: at best known", "STG: mean ratio to best known", "STG: proven shortest"
    aims = f">= {BEST:.0%}", f"<= {MEAN}", f">= {PROVEN:.0%}"
    if options.data is None:
        yield from map(not_run, names, aims)
        return
    found = [(pair, solved(pair.name, pair.work, options)) for pair in options.of(stg_pairs(options.data))]
    ratios = [each.ours.makespan / pair.upper for pair, each in found]
    best = sum(ratio <= 1 + CLOSE for ratio in ratios)
    proven = sum(each.ours.proven for _, each in found)
    mean = sum(ratios) / len(ratios)
    peer = _peer(found)
    yield judged(names[0], _share(best, found), aims[0], best >= BEST * len(found), peer[0], _better(found))
    yield judged(names[1], f"{mean:.5f}", aims[1], mean <= MEAN, peer[1])
    yield Row("STG: maximum ratio", f"{max(ratios):.4f}", "", "shown", peer[2])
    yield judged(names[2], _share(proven, found), aims[2], proven >= PROVEN * len(found), peer[3], _cost(found))


def _cost(found: list[tuple[Pair, Solved]]) -> str:
    plain = [each.plain / pair.upper for pair, each in found]
    seconds = [each.seconds for _, each in found]
    at_best = _share(sum(ratio <= 1 + CLOSE for ratio in plain), found)
    return (
        f"{len(found)} pairs, {sum(seconds) / len(found):.3f} s on the mean, {max(seconds):.2f} s at most; "
        f"by bottom level alone {at_best}, {sum(plain) / len(found):.4f}, {max(plain):.4f}"
    )


def _share(count: int, found: list[tuple[Pair, Solved]]) -> str:
    return f"{count / len(found):.1%} ({count})"


def _better(found: list[tuple[Pair, Solved]]) -> str:
    better = [f"{pair.name}: {each.ours.makespan:g} where {pair.upper:g} was known" for pair, each in found
              if each.ours.makespan < pair.upper - CLOSE]  # fmt: skip
    return f"shorter than what was known, and judged: {'; '.join(better)}" if better else ""


def _peer(found: list[tuple[Pair, Solved]]) -> tuple[str, str, str, str]:
    answers = [(pair, each.peer) for pair, each in found if each.peer is not None]
    if not answers:
        return "", "", "", ""
    ratios = [answer.minutes / pair.upper for pair, answer in answers if answer.minutes is not None]
    none = len(answers) - len(ratios)
    proven = sum(answer.proven for _, answer in answers)
    best = sum(ratio <= 1 + CLOSE for ratio in ratios)
    mean = f"{sum(ratios) / len(ratios):.5f}" if ratios else "-"
    return (
        _share(best, found),
        mean + (f" ({none} without any)" if none else ""),
        f"{max(ratios):.4f}" if ratios else "-",
        _share(proven, found),
    )
