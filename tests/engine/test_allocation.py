"""Slots go to the highest priority that can use one; whoever gets none is told why."""

import doctest
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from apps.engine import allocation
from apps.engine.allocation import Allocation, Candidate, Choice, GoalLimit, Seat, Wait, allocate

FULL = Wait("slot", "All 10 slots are in use.")


def least_loaded(task: Candidate, able: Sequence[Seat], load: Mapping[str, int]) -> Choice:
    slug = min(able, key=lambda seat: (load[seat.slug], seat.slug)).slug
    return Choice(slug, f"{slug} has {load[slug]} running")


def task(name: str, priority: float = 1, **fields: Any) -> Candidate:
    return Candidate(name, **{"goal": "g", "capability": "code", "priority": priority, **fields})


def seat(slug: str = "ada", *, running: int = 0, limit: int = 10, **fields: Any) -> Seat:
    return Seat(slug, frozenset({"code"}), running, limit, **fields)


def give(
    tasks: Sequence[Candidate], seats: Sequence[Seat], *, free: int = 10, goals: Mapping[str, GoalLimit] | None = None
) -> Allocation:
    return allocate(tasks, seats, goals or {}, free=free, full=FULL, pick=least_loaded)


def given_to(result: Allocation) -> list[tuple[str, str]]:
    return [(one.task, one.agent) for one in result.assignments]


def test_the_highest_priority_comes_first_and_equal_ones_by_name() -> None:
    result = give([task("b", 1), task("c", 2), task("a", 1)], [seat()], free=2)
    assert given_to(result) == [("c", "ada"), ("a", "ada")]
    assert result.waits == {"b": FULL}


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_the_order_of_the_question_does_not_matter(order: tuple[str, ...]) -> None:
    assert given_to(give([task(name) for name in order], [seat()], free=2)) == [("a", "ada"), ("b", "ada")]


def test_each_choice_sees_the_loads_that_the_ones_before_made() -> None:
    result = give([task(name) for name in "abcd"], [seat("ada"), seat("bob", running=1)])
    assert result.assignments[0].why == "ada has 0 running"
    assert [agent for _, agent in given_to(result)] == ["ada", "ada", "bob", "ada"]


def test_an_agent_takes_no_more_than_its_limit() -> None:
    result = give([task("a"), task("b")], [seat(running=1, limit=2)])
    assert given_to(result) == [("a", "ada")]
    assert result.waits["b"] == Wait("agent", "Busy with as much as they take at once: ada.")


def test_who_holds_no_slot_needs_none() -> None:
    result = give([task("a"), task("b")], [seat("zoe", holds_slot=False)], free=0)
    assert len(result.assignments) == 2


def test_without_a_slot_only_those_who_need_none_are_asked() -> None:
    assert given_to(give([task("a")], [seat("ada"), seat("zoe", running=5, holds_slot=False)], free=0)) == [
        ("a", "zoe")
    ]


def test_a_missing_capability_is_named() -> None:
    result = give([task("a", capability="design")], [seat()])
    assert result.waits["a"] == Wait("capability", "No active agent can do design.")


def test_who_had_its_tries_stands_back_while_there_is_somebody_else() -> None:
    excluded = task("a", excluded=frozenset({"ada"}))
    assert given_to(give([excluded], [seat("ada"), seat("bob", running=9)])) == [("a", "bob")]
    assert given_to(give([excluded], [seat("ada")])) == [("a", "ada")]


def test_whom_a_person_chose_gets_it_or_nobody() -> None:
    wanted = task("a", wanted="bob", excluded=frozenset({"bob"}))
    assert given_to(give([wanted], [seat("ada"), seat("bob", running=9)])) == [("a", "bob")]
    assert give([wanted], [seat("ada")]).waits["a"].sentence == "It was given to bob, who is not active."


def test_a_goal_keeps_to_its_own_slots() -> None:
    limits = {"g": GoalLimit(running=1, slots=2)}
    result = give([task("a"), task("b"), task("c", goal="other")], [seat()], goals=limits)
    assert given_to(result) == [("a", "ada"), ("c", "ada")]
    assert result.waits["b"] == Wait("slot", "The goal uses all 2 slots that it may have at once.")


@pytest.mark.parametrize(("spent", "waits"), [(9.99, False), (10, True), (12, True)])
def test_a_spent_budget_stops_a_goal_with_the_figures(spent: float, waits: bool) -> None:
    result = give([task("a")], [seat()], goals={"g": GoalLimit(spent=spent, budget=10)})
    assert bool(result.waits) == waits
    if waits:
        assert result.waits["a"] == Wait("budget", f"The goal has spent {spent:.2f} of its budget of 10.00.")


def test_a_task_that_can_not_use_a_slot_does_not_keep_it_from_others() -> None:
    result = give([task("a", 9, capability="design"), task("b", 1)], [seat()], free=1)
    assert given_to(result) == [("b", "ada")]


candidates = st.lists(
    st.builds(
        Candidate,
        task=st.integers(0, 999).map(str),
        goal=st.sampled_from("gh"),
        capability=st.sampled_from(["code", "test", "design"]),
        priority=st.floats(0, 3),
        excluded=st.frozensets(st.sampled_from(["ada", "bob"]), max_size=2),
        wanted=st.sampled_from(["", "", "ada", "eve"]),
    ),
    max_size=12,
    unique_by=lambda one: one.task,
)
seats = st.lists(
    st.builds(
        Seat,
        slug=st.sampled_from(["ada", "bob", "eve"]),
        capabilities=st.frozensets(st.sampled_from(["code", "test"]), min_size=1),
        running=st.integers(0, 3),
        limit=st.integers(0, 4),
        holds_slot=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda one: one.slug,
)


@given(candidates, seats, st.integers(0, 5), st.integers(0, 4) | st.none())
@budget(max_examples=150, deadline=None, derandomize=True)
def test_no_limit_is_ever_passed_and_everybody_gets_an_answer(
    tasks: list[Candidate], agents: list[Seat], free: int, slots: int | None
) -> None:
    result = give(tasks, agents, free=free, goals={"g": GoalLimit(slots=slots)})
    by_slug, by_task = {one.slug: one for one in agents}, {one.task: one for one in tasks}
    told = [one.task for one in result.assignments] + list(result.waits)
    assert sorted(told) == sorted(by_task)
    assert sum(by_slug[one.agent].holds_slot for one in result.assignments) <= free
    for slug, count in Counter(one.agent for one in result.assignments).items():
        assert by_slug[slug].running + count <= by_slug[slug].limit
    for one in result.assignments:
        assert by_task[one.task].capability in by_slug[one.agent].capabilities
        assert by_task[one.task].wanted in ("", one.agent)
    assert slots is None or sum(by_task[one.task].goal == "g" for one in result.assignments) <= slots
    assert all(wait.sentence and wait.reason for wait in result.waits.values())


def test_the_example_in_the_module_is_true() -> None:
    assert doctest.testmod(allocation).failed == 0
