"""Random method libraries: every plan is sound in every order that its edges allow, and the same each time."""

import random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.edges import BackwardEdge, connect, graph_of
from apps.engine.facts import extract_facts
from apps.engine.htn import Domain, NoDecomposition, PlannedTask, apply, decompose, judge, open_compound
from apps.engine.thoughts import NoApproach, explore
from apps.engine.values import Bounds, Limits, Weights
from tests.engine.domains import generated
from tests.engine.strategies import libraries

FACTS = extract_facts("Notes", "A fast web app. Users can add and search notes.")
WEIGHTS = Weights()


def decomposed(library):
    domain = Domain(library, FACTS, {})
    try:
        state = decompose(domain)
        return domain, state, *connect(unique(state.tasks), library.given, state.orders)
    except (NoDecomposition, BackwardEdge):  # a phase that would have to wait for a later one is refused by name
        return None


def unique(tasks):
    """A random library may reach the same primitive by two ways; a plan needs it once."""
    first: dict[str, PlannedTask] = {}
    for task in tasks:
        first.setdefault(task.key, task)
    return tuple(first.values())


def random_order(graph, seed):
    chooser = random.Random(seed)
    left: nx.DiGraph[str] = nx.DiGraph(graph)
    while left:
        node = chooser.choice(sorted(n for n, degree in left.in_degree() if degree == 0))
        left.remove_node(node)
        yield node


@settings(max_examples=150, deadline=None)
@given(libraries(), st.integers(0, 10**6))
def test_inputs_are_there_in_every_order_that_the_edges_allow(library, seed):
    found = decomposed(library)
    if found is None:
        return
    _, _, tasks, edges = found
    by_key = {task.key: task for task in tasks}
    there = set(library.given)
    for key in random_order(graph_of(by_key, edges), seed):
        assert set(by_key[key].consumes) <= there
        there |= set(by_key[key].produces)
    assert len(by_key) == len(tasks)


@settings(max_examples=100, deadline=None)
@given(libraries())
def test_state_only_grows(library):
    domain = Domain(library, FACTS, {})
    state = domain.start()
    while not state.is_complete:
        able = [method for method in open_compound(domain, state).methods if not judge(domain, state, method)]
        if not able:
            return
        after = apply(domain, state, able[-1])
        assert after.artifacts >= state.artifacts
        assert after.tasks[: len(state.tasks)] == state.tasks
        assert dict(state.choices).items() <= dict(after.choices).items()
        state = after


@settings(max_examples=60, deadline=None)
@given(libraries())
def test_the_same_library_gives_the_same_plan(library):
    assert decomposed(library) == decomposed(library)


def complete_values(domain, bounds, state):
    """The value of every complete decomposition below a state, each with the states on the way to it."""
    if state.is_complete:
        yield bounds.value(state).total, [state]
        return
    for method in open_compound(domain, state).methods:
        if not judge(domain, state, method):
            for value, way in complete_values(domain, bounds, apply(domain, state, method)):
                yield value, [state, *way]


@settings(max_examples=80, deadline=None)
@given(libraries())
def test_values_are_optimistic_all_the_way_and_the_widest_beam_finds_the_best(library):
    domain = Domain(library, FACTS, {})
    bounds = Bounds(domain, WEIGHTS, 0.1)
    leaves = []
    for value, way in complete_values(domain, bounds, domain.start()):
        leaves.append(value)
        assert all(bounds.value(state).total <= value + 1e-9 for state in way)
        if len(leaves) > 300:
            return
    if not leaves:
        with pytest.raises(NoApproach):
            explore(domain, weights=WEIGHTS, limits=Limits(), price=0.1, beam=1000)
        return
    found, tree = explore(domain, weights=WEIGHTS, limits=Limits(), price=0.1, beam=1000)
    assert found[0].value.total == pytest.approx(min(leaves))
    assert len({leaf.signature for leaf in found}) == len(found)
    assert all(thought.parent < thought.number for thought in tree.thoughts)


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([Weights(), Weights(1, 0, 0, 0), Weights(0, 1, 2, 0)]))
def test_no_completion_is_better_than_its_optimistic_value(source, weights):
    """With preconditions, for-each, fits and tasks inside themselves."""
    domain = Domain(generated(source, layers=1, width=2, ways=2, loops=True), FACTS, {}, depth_limit=4)
    bounds = Bounds(domain, weights, 0.1)
    for number, (value, way) in enumerate(complete_values(domain, bounds, domain.start())):
        values = [bounds.value(state).total for state in way]
        assert values == pytest.approx(sorted(values), abs=1e-9), "an optimistic value never falls on the way down"
        assert all(each <= value + 1e-9 for each in values)
        for state in way:
            least, end = bounds.least(state), bounds.least(way[-1])
            assert (least.least_minutes, least.least_cost) <= (end.least_minutes + 1e-9, end.least_cost + 1e-9)
            assert least.least_cost <= end.least_cost + 1e-9
        if number > 200:
            return
