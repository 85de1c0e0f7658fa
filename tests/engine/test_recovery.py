"""The ladder of a failed task: again, somebody else, people."""

import doctest

import pytest

from apps.engine import recovery
from apps.engine.recovery import Ladder, next_rung

LADDER = Ladder(retries=2, backoff_seconds=2, factor=3)


@pytest.mark.parametrize(
    ("failures", "name", "delay"),
    [({"ada": 1}, "retry", 2), ({"ada": 2}, "retry", 6), ({"ada": 3}, "reassign", 0)],
)
def test_an_agent_has_its_retries_each_after_a_longer_wait(failures: dict[str, int], name: str, delay: float) -> None:
    rung = next_rung(failures, ["ada", "bob"], LADDER)
    assert (rung.name, rung.delay) == (name, delay)


def test_the_next_agent_has_its_own_retries_and_the_wait_goes_on_growing() -> None:
    rung = next_rung({"ada": 3, "bob": 1}, ["ada", "bob"], LADDER)
    assert (rung.name, rung.delay, rung.excluded) == ("retry", 2 * 3**3, frozenset({"ada"}))


def test_when_all_had_their_tries_people_are_asked() -> None:
    rung = next_rung({"ada": 3, "bob": 3}, ["ada", "bob"], LADDER)
    assert (rung.name, rung.excluded) == ("escalate", frozenset({"ada", "bob"}))
    assert rung.sentence == "6 attempts failed; every agent that could take it has had its tries."


def test_when_nobody_is_left_people_are_told_so() -> None:
    rung = next_rung({"ada": 1}, [], LADDER)
    assert rung.name == "escalate"
    assert rung.sentence == "1 attempt failed, and no agent is there that could take it."


def test_an_agent_that_has_gone_is_followed_by_another_at_once() -> None:
    assert next_rung({"ada": 1}, ["bob"], LADDER).name == "reassign"


def test_without_retries_the_first_failure_goes_to_somebody_else() -> None:
    assert next_rung({"ada": 1}, ["ada", "bob"], Ladder(retries=0)).name == "reassign"
    assert next_rung({"ada": 1}, ["ada"], Ladder(retries=0)).name == "escalate"


@pytest.mark.parametrize("agents", [1, 2, 5])
@pytest.mark.parametrize("retries", [0, 1, 3])
def test_every_ladder_ends_with_people_after_a_known_number_of_tries(agents: int, retries: int) -> None:
    names = [f"agent{number}" for number in range(agents)]
    failures: dict[str, int] = {}
    ladder, current, tries = Ladder(retries=retries), names[0], 0
    while True:
        tries += 1
        failures[current] = failures.get(current, 0) + 1
        rung = next_rung(failures, names, ladder)
        if rung.name == "escalate":
            break
        if rung.name == "reassign":
            current = next(name for name in names if name not in rung.excluded)
    assert tries == agents * (retries + 1)


def test_the_examples_in_the_module_are_true() -> None:
    assert doctest.testmod(recovery).failed == 0
