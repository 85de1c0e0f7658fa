"""Why a task waits, in words, for each reason: pure, without a database."""

import pytest

from apps.dashboard.pages.waiting import Why, why
from apps.gates.models import Gate
from apps.tasks.models import Attempt, Task
from apps.tasks.models.tasks import WAIT_REASONS


def told(
    *, goal: str = "running", gate: str = "passed", missing: tuple[str, ...] = (), note: str = "", **fields: object
) -> Why:
    task = Task(**{"title": "t", "phase": 2, **fields})
    gates = {1: Gate(phase=1, code="QG-PHASE1", status=gate)}
    return why(task, gates=gates, missing=missing, goal=goal, attempt=Attempt(note=note))


@pytest.mark.parametrize("status", ["completed", "skipped", "cancelled"])
def test_what_ended_waits_for_nothing(status: str) -> None:
    assert told(status=status) == Why("", "")


def test_what_runs_tells_its_note() -> None:
    assert told(status="running", note="reading").text == "reading"


def test_a_dependency_is_named_before_the_gate() -> None:
    assert told(status="blocked", gate="open", missing=("Write it", "b", "c")).text == "Needs “Write it” and 2 more."


@pytest.mark.parametrize(
    ("status", "words"),
    [("pending", "is not open yet"), ("open", "needs a decision"), ("changes_requested", "has asked for changes")],
)
def test_a_gate_is_named_with_how_it_stands(status: str, words: str) -> None:
    assert told(status="blocked", gate=status) == Why("gate", f"QG-PHASE1 {words}.")


def test_a_paused_goal_and_a_proposed_plan_come_first() -> None:
    assert told(status="ready", goal="paused").kind == "paused"
    assert told(status="blocked", goal="proposed").text == "Waits for the start of the plan."


def test_people_are_asked_with_the_ladders_words() -> None:
    assert told(status="escalated", wait_detail="4 attempts failed.") == Why("person", "4 attempts failed.")
    assert told(status="waiting").kind == "person"


@pytest.mark.parametrize("reason", WAIT_REASONS)
def test_every_reason_has_words(reason: str) -> None:
    assert told(status="ready", wait_reason=reason).text
    assert told(status="blocked", wait_reason=reason).text
    assert told(status="ready", wait_reason=reason, wait_detail="The hub says so.").text == "The hub says so."
