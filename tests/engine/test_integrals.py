"""Time integrals over intervals, against a sum over small steps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.integrals import Integrals, covered, integrate, without

intervals = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)
windows = st.tuples(st.integers(0, 20), st.integers(20, 40))


def holds(found, moment):
    return sum(start <= moment < end for start, end in found)


@given(intervals, intervals, intervals, st.integers(0, 5), windows)
def test_it_equals_the_sum_over_small_steps(running, startable, taken, places, window):
    sums = integrate(running=running, startable=startable, taken=taken, places=places, window=window)
    ran = idle = 0
    for moment in range(*window):
        runs = holds(running, moment)
        free = max(0, places - holds(taken, moment) - runs)
        ran += runs
        idle += min(free, holds(startable, moment))
    assert sums == Integrals(ran, ran + idle, idle)


@given(intervals, intervals, st.integers(1, 5), windows)
def test_ratios_are_between_0_and_1_or_undefined(running, startable, places, window):
    sums = integrate(running=running, startable=startable, places=places, window=window)
    for ratio in (sums.parallelization, sums.overhead()):
        assert ratio is None or 0 <= ratio <= 1


@given(intervals, intervals, st.integers(1, 5), windows, st.integers(1, 1000))
def test_cutting_the_window_in_two_changes_nothing(running, startable, places, window, share):
    low, high = window
    middle = low + (high - low) * share / 1000
    parts = [
        integrate(running=running, startable=startable, places=places, window=part)
        for part in ((low, middle), (middle, high))
    ]
    whole = integrate(running=running, startable=startable, places=places, window=window)
    assert sum(part.running for part in parts) == pytest.approx(whole.running)
    assert sum(part.possible for part in parts) == pytest.approx(whole.possible)


@given(intervals, windows)
def test_covered_counts_each_moment_once(found, window):
    assert covered(found, window) == sum(holds(found, moment) > 0 for moment in range(*window))


@given(st.tuples(st.integers(0, 40), st.integers(0, 40)), intervals)
def test_without_leaves_what_no_hole_covers(interval, holes):
    left = without(interval, [hole for hole in holes if hole[0] < hole[1]])
    for moment in range(*interval):
        assert holds(left, moment) == (holds(holes, moment) == 0)
    assert all(low < high for low, high in left)


def test_nothing_running_and_nothing_to_do_is_undefined():
    sums = integrate(running=[], startable=[], places=3, window=(0, 100))
    assert sums.parallelization is None
    assert sums.overhead() is None


def test_full_slots_are_perfect_however_much_waits():
    sums = integrate(running=[(0, 10)] * 3, startable=[(0, 10)] * 50, places=3, window=(0, 10))
    assert sums.parallelization == 1.0
    assert sums.overhead() == 0.0


def test_the_hub_s_own_work_counts_as_overhead():
    sums = integrate(running=[(0, 9)], startable=[], places=3, window=(0, 10))
    assert sums.overhead(hub=1.0) == pytest.approx(0.1)
