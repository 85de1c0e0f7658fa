"""The decision search: 'found' shows a schedule, 'none' is true, and both directions agree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.generation import parallel
from apps.engine.instance import instance_of
from apps.engine.search import Decision
from apps.engine.work import Job, Schedule, Work, Worker
from tests.engine.checker import faults
from tests.engine.exhaustive import shortest
from tests.engine.strategies import works


def answer(instance, length):
    question = Decision(instance, length)
    return question, question.run(10**6, lambda: False)


@settings(max_examples=150, deadline=None)
@given(works(most=5), st.integers(-3, 3), st.booleans())
def test_none_is_said_exactly_below_the_shortest(work, off, backwards):
    instance = instance_of(work)
    truth = round(shortest(work) * instance.scale)
    question, said = answer(instance.mirrored if backwards else instance, truth + off)

    assert said == ("none" if off < 0 else "found")
    if said == "found":
        found = question.timetable()
        assert found.length <= truth + off
        if not backwards:
            minutes = found.length / instance.scale
            placed = instance.placements(found.starts, found.chosen)
            assert faults(work, Schedule(placed, minutes, minutes, True, "search")) == []


@settings(max_examples=60, deadline=None)
@given(works(most=9))
def test_both_directions_agree(work):
    instance = instance_of(work)
    upper = parallel(instance, instance.tails).length

    for length in {upper, upper - 1, upper - 2}:
        assert answer(instance, length)[1] == answer(instance.mirrored, length)[1]


@settings(max_examples=60, deadline=None)
@given(works(most=7), st.integers(1, 5))
def test_in_portions_it_answers_the_same(work, portion):
    instance = instance_of(work)
    length = parallel(instance, instance.tails).length - 1
    whole, said = answer(instance, length)
    parts = Decision(instance, length)
    while parts.run(portion, lambda: False) == "open":
        pass

    assert (parts.answer, parts.children) == (said, whole.children)


def test_a_portion_is_never_exceeded():
    work = Work(tuple(Job(f"j{n}", 3 + n % 4) for n in range(20)), {f"j{n}": (f"j{n - 3}",) for n in range(3, 20)}, 2)
    instance = instance_of(work)
    question = Decision(instance, sum(instance.ticks) // 2)
    for portion in range(1, 30):
        before = question.children
        if question.run(portion, lambda: False) != "open":
            break
        assert question.children - before == portion


@pytest.mark.parametrize("minutes", [0, 5])
def test_jobs_without_minutes_start_nobody_late(minutes):
    """A milestone between two chains needs neither slot nor agent."""
    jobs = (Job("a", 5, capability="x"), Job("m", minutes, capability="y"), Job("b", 5, capability="x"))
    work = Work(jobs, {"m": ("a",), "b": ("m",)}, 1, (Worker("w", frozenset("xy")),))

    assert answer(instance_of(work), 10 + minutes)[1] == "found"
    assert answer(instance_of(work), 9 + minutes)[1] == "none"
