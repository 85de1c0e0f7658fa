"""The judge of schedules sees each kind of mistake, in any schedule that is right otherwise."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.engine.astar import best_schedule
from apps.engine.schedule import schedule
from apps.engine.work import Job, Placement, Schedule, Work, Worker
from tests.engine.checker import faults
from tests.engine.drawn import BOTH, drawn
from tests.engine.strategies import works

GOOD_WORK = drawn(1, 20, workers=BOTH)
GOOD = best_schedule(GOOD_WORK, deadline=lambda: False, node_budget=1000)


def with_placement(found, number, **changes):
    placements = list(found.placements)
    placements[number] = replace(placements[number], **changes)
    return replace(found, placements=tuple(placements))


def test_a_good_schedule_has_no_faults():
    assert faults(GOOD_WORK, GOOD) == []


@pytest.mark.parametrize("number", range(20))
def test_a_task_moved_to_the_front_is_seen(number):
    """Everything but the first tasks waits for something, or for a slot."""
    moved = GOOD.placements[number]
    if moved.start == 0:
        return
    length = moved.end - moved.start
    assert faults(GOOD_WORK, with_placement(GOOD, number, start=0.0, end=length))


@pytest.mark.parametrize("number", range(20))
@pytest.mark.parametrize(
    "changes",
    [{"end": -1.0}, {"worker": ""}, {"worker": "stranger"}, {"slot": 3}, {"slot": -1}, {"key": "j3"}],
    ids=str,
)
def test_every_changed_field_is_seen(number, changes):
    if GOOD.placements[number].key == changes.get("key"):
        changes = {"key": "j4"}

    assert faults(GOOD_WORK, with_placement(GOOD, number, **changes))


@pytest.mark.parametrize("number", range(20))
def test_a_forgotten_or_doubled_task_is_seen(number):
    rest = GOOD.placements[:number] + GOOD.placements[number + 1 :]

    assert faults(GOOD_WORK, replace(GOOD, placements=rest)) == ["not every job is placed exactly once"]
    doubled = (*GOOD.placements, GOOD.placements[number])
    assert faults(GOOD_WORK, replace(GOOD, placements=doubled)) == ["not every job is placed exactly once"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"makespan": GOOD.makespan - 1, "bound": 0.0, "proven": False}, "the makespan is not the last end"),
        ({"bound": GOOD.makespan + 1}, "the bound is above the makespan"),
        ({"bound": GOOD.makespan - 1, "proven": True}, "it is called proven, and the bound is below the makespan"),
    ],
)
def test_a_wrong_claim_is_seen(changes, words):
    assert faults(GOOD_WORK, replace(GOOD, **changes)) == [words]


def test_an_agent_beyond_its_limit_and_its_capabilities_is_seen():
    work = Work((Job("a", 2, capability="x"), Job("b", 2, capability="y")), {}, 2, BOTH)
    placed = (Placement("a", 0, 2, 0, "both"), Placement("b", 0, 2, 1, "both"))

    assert any("where 1 may" in fault for fault in faults(work, Schedule(placed, 2, 2, True, "by hand")))
    placed = (Placement("a", 0, 2, 0, "both"), Placement("b", 0, 2, 1, "one"))
    assert faults(work, Schedule(placed, 2, 2, True, "by hand")) == ["one cannot do y"]


def test_an_agent_with_no_room_at_all_is_nobodys_agent():
    work = Work((Job("a", 2, capability="x"),), {}, 1, (Worker("off", frozenset("x"), 0),))

    assert faults(work, schedule(work)) == []


@given(works(most=10, phases=3), st.data())
def test_an_edge_that_was_not_kept_is_seen(work, data):
    """The same schedule, judged with one more edge: from a task to one that starts before its end."""
    found = schedule(work)
    pairs = [(one.key, other.key) for one in found.placements for other in found.placements
             if one.key != other.key and one.end > other.start + 0.5]  # fmt: skip
    assume(pairs)
    need, key = data.draw(st.sampled_from(pairs))
    stricter = replace(work, needs={**work.needs, key: (*work.needs[key], need)})

    assert f"{key} starts before {need} ends" in faults(stricter, found)


@given(works(most=10, phases=3))
def test_a_span_that_is_too_short_is_seen(work):
    found = schedule(work)
    assume(found.makespan > 0)
    spans = [replace(span, end=span.end - 0.5) if span.end == found.makespan else span for span in found.phases]

    assert any("longer than its span" in fault for fault in faults(work, replace(found, phases=tuple(spans))))
    assert "not every phase has a span" in faults(work, replace(found, phases=(*found.phases, found.phases[0])))
