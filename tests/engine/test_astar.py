"""The search is admissible: against every schedule there is, on problems small enough to try them all."""

from itertools import permutations, product

import pytest
from hypothesis import given, settings

from apps.engine.astar import best_schedule
from apps.engine.schedule import best_list_schedule
from apps.engine.work import Job, Work, Worker
from tests.engine.checker import faults
from tests.engine.strategies import works


def patiently(work):
    return best_schedule(work, deadline=lambda: False, node_budget=10**6)


def shortest(work):
    """The true optimum: every order and every choice of agents, each job as early as it can in that order."""
    best = float("inf")
    keys = [job.key for job in work.jobs]
    for order in permutations(keys):
        position = {key: index for index, key in enumerate(order)}
        if any(position[need] > position[key] for key in keys for need in work.needs[key]):
            continue
        able = [[w for w in work.workers if work.job(k).capability in w.capabilities] or [None] for k in order]
        for agents in product(*able):
            best = min(best, serial_length(work, order, agents))
    return best


def serial_length(work, order, agents):
    placed: list[tuple[str, float, float, Worker | None]] = []
    for key, agent in zip(order, agents, strict=True):
        minutes = work.job(key).minutes
        earliest = max((end for k, _, end, _ in placed if k in work.needs[key]), default=0.0)
        for start in sorted({earliest, *(end for _, _, end, _ in placed if end > earliest)}):
            if fits(work, placed, start, start + minutes, agent):
                placed.append((key, start, start + minutes, agent))
                break
    return max((end for _, _, end, _ in placed), default=0.0)


def fits(work, placed, start, end, agent):
    moments = {start, *(s for _, s, _, _ in placed if start < s < end)}
    for moment in moments:
        running = [a for _, s, e, a in placed if s <= moment < e]
        if len(running) >= work.slots or (agent and running.count(agent) >= agent.limit):
            return start == end
    return True


@settings(max_examples=60, deadline=None)
@given(works(most=5))
def test_what_it_calls_proven_is_the_shortest(work):
    found = patiently(work)

    assert faults(work, found) == []
    assert found.proven
    assert found.makespan == pytest.approx(shortest(work))


def test_it_finds_what_the_list_misses():
    jobs = tuple(Job(key, minutes) for key, minutes in (("a", 3), ("b", 3), ("c", 2), ("d", 2), ("e", 2)))
    work = Work(jobs, {}, slots=2)

    found = patiently(work)

    assert best_list_schedule(work).makespan > found.makespan == 6
    assert (found.proven, found.method) == (True, "search")
    assert faults(work, found) == []


@given(works(most=12))
def test_without_time_the_list_schedule_stands_and_nothing_more_is_claimed(work):
    found = best_schedule(work, deadline=lambda: True)
    plain = best_list_schedule(work)

    assert (found.makespan, found.proven) == (plain.makespan, plain.proven)


@settings(max_examples=60, deadline=None)
@given(works(most=6))
def test_a_broken_off_search_claims_no_more_than_it_knows(work):
    truth = patiently(work).makespan
    for budget in (1, 3, 10):
        found = best_schedule(work, deadline=lambda: False, node_budget=budget)
        assert faults(work, found) == []
        assert found.bound <= truth + 1e-9
        assert not found.proven or found.makespan == pytest.approx(truth)


def test_the_clock_is_asked_for_every_child():
    asked = []
    jobs = tuple(Job(f"j{n}", 1 + n % 4) for n in range(14))
    work = Work(jobs, {}, slots=3, workers=(Worker("w", frozenset({""}), 2),))

    def deadline():
        asked.append(1)
        return len(asked) > 50

    found = best_schedule(work, deadline=deadline)

    assert found.nodes <= len(asked) <= 52 or found.proven


def test_a_budget_that_ends_proves_nothing():
    jobs = tuple(Job(key, minutes) for key, minutes in (("a", 3), ("b", 3), ("c", 2), ("d", 2), ("e", 2)))

    found = best_schedule(Work(jobs, {}, slots=2), deadline=lambda: False, node_budget=1)

    assert (found.makespan, found.bound, found.proven) == (7, 6, False)
