"""RICE, the dispatch priority of design §8, and the bound after which every task has started."""

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.methods import Estimate
from apps.engine.priority import effective_priority, passing_minutes, ranks, starvation_bound
from apps.engine.rice import INPUTS, NoSuchPriority, edited, rice_of


def test_rice_is_reach_times_impact_times_confidence_over_effort():
    found = rice_of(followers=9, goal_priority=5, estimate=Estimate(2, 2, 2), risk=0.5)

    assert (found.reach, found.impact, found.confidence, found.effort) == (10, 3, 0.5, 2)
    assert found.value == 7.5
    assert "= 7.5." in found.explanation
    assert set(found.reasons) == set(INPUTS)
    assert found.reasons["reach"] == "The task itself and 9 that wait for it, directly or through others."
    assert "5 of 5 (urgent)" in found.reasons["impact"]
    assert "risk comes true is 50%: (1 - 0.00) × (1 - 0.50) = 0.50." in found.reasons["confidence"]
    assert found.reasons["effort"].startswith("(2 + 4 × 2 + 2) / 6 = 2 minutes")


def test_a_very_doubtful_task_still_counts_a_little_and_says_so():
    found = rice_of(followers=0, goal_priority=3, estimate=Estimate(0, 1, 30), risk=0.9)

    assert found.confidence == 0.2
    assert found.reasons["reach"] == "The task itself; nothing waits for it."
    assert "the least that counts is 0.2" in found.reasons["confidence"]


@given(st.integers(0, 500), st.integers(1, 5), st.floats(0, 0.99))
def test_rice_grows_with_reach_and_falls_with_risk(followers, priority, risk):
    estimate = Estimate(1, 2, 6)
    base = rice_of(followers=followers, goal_priority=priority, estimate=estimate, risk=risk)

    assert rice_of(followers=followers + 1, goal_priority=priority, estimate=estimate, risk=risk).value > base.value
    assert rice_of(followers=followers, goal_priority=priority, estimate=estimate).value >= base.value
    assert 0 < base.confidence <= 1


def test_a_wrong_priority_has_a_name_and_an_edit_says_so():
    with pytest.raises(NoSuchPriority, match="from 1"):
        rice_of(followers=0, goal_priority=6, estimate=Estimate(1, 1, 1))
    base = rice_of(followers=0, goal_priority=3, estimate=Estimate(1, 1, 1))
    changed = edited(base, {"reach": 2, "impact": 2, "confidence": 0.5, "effort": 0}, by="anna")
    assert changed.reasons["reach"].startswith("Edited by anna: 2, where it would be 1.")
    assert all(changed.reasons[name].startswith("Edited by anna") for name in INPUTS)
    assert changed.value == pytest.approx(2 * 2 * 0.5 / 0.01)


def test_the_formula_of_the_design():
    found = effective_priority(bottom_level=5, critical_path=10, goal_rank=0.25, waited_minutes=10)

    assert (found.path, found.goal) == (0.5, 0.25)
    assert found.age == pytest.approx(0.2)
    assert effective_priority(bottom_level=0, critical_path=0, goal_rank=0, waited_minutes=0).value == 0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 500))
def test_after_a_hundred_minutes_it_passes_every_newer_one(level, rank, newer):
    old = effective_priority(bottom_level=0, critical_path=1, goal_rank=0, waited_minutes=newer + passing_minutes())
    new = effective_priority(bottom_level=level, critical_path=1, goal_rank=rank, waited_minutes=newer)

    assert old.value >= new.value - 1e-9


def test_equal_goals_have_equal_ranks():
    assert ranks({}) == {}
    assert ranks({"a": 1, "b": 1, "c": 9}) == {"a": 0.0, "b": 0.0, "c": 1.0}


arrivals = st.lists(
    st.tuples(st.floats(0, 300), st.floats(0, 1), st.floats(0, 1), st.floats(0.5, 8)), min_size=1, max_size=60
)


@given(arrivals, st.integers(1, 3))
def test_every_task_starts_within_the_bound(tasks, slots):
    """A simulated pool dispatches by priority; nobody waits longer than the bound says."""
    waits = simulate(tasks, slots)
    longest = max(minutes for *_, minutes in tasks)
    for index, (ready, *_) in enumerate(tasks):
        rivals = sum(1 for other, (t, *_) in enumerate(tasks) if other != index and t <= ready + passing_minutes())
        assert waits[index] <= starvation_bound(competitors=rivals, slots=slots, longest_minutes=longest) + 1e-6


def simulate(tasks, slots):
    free = [0.0] * slots
    left = set(range(len(tasks)))
    waits = {}
    while left:
        clock = max(heapq.heappop(free), min(tasks[n][0] for n in left))
        chosen = max((n for n in left if tasks[n][0] <= clock), key=lambda n: (score(tasks[n], clock), -n))
        left.discard(chosen)
        waits[chosen] = clock - tasks[chosen][0]
        heapq.heappush(free, clock + tasks[chosen][3])
    return waits


def score(task, clock):
    ready, level, rank, _ = task
    return effective_priority(bottom_level=level, critical_path=1, goal_rank=rank, waited_minutes=clock - ready).value
