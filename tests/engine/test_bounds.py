"""No bound is ever above the truth, and each is the best of them somewhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.bounds import (
    agents_bound,
    bottlenecks,
    chain_bound,
    contradiction,
    load_bound,
    lower_bounds,
    root_bound,
    simple_bound,
)
from apps.engine.instance import instance_of
from apps.engine.work import Job, Work, Worker
from tests.engine.exhaustive import shortest
from tests.engine.strategies import works


@settings(max_examples=120, deadline=None)
@given(works(most=5))
def test_no_bound_is_above_the_shortest(work):
    truth = shortest(work)
    instance = instance_of(work)

    for bound in (chain_bound, load_bound, agents_bound, simple_bound, root_bound):
        assert bound(instance) <= truth * instance.scale, bound.__name__
    found = lower_bounds(work)
    assert max(found.chain, found.load, found.agents, found.energetic) == found.best <= truth + 1e-9


@settings(max_examples=80, deadline=None)
@given(works(most=5), st.integers(0, 12))
def test_a_length_that_can_be_reached_never_contradicts_itself(work, more):
    assert not contradiction(instance_of(work), int(shortest(work)) + more)


@settings(max_examples=60, deadline=None)
@given(works(most=8), st.integers(0, 10))
def test_the_root_bound_is_the_last_length_refuted_and_one(work, more):
    """Knowing a length that can be reached saves guesses and changes nothing."""
    instance = instance_of(work)
    found = root_bound(instance)

    assert found == root_bound(instance, most=sum(instance.ticks) + more)
    assert not contradiction(instance, found)
    assert found == simple_bound(instance) or contradiction(instance, found - 1)


def jobs(*minutes, capability=""):
    return tuple(Job(f"j{n}", each, capability=capability) for n, each in enumerate(minutes))


@pytest.mark.parametrize(
    ("work", "best"),
    [
        pytest.param(Work(jobs(4, 5), {"j1": ("j0",)}, slots=2), {"chain": 9}, id="chain"),
        pytest.param(Work(jobs(*[1] * 9), {}, slots=3), {"load": 3}, id="load"),
        pytest.param(
            Work(jobs(3, 3, 3, capability="x"), {}, 3, (Worker("one", frozenset("x")),)), {"agents": 9}, id="agents"
        ),
        pytest.param(
            Work(jobs(2, 2, 2, 2, 2), {**{f"j{n}": ("j0",) for n in (1, 2, 3)}, "j4": ("j1", "j2", "j3")}, slots=2),
            {"chain": 6, "load": 5, "energetic": 8},
            id="energetic: three at once in the middle",
        ),
    ],
)
def test_each_bound_is_the_best_somewhere(work, best):
    found = lower_bounds(work)

    assert {name: getattr(found, name) for name in best} == best
    assert found.best == max(best.values())


def test_two_capabilities_with_the_same_hands_are_a_bottleneck_together():
    both = (Worker("one", frozenset("xy")), Worker("two", frozenset("xy")))
    work = Work((*jobs(4, 4, capability="x"), Job("y1", 4, capability="y"), Job("y2", 4, capability="y")), {}, 4, both)

    assert lower_bounds(work).agents == 8
    assert [each.hands for each in bottlenecks(instance_of(work))] == [2]


def test_a_deadline_leaves_the_bound_that_is_known_already():
    work = Work(jobs(2, 2, 2), {}, slots=2)
    instance = instance_of(work)

    assert (root_bound(instance, deadline=lambda: True), root_bound(instance)) == (3, 4)
