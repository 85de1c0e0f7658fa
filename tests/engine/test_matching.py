"""The best agent, with the numbers that made it so."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.matching import Candidate, NobodyAvailable, best_agent

CAN = frozenset({"backend.feature"})


def test_a_long_record_beats_one_lucky_try():
    steady = Candidate("steady", CAN, tries=100, successes=95)
    lucky = Candidate("lucky", CAN, tries=1, successes=1)

    match = best_agent("backend.feature", [lucky, steady])

    assert match.slug == "steady"
    assert "95 of 100 tries succeeded (counts as 94%)" in match.explanation
    assert match.losers[0].reason == "score 0.67 against 0.94"


def test_load_cost_and_speed_count():
    base = Candidate("base", CAN, limit=4)

    assert best_agent("backend.feature", [replace(base, slug="a-busy", running=3), base]).slug == "base"
    assert (
        best_agent("backend.feature", [replace(base, slug="a-dear", cost=2.0), replace(base, cost=1.0)]).slug == "base"
    )
    assert (
        best_agent("backend.feature", [replace(base, slug="a-slow", minutes=9), replace(base, minutes=1)]).slug
        == "base"
    )


def test_a_tie_goes_to_the_name_and_says_so():
    match = best_agent("backend.feature", [Candidate("b", CAN), Candidate("a", CAN)])

    assert match.slug == "a"
    assert match.losers[0].reason == "equal at 0.50, its name comes later"


def test_who_failed_before_is_taken_only_if_nobody_else_can():
    agents = [Candidate("a", CAN, tries=9, successes=9), Candidate("b", CAN)]

    match = best_agent("backend.feature", agents, avoid=frozenset({"a"}))

    assert match.slug == "b"
    assert match.losers[0].reason == "it failed at this task before"
    assert best_agent("backend.feature", agents[:1], avoid=frozenset({"a"})).slug == "a"


def test_nobody_comes_with_every_reason():
    agents = [
        Candidate("cook", frozenset({"other.thing"})),
        Candidate("full", CAN, running=1),
        Candidate("away", CAN, unavailable="it is draining"),
    ]

    with pytest.raises(NobodyAvailable) as error:
        best_agent("backend.feature", agents)
    assert [loser.reason for loser in error.value.losers] == [
        "it cannot do backend.feature",
        "it runs 1 of at most 1",
        "it is draining",
    ]
    with pytest.raises(NobodyAvailable, match="registry is empty"):
        best_agent("backend.feature", [])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.floats(0, 5)), min_size=1, max_size=6))
def test_everybody_is_accounted_for_and_the_order_does_not_matter(rows):
    agents = [
        Candidate(f"a{n}", CAN, running=running, limit=3, tries=tries, successes=tries // 2, cost=cost)
        for n, (running, tries, cost) in enumerate(rows)
    ]
    if all(agent.running >= agent.limit for agent in agents):
        return
    match = best_agent("backend.feature", agents)

    assert sorted([match.slug, *(loser.slug for loser in match.losers)]) == sorted(agent.slug for agent in agents)
    assert best_agent("backend.feature", agents[::-1]).slug == match.slug
