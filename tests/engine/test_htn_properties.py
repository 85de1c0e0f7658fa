"""Every plan is sound in every order that its edges allow, complete within the depth limit, and the same each time."""

import random
from collections.abc import Iterator, Sequence
from itertools import islice

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.conditions import Situation, refusal
from apps.engine.edges import connect, graph_of
from apps.engine.htn import (
    Domain,
    NoDecomposition,
    Refusal,
    State,
    TooDeep,
    apply,
    decompose,
    failing,
    open_compound,
)
from apps.engine.methods import Compound, Library, Method, Primitive
from tests.engine.domains import FACTS, generated

ORDERS = 300  # of one graph are looked at


def found(library: Library) -> tuple[Domain, State] | None:
    domain = Domain(library, FACTS, {})
    try:
        return domain, decompose(domain)
    except NoDecomposition:
        return None


Applied = tuple[Method, dict[str, str]]


def replayed(domain: Domain, state: State) -> dict[tuple[int, ...], Applied]:
    """The method that was applied at each place of the tree, and the choices when it was. Choices are made while a plan
    is made, before any task runs: they are the same in every order of the tasks."""
    methods: dict[tuple[int, ...], Applied] = {}
    current = domain.start()
    for (_, name), method in zip(state.taken, state.methods, strict=True):
        assert method.name == name
        methods[current.agenda[0].place] = (method, dict(current.choices))
        current = apply(domain, current, method)
    assert current == state
    return methods


def check_every_order(domain: Domain, state: State) -> int:
    """Inputs, preconditions and ordering constraints hold in all linear orders; returns how many there were."""
    tasks, edges = connect(state.tasks, domain.library.given, state.orders)
    by_key = {task.key: task for task in tasks}
    methods = replayed(domain, state)
    above = {
        task.key: [methods[task.place[:n]] for n in range(len(task.place)) if task.place[:n] in methods]
        for task in tasks
    }
    number = 0
    for order in islice(nx.all_topological_sorts(graph_of(by_key, edges)), ORDERS):
        number += 1
        there = frozenset(domain.library.given)
        for key in order:
            assert set(by_key[key].consumes) <= there
            for method, choices in above[key]:
                situation = Situation(domain.facts, choices, there)
                assert not any(refusal(condition, situation) for condition in method.when)
            there |= set(by_key[key].produces)
        position = {key: index for index, key in enumerate(order)}
        for earlier, later in state.orders:
            ends = [position[t.key] for t in tasks if t.place[: len(earlier)] == earlier]
            starts = [position[t.key] for t in tasks if t.place[: len(later)] == later]
            assert not ends or not starts or max(ends) < min(starts)
    return number


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_preconditions_and_orders_hold_in_every_linear_order(source: random.Random) -> None:
    library = generated(source)
    plan = found(library)
    if plan is not None:
        assert check_every_order(*plan) > 0


def test_the_seeded_domains_really_have_orders_preconditions_and_constraints() -> None:
    orders, rested, constrained = 0, 0, 0
    for seed in range(300):
        plan = found(generated(random.Random(seed), layers=2, width=3, ways=2))
        if plan is None:
            continue
        orders += check_every_order(*plan) > 1
        constrained += bool(plan[1].orders)
        rested += any("artifact" in str(c) for method in plan[1].methods for c in method.when)
    assert orders > 20
    assert constrained > 20
    assert rested > 10


def plans(
    library: Library, agenda: list[tuple[str, tuple[str, ...], int]], state: State, domain: Domain
) -> Iterator[list[str]]:
    """Brute force: the tasks of every decomposition whose trails are within the depth limit, in no clever way."""
    if not agenda:
        yield []
        return
    (name, binding, depth), rest = agenda[0], agenda[1:]
    if name in library.primitives:
        primitive: Primitive = library.primitives[name]
        made = state.artifacts | {path for path in primitive.produces if "{" not in path}
        for more in plans(library, rest, replace_state(state, artifacts=made), domain):
            yield ["-".join([name, *binding]), *more]
        return
    if depth >= domain.depth_limit:
        return
    for method in library.compounds[name].methods:
        chosen = dict(state.choices)
        situation = Situation(domain.facts, chosen, state.artifacts)
        if any(refusal(condition, situation) for condition in method.when):
            continue
        if any(chosen.get(key, value) != value for key, value in method.chooses.items()):
            continue
        after = replace_state(state, choices=tuple((chosen | dict(method.chooses)).items()))
        steps = [
            (step.task, (*binding, *more), depth + 1)
            for step in method.steps
            for more in ([(feature.slug,) for feature in FACTS.features] if step.for_each else [()])
        ]
        yield from plans(library, [*steps, *rest], after, domain)


def replace_state(state: State, **changes: object) -> State:
    return State(**{**state.__dict__, **changes})


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_it_is_complete_within_the_depth_limit(source: random.Random, limit: int) -> None:
    library = generated(source, layers=1, width=2, ways=2, loops=True)
    domain = Domain(library, FACTS, {}, depth_limit=limit)
    start = State((), artifacts=frozenset(library.given))
    first = next(plans(library, [(library.root, (), 0)], start, domain), None)
    try:
        got = [task.key for task in decompose(domain).tasks]
    except (NoDecomposition, TooDeep):
        got = None
    assert got == first


def test_the_domains_of_that_test_have_plans_beyond_and_within_the_limit() -> None:
    outcomes = set()
    for seed in range(200):
        domain = Domain(generated(random.Random(seed), layers=1, width=2, ways=2, loops=True), FACTS, {}, 3)
        try:
            decompose(domain)
            outcomes.add("plan")
        except TooDeep:
            outcomes.add("too deep")
        except NoDecomposition:
            outcomes.add("none")
    assert outcomes == {"plan", "too deep", "none"}


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_the_same_seed_gives_the_same_plan(seed: int) -> None:
    first, again = (found(generated(random.Random(seed))) for _ in range(2))
    assert (first and first[1]) == (again and again[1])


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False))
def test_every_refusal_names_a_precondition_that_does_not_hold_there(source: random.Random) -> None:
    library = generated(source)
    domain = Domain(library, FACTS, {})
    seen: list[tuple[State, Compound]] = []

    def noted(state: State, compound: Compound, methods: Sequence[Method]) -> Sequence[Method]:
        seen.append((state, compound))
        return methods

    refusals: tuple[Refusal, ...] = ()
    try:
        decompose(domain, noted)
    except NoDecomposition as error:
        refusals = error.refusals
    assert all(each.reason and each.precondition for each in refusals)
    assert all(each.trail or each.compound == library.root for each in refusals)
    for state, compound in seen:
        assert open_compound(domain, state) is compound
        for method in compound.methods:
            failed = failing(domain, state, method)
            by_name = {str(condition): condition for condition in method.when}
            if failed and failed[0] in by_name:
                here = Situation(FACTS, dict(state.choices), state.artifacts)
                assert refusal(by_name[failed[0]], here) == failed[1]
