"""What people can decide at a gate besides yes: ask for changes, send it back, change their mind, stop everything."""

import pytest
from django.test import Client

from tests.flows.people import GATES, PersonAtWork

BRIEF = """The chess club needs a command-line tool.

- add a player with a name and a rating
- list all players

A player has a name and a rating.
"""


def started(person: PersonAtWork) -> str:
    goal = person.submits("Chess club", BRIEF)
    person.waits_for_goal(goal, "proposed")
    person.post(f"/goals/{goal}/start")
    return goal


def statuses(person: PersonAtWork, goal: str, phase: int) -> dict[str, str]:
    rows = person.get(f"/goals/{goal}/tasks?limit=200")["items"]
    return {row["key"]: row["status"] for row in rows if row["phase"] == phase and row["kind"] == "work"}


def test_requested_changes_reach_the_agent_and_the_next_round_shows_them(ada: PersonAtWork) -> None:
    goal = started(ada)
    first = ada.waits_for_gate(goal, "QG-PHASE1")

    # Ada asks for something. Nothing of phase 2 starts; the tasks of phase 1 are reopened.
    words = 'mention "left-handed clocks" in the requirements'
    ada.votes(first, "request_changes", items=[{"text": words, "anchor": "requirements/requirements.md"}])

    # The agent gets her words in its next packet, and a second round begins with what came of them.
    second = ada.waits_for_round(goal, "QG-PHASE1", 2)
    tasks = ada.get(f"/goals/{goal}/tasks?limit=200")["items"]
    reopened = [task for task in tasks if task["revision"] == 2]
    assert reopened
    packets = [ada.get(f"/tasks/{task['id']}/packet") for task in reopened]
    assert any(words in note["text"] for packet in packets for note in packet["feedback"])
    assert second["evidence_digest"] != first["evidence_digest"]

    # What she saw in round 1 can't be approved any more.
    ada.votes(first, "approve", expect=409)


def test_a_rejection_takes_the_goal_back_exactly(ada: PersonAtWork) -> None:
    goal = started(ada)
    for code in GATES[:2]:
        ada.approves_as_it_opens(goal, code)
    gate = ada.waits_for_gate(goal, "QG-PHASE3")
    head = ada.get(f"/goals/{goal}/artifacts?limit=200")["items"]
    assert any(row["path"].startswith("infrastructure/") for row in head)

    # Back to the requirements: gates 1 to 3 are pending again, and so are their phases.
    ada.votes(gate, "reject", to_phase=1, reason_code="wrong_direction", comment="We want something else.")
    again = ada.waits_for_round(goal, "QG-PHASE1", 2)
    rows = {row["code"]: row["status"] for row in ada.get(f"/gates?goal={goal}")["items"]}
    assert rows["QG-PHASE2"] == rows["QG-PHASE3"] == "pending"
    assert set(statuses(ada, goal, 2).values()) == {"blocked"}
    assert set(statuses(ada, goal, 3).values()) == {"blocked"}
    paths = {row["path"] for row in ada.get(f"/goals/{goal}/artifacts?limit=200")["items"]}
    assert not any(path.startswith(("infrastructure/", "architecture/")) for path in paths)

    # From there it goes on as before.
    ada.votes(again, "approve")
    ada.waits_for_gate(goal, "QG-PHASE2")


def test_a_vote_can_be_taken_back_while_the_window_is_open(ada: PersonAtWork) -> None:
    from apps.gates.services import definition_change

    definition_change(code="QG-PHASE1", person=ada.person, undo_seconds=600)
    goal = started(ada)
    gate = ada.waits_for_gate(goal, "QG-PHASE1")
    ada.votes(gate, "approve")
    assert ada.get(f"/gates/{gate['id']}")["status"] == "deciding"
    ada.votes(gate, "withdraw")
    assert ada.get(f"/gates/{gate['id']}")["status"] == "open"
    assert set(statuses(ada, goal, 2).values()) == {"blocked"}


def test_without_solo_mode_shipping_needs_two_people(ada: PersonAtWork, ben: PersonAtWork) -> None:
    from apps.gates.services import solo_mode_switch

    solo_mode_switch(on=False, person=ada.person)
    goal = started(ada)
    for code in GATES[:6]:
        ben.approves_as_it_opens(goal, code)
    last = ada.waits_for_gate(goal, "QG-PHASE7")

    # Ben alone is not enough, and Ada, who submitted the goal, does not count.
    ben.votes(last, "approve")
    assert ben.get(f"/gates/{last['id']}")["status"] == "open"
    ada.votes(last, "approve", expect=(200, 201, 422))
    assert ben.get(f"/gates/{last['id']}")["status"] == "open"

    # A third person fills the second seat.
    eve = PersonAtWork.arrives("eve", role="lead")
    eve.votes(last, "approve")
    ada.waits_for_goal(goal, "delivered")


def test_a_viewer_and_a_token_decide_nothing(ada: PersonAtWork) -> None:
    goal = started(ada)
    gate = ada.waits_for_gate(goal, "QG-PHASE1")
    vic = PersonAtWork.arrives("vic", role="viewer")
    vic.votes(gate, "approve", expect=403)
    token = ada.post("/tokens", name="ci", scopes=["read", "submit", "operate", "registry"])["secret"]
    answer = Client().post(
        f"/api/v1/gates/{gate['id']}/votes",
        {"verdict": "approve", "evidence_digest": gate["evidence_digest"]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 403
    assert ada.get(f"/gates/{gate['id']}")["status"] == "open"


@pytest.mark.parametrize("moment", ["proposed", "running"])
def test_a_cancelled_goal_ends_at_once(ada: PersonAtWork, moment: str) -> None:
    goal = ada.submits("Chess club", BRIEF, start=moment == "running")
    ada.waits_for_goal(goal, moment)
    ada.post(f"/goals/{goal}/cancel", why="Nobody needs it.")
    assert ada.get(f"/goals/{goal}")["status"] == "cancelled"
    rows = ada.get(f"/goals/{goal}/tasks?limit=200")["items"]
    assert {row["status"] for row in rows} <= {"cancelled", "completed"}
    assert ada.get("/pool")["free"] == ada.get("/pool")["slots"]
    assert {row["status"] for row in ada.get(f"/gates?goal={goal}")["items"]} == {"closed"}


def test_a_paused_goal_drains_and_goes_on(ada: PersonAtWork) -> None:
    goal = started(ada)
    gate = ada.waits_for_gate(goal, "QG-PHASE1")
    ada.post(f"/goals/{goal}/pause")
    ada.votes(gate, "approve")
    ada.waits_for_gate(goal, "QG-PHASE1", status="passed")
    # What was cleared waits for the resume.
    assert not {"dispatched", "running", "completed"} & set(statuses(ada, goal, 2).values())
    ada.post(f"/goals/{goal}/resume")
    ada.waits_for_gate(goal, "QG-PHASE2")
