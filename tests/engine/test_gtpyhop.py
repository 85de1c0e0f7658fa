"""GTPyhop as the oracle: on totally ordered domains both planners must find the same plan, or both none."""

import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import gtpyhop
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.conditions import Condition
from apps.engine.facts import Facts
from apps.engine.htn import Domain, NoDecomposition, decompose
from apps.engine.methods import Library, Method
from tests.engine.domains import FACTS, generated


def holds(condition: Condition, facts: Facts, state: Any) -> bool:
    """The vocabulary of preconditions once more, written apart from the one that is tested."""
    value = condition.value
    match condition.op:
        case "any":
            return any(holds(each, facts, state) for each in value)
        case "all":
            return all(holds(each, facts, state) for each in value)
        case "not":
            return not holds(value, facts, state)
        case "features":
            return bool(len(facts.features) >= value[0])
        case "quality":
            return any(quality.name in value for quality in facts.qualities)
        case "kind":
            return bool(facts.kind in value)
        case "chosen":
            return all(state.choices.get(name) in wanted for name, wanted in value)
        case "artifact":
            return bool(set(value) <= state.artifacts)
    raise AssertionError(condition.op)


def oracle(library: Library, facts: Facts) -> Any:
    """The library as a domain of GTPyhop: choices become actions of their own, since its methods change no state."""
    domain = gtpyhop.Domain("oracle")

    def do(state: Any, key: str, produces: tuple[str, ...]) -> Any:
        state.artifacts = state.artifacts | set(produces)
        return state

    def choose(state: Any, name: str, value: str) -> Any:
        if state.choices.get(name, value) != value:
            return False
        state.choices = {**state.choices, name: value}
        return state

    gtpyhop.set_current_domain(domain)
    gtpyhop.declare_actions(do, choose)
    for compound in library.compounds.values():
        gtpyhop.declare_task_methods(compound.name, *(refined(library, facts, each) for each in compound.methods))
    return domain


def refined(library: Library, facts: Facts, method: Method) -> Callable[..., Any]:
    def refine(state: Any, *binding: str) -> Any:
        if not all(holds(condition, facts, state) for condition in method.when):
            return False
        todo: list[Any] = [("choose", name, value) for name, value in method.chooses.items()]
        for step in method.steps:
            for more in [(feature.slug,) for feature in facts.features] if step.for_each else [()]:
                todo.append(item(library, facts, step.task, (*binding, *more)))
        return todo

    refine.__name__ = method.name
    return refine


def item(library: Library, facts: Facts, task: str, binding: tuple[str, ...]) -> Any:
    if task in library.compounds:
        return (task, *binding)
    slugs = {feature.slug: feature.slug.replace("-", "_") for feature in facts.features}
    produces = tuple(
        path.replace("{feature.module}", slugs.get(binding[-1], "") if binding else "")
        for path in library.primitives[task].produces
    )
    return ("do", "-".join([task, *binding]), produces)


def oracle_plan(library: Library, facts: Facts) -> list[str] | None:
    domain = oracle(library, facts)
    state = gtpyhop.State("start")
    state.choices, state.artifacts = {}, set(library.given)
    session = gtpyhop.PlannerSession(
        domain=domain, strategy="recursive_dfs", verbose=0, structured_logging=False, auto_cleanup=False
    )
    result = session.find_plan(state, [(library.root,)])
    if not result.success or result.plan is False or result.plan is None:
        return None
    return [action[1] for action in result.plan if action[0] == "do"]


def our_plan(library: Library, facts: Facts) -> list[str] | None:
    try:
        return [task.key for task in decompose(Domain(library, facts, {})).tasks]
    except NoDecomposition:
        return None


def test_both_find_the_same_plan_on_seeded_domains() -> None:
    found, none = 0, 0
    for seed in range(400):
        library = generated(random.Random(seed))
        plan = our_plan(library, FACTS)
        assert plan == oracle_plan(library, FACTS), f"seed {seed}"
        found, none = found + (plan is not None), none + (plan is None)
    assert found > 100, "else the domains say nothing about plans"
    assert none > 50, "else they say nothing about failures"


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_both_find_the_same_plan_on_random_domains(source: random.Random) -> None:
    library = generated(source)
    assert our_plan(library, FACTS) == oracle_plan(library, FACTS)


def test_the_oracle_would_see_another_order_of_methods() -> None:
    """The comparison can fail: with the methods turned round, some plan differs."""
    differs = 0
    for seed in range(60):
        library = generated(random.Random(seed))
        turned = {
            name: SimpleNamespace(name=each.name, methods=tuple(reversed(each.methods)))
            for name, each in library.compounds.items()
        }
        other = SimpleNamespace(compounds=turned, primitives=library.primitives, root=library.root, given=library.given)
        differs += our_plan(library, FACTS) != oracle_plan(other, FACTS)  # type: ignore[arg-type]
    assert differs > 5


@pytest.mark.parametrize("seed", range(20))
def test_backtracking_goes_as_deep_as_the_oracle_s(seed: int) -> None:
    library = generated(random.Random(1000 + seed), layers=3, width=3, ways=2)
    assert our_plan(library, FACTS) == oracle_plan(library, FACTS)
