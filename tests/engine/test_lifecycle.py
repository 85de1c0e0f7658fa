"""The tables say what design §4 says: each legal move, and no other."""

import doctest
import itertools

import pytest

from apps.engine import lifecycle
from apps.engine.lifecycle import LIFECYCLES, IllegalMove

# The chapter's own notation, line by line: a → b → c, alternatives with |.
DESIGN = {
    "goal": [
        ("draft", "planning"), ("planning", "proposed"), ("proposed", "running"), ("running", "delivering"),
        ("delivering", "delivered"), ("delivered", "accepted"), ("running", "paused"), ("paused", "running"),
        ("proposed", "planning"), ("planning", "failed"), ("failed", "planning"), ("delivering", "running"),
        ("delivered", "running"),
    ],
    "plan": [
        ("draft", "proposed"), ("proposed", "active"), ("active", "superseded"), ("draft", "discarded"),
        ("proposed", "discarded"),
    ],
    "attempt": [
        ("dispatched", "running"), ("running", "succeeded"), ("running", "failed"), ("running", "expired"),
        ("running", "cancelled"), ("running", "waiting"), ("dispatched", "failed"), ("dispatched", "expired"),
        ("dispatched", "cancelled"),
    ],
    "condition": [("open", "met"), ("open", "waived")],
    "escalation": [("open", "resolved"), ("open", "expired")],
}  # fmt: skip


@pytest.mark.parametrize("thing", DESIGN)
def test_a_table_has_the_moves_of_the_design(thing: str) -> None:
    legal = {(old, new) for old, new, allowed in LIFECYCLES[thing].pairs() if allowed}
    wanted = set(DESIGN[thing])
    if thing == "goal":  # any but accepted → cancelled; a running goal fails only by a person's decision
        wanted |= {(old, "cancelled") for old in LIFECYCLES["goal"].statuses if old not in ("accepted", "cancelled")}
        wanted |= {("running", "failed")}
    assert legal == wanted


@pytest.mark.parametrize(
    ("thing", "path"),
    [
        ("task", "blocked ready dispatched running merging completed reopened ready"),
        ("task", "blocked ready dispatched retrying ready"),
        ("task", "running retrying ready"),
        ("task", "running waiting ready"),
        ("task", "merging conflict ready"),
        ("task", "completed reopened blocked"),
        ("task", "merging retrying escalated ready"),
        ("task", "escalated skipped"),
        ("gate", "pending reviewing open deciding passed pending"),
        ("gate", "deciding open deciding changes_requested pending"),
        ("gate", "deciding rejected pending"),
        ("agent", "active draining active disabled active quarantined active unreachable active retired"),
    ],
)
def test_a_path_of_the_design_can_be_gone(thing: str, path: str) -> None:
    steps = path.split()
    for old, new in itertools.pairwise(steps):
        LIFECYCLES[thing].check(old, new)


UNFINISHED = sorted(set(lifecycle.TASK.statuses) - {"completed", "skipped", "cancelled"})


@pytest.mark.parametrize("old", UNFINISHED)
@pytest.mark.parametrize("new", ["blocked", "escalated", "cancelled"])
def test_any_unfinished_task_can_be_rewound_escalated_or_cancelled(old: str, new: str) -> None:
    assert lifecycle.TASK.allows(old, new) == (old != new)


@pytest.mark.parametrize("old", ["reviewing", "open", "deciding", "passed", "changes_requested", "rejected"])
def test_a_gate_can_go_back_to_pending_and_be_closed(old: str) -> None:
    assert lifecycle.GATE.allows(old, "pending")
    assert lifecycle.GATE.allows(old, "closed")


@pytest.mark.parametrize(
    ("thing", "old", "new"),
    [
        ("goal", "accepted", "cancelled"),
        ("goal", "draft", "running"),
        ("goal", "paused", "delivering"),
        ("task", "completed", "cancelled"),
        ("task", "completed", "ready"),
        ("task", "blocked", "dispatched"),
        ("task", "blocked", "skipped"),
        ("gate", "open", "passed"),
        ("gate", "reviewing", "passed"),
        ("gate", "pending", "passed"),
        ("gate", "closed", "pending"),
        ("attempt", "expired", "succeeded"),
        ("attempt", "cancelled", "succeeded"),
        ("agent", "retired", "active"),
        ("plan", "superseded", "active"),
    ],
)
def test_what_would_break_a_promise_is_in_no_table(thing: str, old: str, new: str) -> None:
    with pytest.raises(IllegalMove, match=f"A {thing} that is '{old}' can't become '{new}'"):
        LIFECYCLES[thing].check(old, new)


@pytest.mark.parametrize("thing", LIFECYCLES)
def test_a_table_is_closed_and_every_status_can_be_reached(thing: str) -> None:
    table = LIFECYCLES[thing]
    assert table.thing == thing
    assert set().union(*table.moves.values()) <= set(table.statuses)
    reached, new = set(), {table.initial}
    while new:
        reached |= new
        new = set().union(*(table.moves[status] for status in new)) - reached
    assert reached == set(table.statuses)
    assert table.final


@pytest.mark.parametrize("thing", LIFECYCLES)
def test_no_status_follows_itself_and_unknown_ones_follow_nothing(thing: str) -> None:
    table = LIFECYCLES[thing]
    assert not any(table.allows(status, status) for status in table.statuses)
    assert not table.allows("unheard of", table.initial)
    assert not table.allows(table.initial, "unheard of")
    for new in table.statuses:
        assert table.before(new) == {old for old in table.statuses if table.allows(old, new)}


def test_the_examples_in_the_module_are_true() -> None:
    result = doctest.testmod(lifecycle)
    assert (result.failed, result.attempted > 0) == (0, True)
