"""What is due next, as a pure function of a snapshot."""

import doctest
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.engine import steps
from apps.engine.lifecycle import GATE, GOAL, TASK
from apps.engine.steps import GateView, Snapshot, Step, next_steps, phase_done

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)


def at(status: str = "running", *, gate: GateView | None = None, **fields: Any) -> list[str]:
    """The names of the steps for a goal whose first phase is cleared and whose first gate is ``gate``."""
    values: dict[str, Any] = {"cleared": frozenset({1}), "gates": {1: gate} if gate else {}, **fields}
    return [step.name for step in next_steps(Snapshot(status, NOW, **values))]


@pytest.mark.parametrize("status", GOAL.statuses)
def test_each_status_of_a_goal_has_its_step(status: str) -> None:
    wanted = {"planning": ["plan"], "delivering": ["pack"]}.get(status, [])
    assert at(status) == wanted


def test_a_proposed_plan_is_started_only_if_somebody_asked_for_it() -> None:
    assert at("proposed") == []
    assert at("proposed", start_when_proposed=True) == ["start"]
    assert at("planning", start_when_proposed=True) == ["plan"]


@pytest.mark.parametrize("status", TASK.statuses)
def test_a_round_begins_when_each_task_of_the_phase_is_settled(status: str) -> None:
    settled = status in {"completed", "skipped", "cancelled"}
    work = {1: {"completed": 2, status: 1}}
    assert phase_done(Snapshot("running", NOW, work=work), 1) == settled
    assert at(gate=GateView("pending"), work=work) == (["begin_round"] if settled else [])


def test_a_phase_without_tasks_stops_at_its_gate_too() -> None:
    assert at(gate=GateView("pending")) == ["begin_round"]
    assert at(gate=GateView("pending"), work={1: {"running": 0}}) == ["begin_round"]


def test_the_tasks_of_another_phase_do_not_hold_the_gate() -> None:
    assert at(gate=GateView("pending"), work={2: {"blocked": 3}}) == ["begin_round"]


def test_a_phase_that_is_not_cleared_has_no_steps() -> None:
    assert at(gate=GateView("pending"), cleared=frozenset()) == []
    assert at(gate=GateView("deciding", deciding_until=BEFORE), cleared=frozenset({2})) == []


@pytest.mark.parametrize("status", TASK.statuses)
def test_the_evidence_is_frozen_when_each_review_is_over(status: str) -> None:
    over = status in {"completed", "skipped", "cancelled", "escalated"}
    reviews = {1: {"completed": 1, status: 1}}
    assert at(gate=GateView("reviewing", AFTER), reviews=reviews) == (["freeze_round"] if over else [])


@pytest.mark.parametrize(("until", "due"), [(BEFORE, True), (NOW, True), (AFTER, False)])
def test_reviews_have_their_time(until: datetime, due: bool) -> None:
    assert at(gate=GateView("reviewing", until), reviews={1: {"running": 1}}) == (["freeze_round"] if due else [])


@pytest.mark.parametrize(("until", "due"), [(BEFORE, True), (NOW, True), (AFTER, False), (None, False)])
def test_a_decision_is_settled_when_it_can_no_longer_be_taken_back(until: datetime | None, due: bool) -> None:
    assert at(gate=GateView("deciding", deciding_until=until)) == (["settle"] if due else [])


@pytest.mark.parametrize("status", sorted(set(GATE.statuses) - {"pending", "reviewing", "deciding"}))
def test_a_gate_that_waits_for_people_or_is_over_needs_nothing(status: str) -> None:
    assert at(gate=GateView(status, BEFORE, BEFORE)) == []


def test_pausing_drains_and_what_people_decided_is_settled() -> None:
    assert at("paused", gate=GateView("pending")) == []
    assert at("paused", gate=GateView("reviewing", BEFORE)) == ["freeze_round"]
    assert at("paused", gate=GateView("deciding", deciding_until=BEFORE)) == ["settle"]
    assert at("paused", cleared=frozenset({8})) == []


def test_clearance_8_delivers() -> None:
    assert at(cleared=frozenset({1, 8})) == ["deliver"]


def test_several_phases_have_their_steps_in_order() -> None:
    gates = {2: GateView("deciding", deciding_until=BEFORE), 1: GateView("pending")}
    snapshot = Snapshot("running", NOW, frozenset({1, 2}), gates)
    assert next_steps(snapshot) == [Step("begin_round", 1), Step("settle", 2)]
    assert next_steps(snapshot) == next_steps(snapshot)


def test_the_example_in_the_module_is_true() -> None:
    assert doctest.testmod(steps) == doctest.TestResults(failed=0, attempted=3)
