"""Estimates that learn: by ratio, per task or capability, a little from a little, wholly from enough."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.estimates import (
    ENOUGH,
    LEAST,
    NEWEST,
    OWN,
    Lesson,
    Measured,
    Sample,
    between,
    learnt,
    lessons,
    quantile,
)
from apps.engine.facts import extract_facts
from apps.engine.methods import Estimate, Library, Primitive
from apps.engine.planner import Settings, plan
from apps.engine.rice import rice_of
from apps.planning.library import DEFAULT_PATH, load_library

MINUTES = st.floats(0.01, 1000, allow_nan=False)
COUNTS = st.integers(0, 60)


def primitive(name: str = "feature", capability: str = "backend.feature", **more: Any) -> Primitive:
    values: dict[str, Any] = {"estimate": Estimate(1, 2, 3), "risk": 0.1, **more}
    return Primitive(name, name, 4, capability, (f"{name}.py",), **values)


def library(*primitives: Primitive) -> Library:
    return Library("test", "1", "root", {}, {one.name: one for one in primitives})


def lesson(measured: Measured, *primitives: Primitive) -> Lesson:
    """What is learnt of the first of these tasks."""
    together = primitives or (primitive(),)
    return lessons(library(*together), {together[0].capability: measured})[0]


def took(minutes: float, times: int, task: str = "feature-add-note") -> tuple[Sample, ...]:
    return (Sample(task, minutes),) * times


def test_nothing_measured_leaves_the_librarys_estimate_and_says_so():
    found = lesson(Measured())

    assert (found.estimate.expected, found.estimate.source, found.estimate.samples) == (2, "default", 0)
    assert "Nothing like it has been measured" in found.estimate.why


def test_thirty_attempts_at_twice_the_estimate_are_the_next_estimate():
    found = lesson(Measured(took(4, 30))).estimate

    assert found.expected == pytest.approx(4)
    assert (found.source, found.samples) == ("measured", 30)
    assert found.why == "30 attempts took 4.0 min at the median; the library says 2.0 min."


def test_a_crew_of_seconds_is_learnt_where_the_library_says_minutes():
    found = lesson(Measured(took(0.005, 30))).estimate

    assert found.expected == pytest.approx(0.005)
    assert "took 0.3 s at the median; the library says 2.0 min" in found.why


def test_a_few_attempts_move_the_default_a_little_and_are_no_measurement_yet():
    found = lesson(Measured(took(4, 3))).estimate

    assert 2 < found.expected < 2.4
    assert (found.source, found.samples) == ("default", 3)
    assert "The library counts for 85% until 20 are measured." in found.why


def test_only_the_newest_count_so_that_a_change_is_learnt():
    found = lesson(Measured(took(4, NEWEST) + took(0.1, 500))).estimate

    assert found.expected == pytest.approx(4)
    assert found.samples == NEWEST


def test_one_freak_moves_nothing():
    found = lesson(Measured((*took(10_000, 1), *took(4, 29)))).estimate

    assert found.expected == pytest.approx(4)


def test_the_ratio_goes_over_to_other_tasks_of_the_capability():
    other = primitive("page", estimate=Estimate(5, 10, 15))
    found = lesson(Measured(took(4, 30, "feature-a")), other, primitive())

    assert not found.own
    assert found.estimate.expected == pytest.approx(20)
    assert "30 attempts at backend.feature took 2 times what the library says" in found.estimate.why


def test_a_task_with_enough_of_its_own_is_judged_by_itself():
    samples = took(4, OWN, "feature-a") + took(100, OWN, "page-a")
    found = lesson(Measured(samples), primitive(), primitive("page", estimate=Estimate(5, 10, 15)))

    assert found.own
    assert found.measured == pytest.approx(4)
    assert found.estimate.samples == OWN


def test_the_longest_name_owns_a_sample():
    samples = took(30, 30, "feature-page-a")
    short, long = lessons(library(primitive(), primitive("feature-page")), {"backend.feature": Measured(samples)})

    assert long.own
    assert not short.own


def test_what_the_library_does_not_know_teaches_nothing():
    assert lesson(Measured(took(99, 30, "added-by-hand"))).estimate.samples == 0
    assert lessons(library(primitive()), {"backend.other": Measured(took(9, 30))})[0].estimate.samples == 0


def test_failures_raise_the_risk_and_not_the_duration():
    calm, failing = lesson(Measured(took(2, 20))), lesson(Measured(took(2, 20), failed=20))

    assert failing.estimate.expected == calm.estimate.expected
    assert (calm.risk, failing.risk) == (0.0, 0.5)
    assert _confidence(failing) < _confidence(calm)


def _confidence(found: Lesson) -> float:
    return rice_of(followers=0, goal_priority=3, estimate=found.estimate, risk=found.risk).confidence


def test_confidence_and_effort_follow_the_measured_spread():
    steady, wild = lesson(Measured(took(2, 30))), lesson(Measured(took(0.5, 15) + took(8, 15)))

    assert _confidence(wild) < _confidence(steady)
    assert rice_of(followers=0, goal_priority=3, estimate=wild.estimate).effort == wild.estimate.expected


def test_learning_from_nothing_is_the_same_library():
    before = library(primitive())

    assert learnt(before, {}) is before


def test_a_whole_plan_learns():
    shipped, facts = load_library(DEFAULT_PATH), extract_facts("Notes", "A web app. Users can add and search notes.")
    twice = {
        one.capability: Measured(took(2 * one.estimate.expected, 30, f"{one.name}-x"))
        for one in shipped.primitives.values()
    }
    before, after = plan(facts, shipped), plan(facts, shipped, Settings(measured=twice))

    first, second = before.approaches[before.best], after.approaches[after.best]
    assert second.schedule.makespan == pytest.approx(2 * first.schedule.makespan, rel=0.1)
    assert {task.estimate.source for task in second.tasks} == {"measured"}
    assert {task.estimate.source for task in first.tasks} == {"default"}
    assert after.library_digest == before.library_digest


@given(st.floats(0.01, 100), MINUTES, COUNTS)
def test_a_point_lies_between_default_and_measured_and_gets_there(default: float, measured: float, samples: int):
    low, high = sorted((default, measured))
    here = between(default, measured, samples)

    assert low * (1 - 1e-9) <= here <= high * (1 + 1e-9)
    assert abs(between(default, measured, samples + 1) - measured) <= abs(here - measured) + 1e-9 * high
    assert between(default, measured, 0) == pytest.approx(default)
    assert between(default, measured, ENOUGH) == pytest.approx(measured)


@given(st.lists(MINUTES, min_size=1, max_size=50), st.floats(1.0, 5.0))
def test_points_keep_their_order_and_longer_attempts_never_shorten_the_estimate(minutes: list[float], times: float):
    samples = tuple(Sample("feature-x", one) for one in minutes)
    longer = tuple(replace(one, minutes=one.minutes * times) for one in samples)
    found, more = lesson(Measured(samples)).estimate, lesson(Measured(longer)).estimate

    assert LEAST <= found.optimistic <= found.likely <= found.pessimistic
    assert found.expected <= more.expected * (1 + 1e-9)


@given(st.floats(0.02, 50), st.integers(ENOUGH, 60))
def test_it_converges_to_any_constant_ratio(ratio: float, times: int):
    found = lesson(Measured(took(2 * ratio, times))).estimate

    assert found.expected == pytest.approx(2 * ratio, rel=0.1)


@given(st.lists(MINUTES, min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_quantiles_lie_within_the_values_and_rise(values: list[float], first: float, second: float):
    low, high = quantile(values, min(first, second)), quantile(values, max(first, second))

    assert min(values) <= low <= high <= max(values)
