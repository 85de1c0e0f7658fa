"""Proven is proven: against every schedule there is, on problems small enough to try them all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.astar import best_schedule
from apps.engine.schedule import best_list_schedule, list_schedule, schedule
from apps.engine.work import Job, Work, bottom_levels
from tests.engine.checker import faults
from tests.engine.drawn import BOTH, drawn
from tests.engine.exhaustive import shortest
from tests.engine.strategies import works

# List scheduling by bottom level takes 7, the shortest takes 6.
FIVE = Work(tuple(Job(key, m) for key, m in (("a", 3), ("b", 3), ("c", 2), ("d", 2), ("e", 2))), {}, slots=2)
# Not closed by any bound, nor by the improvement, within 12,000 children.
HARD = drawn(34, 30, workers=BOTH)


class Clock:
    """A deadline that counts how often it is asked, and ends after so many times."""

    def __init__(self, most):
        self.most = most
        self.asked = 0

    def __call__(self):
        self.asked += 1
        return self.asked > self.most


def patiently(work, **more):
    return best_schedule(work, deadline=lambda: False, node_budget=10**6, **more)


@settings(max_examples=150, deadline=None)
@given(works(most=5))
def test_what_it_calls_proven_is_the_shortest(work):
    found = patiently(work)

    assert faults(work, found) == []
    assert found.proven
    assert found.makespan == pytest.approx(shortest(work))


@given(works(most=12, phases=3))
def test_a_whole_plan_keeps_every_rule(work):
    planned = schedule(work, lambda part: best_schedule(part, deadline=lambda: False, node_budget=500))

    assert faults(work, planned) == []


def test_it_finds_what_the_list_misses():
    found = patiently(FIVE)

    assert list_schedule(FIVE, bottom_levels(FIVE))[1] == 7
    assert (found.makespan, found.bound, found.proven, faults(FIVE, found)) == (6, 6, True, [])


@settings(deadline=None)
@given(works(most=12), st.integers(0, 60))
def test_it_is_never_longer_than_the_list_schedule_however_soon_the_time_ends(work, most):
    found = best_schedule(work, deadline=Clock(most))

    assert faults(work, found) == []
    assert found.makespan <= list_schedule(work, bottom_levels(work))[1] + 1e-9


def test_without_time_the_plain_list_schedule_stands_and_nothing_is_claimed():
    found = best_schedule(FIVE, deadline=lambda: True)

    assert (found.makespan, found.bound, found.proven, found.method, found.nodes) == (7, 6, False, "list", 0)


@settings(max_examples=60, deadline=None)
@given(works(most=6), st.integers(0, 40))
def test_a_broken_off_search_claims_no_more_than_it_knows(work, most):
    truth = patiently(work).makespan
    found = best_schedule(work, deadline=Clock(most))

    assert found.bound <= truth + 1e-9
    assert not found.proven or found.makespan == pytest.approx(truth)


@pytest.mark.parametrize("most", [0, 1, 5, 50, 500, 2000])
def test_the_clock_is_asked_before_every_child_and_obeyed_at_once(most):
    """Once time is up nothing more is looked at: the clock is only asked again on the way out."""
    clock = Clock(most)

    found = best_schedule(HARD, deadline=clock, node_budget=10**9)

    assert not found.proven
    assert found.nodes <= most
    assert clock.asked <= most + 8


def test_a_late_clock_stops_the_search_in_its_middle():
    early, late = (best_schedule(HARD, deadline=Clock(most), node_budget=10**9) for most in (1000, 4000))

    assert early.nodes < late.nodes
    assert late.makespan <= early.makespan
    assert late.bound >= early.bound


def test_a_budget_ends_the_search_too():
    found = best_schedule(HARD, deadline=lambda: False, node_budget=3000)

    assert 0 < found.nodes <= 3000
    assert not found.proven


def test_the_same_seed_gives_the_same_schedule():
    found = [best_schedule(HARD, deadline=lambda: False, node_budget=4000, seed=7) for _ in range(2)]

    assert found[0] == found[1]


def test_the_agents_are_shared_out_better_than_by_the_rule():
    plain = best_list_schedule(HARD)
    found = best_schedule(HARD, deadline=lambda: False, node_budget=4000)

    assert faults(HARD, found) == []
    assert found.makespan < list_schedule(HARD, bottom_levels(HARD))[1]
    assert found.makespan <= plain.makespan


def test_an_empty_phase_takes_no_time():
    found = patiently(Work((), {}, slots=1))

    assert (found.makespan, found.proven, found.placements) == (0.0, True, ())
