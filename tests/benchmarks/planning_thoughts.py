"""Tree of Thoughts with the default beam, against the best of every decomposition, on generated domains."""

import random
from collections.abc import Callable, Iterator

from apps.engine.htn import Domain, State, apply, judge, open_compound
from apps.engine.methods import Library
from apps.engine.thoughts import BEAM, explore
from apps.engine.values import Bounds, Limits, Weights
from tests.benchmarks.planning_table import Options, Row, judged
from tests.engine.domains import FACTS, coupled, generated

DOMAINS, LEAST, MOST = 40, 30, 1500  # complete plans of a domain: fewer are no test, more take too long
PRICE = 0.1
AIM = 1.01


def rows(options: Options) -> Iterator[Row]:
    wanted = min(options.sample or DOMAINS, DOMAINS)
    yield _row("free decisions", _domains(wanted, lambda source: generated(source, layers=2, free=False)))
    yield _row("coupled decisions", _domains(wanted, coupled))


def _domains(wanted: int, make: Callable[[random.Random], Library]) -> Iterator[tuple[Domain, float, int]]:
    """So many domains with the value of their best plan and how many plans they have."""
    for seed in range(10_000):
        domain = Domain(make(random.Random(seed)), FACTS, {})
        best, number = exhaustive(domain, Bounds(domain, Weights(), PRICE))
        if LEAST <= number <= MOST:
            yield domain, best, number
            wanted -= 1
        if not wanted:
            return


def _row(name: str, domains: Iterator[tuple[Domain, float, int]]) -> Row:
    ratios, looked, plans = [], 0, 0
    for domain, best, number in domains:
        leaves, tree = explore(domain, weights=Weights(), limits=Limits(), price=PRICE, beam=BEAM)
        ratios.append(leaves[0].value.total / best)
        looked += len(tree.thoughts)
        plans += number
    mean, many = sum(ratios) / len(ratios), len(ratios)
    exact, near = sum(ratio <= 1 + 1e-9 for ratio in ratios), sum(ratio <= AIM for ratio in ratios)
    note = (
        f"worst {max(ratios):.4f}, {near} within 1 %, {exact} exact; {looked / many:.0f} thoughts on the mean, "
        f"where there are {plans / many:.0f} complete plans"
    )
    return judged(f"Thoughts, beam {BEAM}: {many} of {name}", f"{mean:.5f}", f"<= {AIM}", mean <= AIM, note=note)


def exhaustive(domain: Domain, bounds: Bounds) -> tuple[float, int]:
    """The value of the best complete plan, and how many there are (no more than MOST are counted)."""
    best, number = float("inf"), 0
    for value in _values(domain, bounds, domain.start()):
        best, number = min(best, value), number + 1
        if number > MOST:
            break
    return best, number


def _values(domain: Domain, bounds: Bounds, state: State) -> Iterator[float]:
    if state.is_complete:
        yield bounds.value(state).total
        return
    for method in open_compound(domain, state).methods:
        if not judge(domain, state, method):
            yield from _values(domain, bounds, apply(domain, state, method))
