"""The beam against the best of every decomposition: within one percent, and seen where it is not."""

import random

import pytest

from apps.engine.htn import Domain
from apps.engine.thoughts import BEAM, explore
from apps.engine.values import Bounds, Limits, Weights
from tests.benchmarks.planning_thoughts import MOST, PRICE, exhaustive
from tests.engine.domains import FACTS, coupled, generated

WEIGHTS = Weights()


def ratio(domain: Domain, beam: int = BEAM) -> float:
    best, number = exhaustive(domain, Bounds(domain, WEIGHTS, PRICE))
    assert number <= MOST, "all plans were seen, so that the best of them is the best"
    leaves, _ = explore(domain, weights=WEIGHTS, limits=Limits(), price=PRICE, beam=beam)
    assert leaves[0].value.total >= best - 1e-9, "nothing is better than the best of all"
    return leaves[0].value.total / best


def test_a_beam_of_five_is_within_one_percent_of_the_best_where_decisions_depend_on_each_other() -> None:
    ratios = [ratio(Domain(coupled(random.Random(seed)), FACTS, {})) for seed in range(20)]
    assert sum(ratios) / len(ratios) <= 1.01


def test_a_beam_of_one_is_worse_so_that_the_domains_are_a_test() -> None:
    ratios = [ratio(Domain(coupled(random.Random(seed)), FACTS, {}), beam=1) for seed in range(20)]
    assert sum(ratios) / len(ratios) > 1.01


# Seeds whose domains have few enough plans to see them all.
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 6, 7, 8])
def test_where_decisions_are_free_it_finds_the_best(seed: int) -> None:
    assert ratio(Domain(generated(random.Random(seed), layers=2, free=False), FACTS, {})) == pytest.approx(1.0)
