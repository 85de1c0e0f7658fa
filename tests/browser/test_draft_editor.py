"""A person edits a plan in the browser: by dialog and by keys, on a phone too, and beside somebody else."""

import re

import pytest
from playwright.sync_api import Page, expect

from apps.tasks.models import Plan, Task
from tests.api.world import World, world_made
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


@pytest.fixture
def world(ada: Desk) -> World:
    world = world_made(ada.person)
    for phase in range(2, 8):
        Task.objects.filter(plan=world.plan, phase=phase).update(consumes=[f"work/p{phase - 1}-0.txt"])
    return world


def edit_plan(desk: Desk, world: World) -> Page:
    page = desk.go(f"/goals/{world.goal.pk}/plan")
    page.get_by_role("button", name="Edit plan").click()
    expect(page.get_by_role("heading", name="Edit version 2", level=1)).to_be_visible()
    return page


def test_edit_undo_by_keys_and_propose(ada: Desk, world: World) -> None:
    ada.expects("422")
    page = edit_plan(ada, world)

    # A dialog opens with the task's fields; what is wrong is said beside the field, and nothing is lost.
    page.get_by_role("link", name="Edit “Do p1-0”").click()
    dialog = page.get_by_role("dialog", name="Edit the draft")
    dialog.get_by_label("Title").fill("Ask the club")
    dialog.get_by_label("Likely, minutes").fill("9")
    dialog.get_by_role("button", name="Change it").click()
    expect(dialog.get_by_text("The pessimistic duration can't be below the likely one.")).to_be_visible()
    expect(dialog.get_by_label("Title")).to_have_value("Ask the club")
    expect(dialog.get_by_label("Pessimistic, minutes")).to_be_focused()
    dialog.get_by_label("Pessimistic, minutes").fill("17")
    dialog.get_by_role("button", name="Change it").click()

    # The page shows the new figures without being loaded again, and the focus is where it was.
    expect(dialog).to_be_hidden()
    expect(page.locator("#draft-editor")).to_contain_text("Changed title and estimate of “Do p1-0”.")
    expect(page.locator(".stats")).to_contain_text("Before: 14 min")
    expect(page.get_by_role("link", name="Edit “Ask the club”")).to_be_focused()

    # Undone and done again by keys.
    page.keyboard.press("Control+z")
    expect(page.get_by_role("link", name="Edit “Do p1-0”")).to_be_visible()
    page.keyboard.press("Control+Shift+Z")
    expect(page.get_by_role("link", name="Edit “Ask the club”")).to_be_visible()

    # Taking out what is needed is refused in the dialog; with what depends on it, it is done.
    page.get_by_role("link", name="Take out “Do p6-0”").click()
    dialog.get_by_role("button", name="Take it out").click()
    expect(dialog.get_by_role("alert")).to_contain_text("“Do p7-0” needs what “Do p6-0” makes")
    dialog.get_by_label("Take out with it what depends on it").check()
    dialog.get_by_role("button", name="Take it out").click()
    expect(page.get_by_role("link", name="Edit “Do p7-0”")).to_be_hidden()

    page.get_by_role("button", name="Propose").click()
    page.get_by_role("dialog", name="Propose version 2?").get_by_role("button", name="Propose").click()
    expect(page).to_have_url(re.compile(f"/goals/{world.goal.pk}/plan$"))
    assert [plan.status for plan in Plan.objects.order_by("version")] == ["discarded", "proposed"]
    assert Task.objects.filter(plan__status="proposed").count() == 5


def test_two_people_at_once(ada: Desk, ben: Desk, world: World) -> None:
    ben.expects("409")
    page = edit_plan(ada, world)
    other = ben.go(re.sub(r"^https?://[^/]+", "", page.url))
    other.get_by_role("link", name="Edit “Do p2-0”").click()
    theirs = other.get_by_role("dialog", name="Edit the draft")
    expect(theirs.get_by_label("Title")).to_have_value("Do p2-0")

    page.get_by_role("link", name="Edit “Do p1-0”").click()
    mine = page.get_by_role("dialog", name="Edit the draft")
    mine.get_by_label("Title").fill("Ask the club")
    mine.get_by_role("button", name="Change it").click()
    expect(mine).to_be_hidden()

    # Ben's page follows live; his own edit, begun before, is told what changed.
    theirs.get_by_label("Title").fill("Decide")
    theirs.get_by_role("button", name="Change it").click()
    expect(theirs).to_contain_text("ada changed this draft while you looked at it. Your edit was not done.")
    expect(theirs).to_contain_text("Changed title of “Do p1-0”.")
    theirs.get_by_role("link", name="Edit it as it is now").click()
    theirs.get_by_label("Title").fill("Decide")
    theirs.get_by_role("button", name="Change it").click()
    expect(theirs).to_be_hidden()
    expect(other.get_by_role("link", name="Edit “Decide”")).to_be_visible()
    expect(other.get_by_role("link", name="Edit “Ask the club”")).to_be_visible()
    expect(page.get_by_role("link", name="Edit “Decide”")).to_be_visible()


def test_on_a_phone(ada: Desk, world: World) -> None:
    page = edit_plan(ada, world)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("link", name="Split “Do p1-0”").click()
    dialog = page.get_by_role("dialog", name="Edit the draft")
    expect(dialog.get_by_label("Part 1: title")).to_have_value("Do p1-0, part 1")
    assert dialog.evaluate("box => box.scrollWidth <= box.clientWidth")
    dialog.get_by_label("Part 2: outputs").fill("work/notes.md")
    dialog.get_by_role("button", name="Split it").click()
    expect(page.locator("#draft-editor")).to_contain_text("Split “Do p1-0” into 2.")
