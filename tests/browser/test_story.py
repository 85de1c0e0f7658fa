"""The whole story by clicking: what a command group does from the empty page to the deliverable in hand."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import gate_room
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
PROJECT = Path(__file__).resolve().parents[2]
BRIEF = (
    "Our reading circle needs a small web application.\n\n- add a book with a title and an author\n- list all books\n"
)
THREATS = "architecture/threats.md"
CHANGE = "Mention that a copy of the list is kept at home."


@pytest.fixture
def cleo(ada: Desk, open_desk: OpenDesk) -> Desk:
    """The second voice that shipping needs: who submitted the goal does not count there."""
    return open_desk("cleo")


def test_from_the_empty_page_to_the_deliverable(ada: Desk, ben: Desk, cleo: Desk, hub: None, tmp_path: Path) -> None:
    switches_solo_mode_off(ada)
    goal = submits(ada)
    compares_and_starts(ada, goal)
    watches(ben, goal)

    gate_room.gate_opened(ben, goal, "QG-PHASE1")
    ben.stays()
    gate_room.approves(ben)
    expect(gate_room.head(ben)).to_contain_text("Passed")

    changes_are_asked_for_and_done(ada, ben, goal)
    a_round_is_rejected_and_done_again(ben, goal)
    for code in ("QG-PHASE4", "QG-PHASE5"):
        gate_room.gate_opened(ben, goal, code)
        gate_room.approves(ben)
        expect(gate_room.head(ben)).to_contain_text("Passed")
    integration_is_accepted(ben, goal)
    shipping_needs_two(ada, ben, cleo, goal)
    takes_the_deliverable(ada, goal, tmp_path / "final_deliverable.zip")


def switches_solo_mode_off(ada: Desk) -> None:
    """Ada, no longer alone, switches solo mode off: each gate then asks its own groups."""
    ada.go("/people")
    ada.button("Switch solo mode off").click()
    expect(ada.button("Switch solo mode on")).to_be_visible()


def submits(ada: Desk) -> str:
    """She finds the empty page, writes a goal, and is shown its plan. Returns the goal's address."""
    ada.go("/")
    ada.sees("What should your agents do first?")
    ada.page.locator(".welcome").get_by_role("link", name="Write a goal").click()
    ada.page.get_by_label("Title").fill("Reading circle")
    ada.page.get_by_label("Brief", exact=True).fill(BRIEF)
    ada.submits(skips=False)
    answers_what_would_change_the_plan(ada)
    expect(ada.page.get_by_role("heading", name="Plan of “Reading circle”")).to_be_visible()
    return ada.page.url.removeprefix(ada.base).removesuffix("/plan")


def answers_what_would_change_the_plan(ada: Desk) -> None:
    """She is shown what was understood, sees what each answer would change, and answers."""
    understood = ada.page.locator(".intake")
    expect(understood).to_contain_text("List all books")
    expect(understood).to_contain_text("“add a book with a title and an author”")
    where = ada.page.get_by_role("group", name=re.compile("Where should the data be kept"))
    expect(where.get_by_role("radio").first).to_be_checked()
    expect(where).to_contain_text(re.compile(r"\d+ tasks? done otherwise"))
    ada.button("Plan it").click()


def compares_and_starts(ada: Desk, goal: str) -> None:
    ada.stays()
    approaches = ada.page.locator(".compare .approach-name")
    expect(approaches.nth(2)).to_be_visible()
    names = approaches.all_text_contents()
    assert len(names) >= 3
    assert len(set(names)) == len(names)
    expect(ada.page.locator("#goal-plan")).to_contain_text("Critical path")
    ada.stayed()
    ada.button("Start").click()
    ada.page.get_by_role("dialog").get_by_role("button", name="Start").click()
    ada.sees("Running")


def watches(ben: Desk, goal: str) -> None:
    """Tasks move before his eyes, and at last his decision is asked for, without loading anything again."""
    ben.go(goal)
    ben.is_live()
    ben.stays()
    first = ben.page.locator("#goal-tasks tbody").first
    expect(first.locator(".pill", has_text="Completed").first).to_be_visible()
    expect(ben.link("Decide QG-PHASE1")).to_be_visible()
    ben.stayed()


def changes_are_asked_for_and_done(ada: Desk, ben: Desk, goal: str) -> None:
    """Ada wants more at QG-PHASE2. Its agent gets her words, and the next round shows that it was done."""
    gate_room.gate_opened(ada, goal, "QG-PHASE2")
    gate_room.asks_for_changes(ada, CHANGE, THREATS)
    ada.stays()
    # She stays where she is: the next round comes to her.
    expect(gate_room.head(ada)).to_contain_text("Round 2")
    asked = ada.page.locator(".asks .ask", has_text=CHANGE)
    expect(asked.locator(".pill")).to_contain_text("Done")
    ada.stayed()
    gate_room.gate_opened(ben, goal, "QG-PHASE2")
    expect(gate_room.head(ben)).to_contain_text("Round 2")
    ben.sees("Changed since round 1")
    gate_room.approves(ben)
    expect(gate_room.head(ben)).to_contain_text("Passed")


def a_round_is_rejected_and_done_again(ben: Desk, goal: str) -> None:
    gate_room.gate_opened(ben, goal, "QG-PHASE3")
    gate_room.rejects(ben, "The price list is not the one we agreed on.")
    expect(gate_room.head(ben)).to_contain_text("Round 2")
    gate_room.gate_opened(ben, goal, "QG-PHASE3")
    gate_room.approves(ben)
    expect(gate_room.head(ben)).to_contain_text("Passed")


def integration_is_accepted(ben: Desk, goal: str) -> None:
    gate_room.gate_opened(ben, goal, "QG-PHASE6")
    if gate_room.ticks_what_is_manual(ben):
        expect(gate_room.head(ben)).to_contain_text("Round 2")
        gate_room.gate_opened(ben, goal, "QG-PHASE6")
    gate_room.approves(ben)
    expect(gate_room.head(ben)).to_contain_text("Passed")


def shipping_needs_two(ada: Desk, ben: Desk, cleo: Desk, goal: str) -> None:
    """Two different people, and not the one who submitted it: she is told so beside her buttons."""
    gate_room.gate_opened(ben, goal, "QG-PHASE7")
    gate_room.approves(ben)
    expect(gate_room.head(ben)).to_contain_text("Needs a decision")
    ada.go(goal)
    gate_room.gate_opened(ada, goal, "QG-PHASE7")
    expect(ada.page.locator("#gate-panel")).to_contain_text("submitted")
    ada.stays()
    gate_room.gate_opened(cleo, goal, "QG-PHASE7")
    expect(cleo.page.get_by_label("Votes so far")).to_contain_text("ben")
    gate_room.approves(cleo)
    expect(gate_room.head(ada)).to_contain_text("Passed")
    ada.stayed()


def takes_the_deliverable(ada: Desk, goal: str, file: Path) -> None:
    """She downloads the zip, anybody can verify it, and she accepts it."""
    ada.go(goal)
    expect(ada.page.locator("#goal-head")).to_contain_text("Delivered")
    with ada.page.expect_download() as download:
        ada.link("Download").first.click()
    download.value.save_as(file)
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_deliverable", str(file)], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ada.button("Accept").click()
    ada.page.get_by_role("dialog").get_by_role("button", name="Accept").click()
    expect(ada.page.locator("#goal-head")).to_contain_text("Accepted")
