"""Both schemes make schedules that keep every rule; whole ticks keep minutes exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.generation import parallel
from apps.engine.improve import Improver, justified, topological_serial
from apps.engine.instance import instance_of
from apps.engine.work import CyclicWork, Job, Schedule, Work, Worker
from tests.engine.checker import faults
from tests.engine.strategies import works


def as_schedule(instance, timetable):
    minutes = timetable.length / instance.scale
    return Schedule(instance.placements(timetable.starts, timetable.chosen), minutes, 0.0, False, "by hand")


@given(works(most=12), st.integers(0, 100), st.sampled_from([parallel, topological_serial]))
def test_any_priority_gives_a_schedule_that_keeps_every_rule(work, seed, scheme):
    instance = instance_of(work)
    priority = [float((seed * 31 + 17 * job) % 13) for job in range(instance.size)]

    assert faults(work, as_schedule(instance, scheme(instance, priority))) == []


@given(works(most=10), st.sampled_from([parallel, topological_serial]), st.sampled_from([parallel, topological_serial]))
def test_a_justified_schedule_keeps_every_rule_and_so_does_its_mirror_image(work, one, other):
    instance = instance_of(work)
    found = justified(instance, parallel(instance, instance.tails), one, other)

    assert faults(work, as_schedule(instance, found)) == []
    backwards = Work(work.jobs, {instance.names[job]: tuple(instance.names[n] for n in after)
                                 for job, after in enumerate(instance.after)}, work.slots, work.workers)  # fmt: skip
    assert faults(backwards, as_schedule(instance.mirrored, found.mirrored(instance))) == []


def test_the_serial_scheme_waits_where_the_parallel_one_cannot():
    """The long job is ready at 1; a list schedule has begun the other by then, with the one agent both need."""
    jobs = (Job("first", 1), Job("long", 10, capability="x"), Job("other", 4, capability="x"))
    work = Work(jobs, {"long": ("first",)}, 2, (Worker("one", frozenset("x")),))
    instance = instance_of(work)

    assert parallel(instance, instance.tails).starts == [0, 4, 0]
    assert topological_serial(instance, instance.tails).starts == [0, 1, 11]


@given(st.lists(st.floats(0, 1000, allow_nan=False), min_size=1, max_size=6))
def test_ticks_are_whole_and_exact(minutes):
    instance = instance_of(Work(tuple(Job(f"j{n}", each) for n, each in enumerate(minutes)), {}, slots=1))

    assert [ticks / instance.scale for ticks in instance.ticks] == pytest.approx(minutes, abs=1e-8)


@pytest.mark.parametrize(
    ("minutes", "scale"), [((1.0, 7.0), 1), ((0.5, 2.0), 2), ((5 / 6, 1 / 3), 6), ((0.125, 0.001), 1000)]
)
def test_the_scale_is_no_finer_than_needed(minutes, scale):
    assert instance_of(Work(tuple(Job(str(m), m) for m in minutes), {}, slots=1)).scale == scale


def test_agents_with_the_same_useful_capabilities_are_one_kind():
    workers = (Worker("b", frozenset("xq")), Worker("a", frozenset("x"), 2), Worker("c", frozenset("xy")))
    jobs = (*(Job(f"j{n}", 1, capability="x") for n in range(5)), Job("y", 1, capability="y"))
    instance = instance_of(Work(jobs, {}, 5, workers))

    assert [([worker.slug for worker in kind.members], kind.limit) for kind in instance.kinds] == [
        (["a", "b"], 3),
        (["c"], 1),
    ]


def test_an_agent_whose_limit_is_the_slots_needs_no_counting():
    instance = instance_of(Work((Job("j", 1, capability="x"),), {}, 2, (Worker("wide", frozenset("x"), 2),)))

    assert (instance.teams, instance.helper) == (((),), ("wide",))


def test_a_circle_is_named():
    with pytest.raises(CyclicWork, match=r"a → b → a|b → a → b"):
        instance_of(Work((Job("a", 1), Job("b", 1)), {"a": ("b",), "b": ("a",)}, slots=1))


@given(works(most=12), st.integers(0, 5))
def test_the_improver_is_deterministic_for_a_seed_and_never_gets_longer(work, seed):
    def lengths():
        improver = Improver(instance_of(work), seed)
        for _ in range(5):
            improver.step(lambda: False)
            yield improver.best.length, tuple(improver.best.starts)

    first = list(lengths())
    assert first == list(lengths())
    assert [length for length, _ in first] == sorted((length for length, _ in first), reverse=True)
