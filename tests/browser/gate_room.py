"""What people click at the page of a gate."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.desk import Desk


def gate_opened(desk: Desk, goal_path: str, code: str) -> None:
    """Go to the goal, wait there until its gate needs a decision, and go in through the button that appears."""
    if not desk.page.url.endswith(goal_path):
        desk.go(goal_path)
    desk.link(f"Decide {code}").click()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text(code)
    desk.is_live()


def head(desk: Desk) -> Locator:
    return desk.page.locator("#gate-head .page-meta")


def approves(desk: Desk) -> None:
    desk.button("Approve").click()
    desk.sees("You approved.")


def asks_for_changes(desk: Desk, text: str, where: str) -> None:
    desk.button("Request changes").click()
    dialog = desk.page.get_by_role("dialog", name="Request changes")
    row = dialog.locator("[data-item-row]").first
    row.get_by_label("What is to change").fill(text)
    row.get_by_label(re.compile("^Where")).fill(where)
    # The page says which tasks this reopens before it is sent.
    expect(row.locator(".reopens")).not_to_be_empty()
    dialog.get_by_role("button", name="Request these changes").click()
    desk.sees("You asked for changes. The agents get your words.")


def rejects(desk: Desk, why: str) -> None:
    desk.button("Reject").click()
    dialog = desk.page.get_by_role("dialog", name="Reject")
    dialog.get_by_label("Reason", exact=True).select_option(label="It is not good enough")
    dialog.get_by_label("Why", exact=True).fill(why)
    expect(dialog.get_by_role("radio").first).to_be_checked()
    dialog.get_by_role("button", name="Reject").click()
    desk.sees("You rejected this round.")


def ticks_what_is_manual(desk: Desk) -> bool:
    """At QG-PHASE6: says of each requirement that no test can show that it was seen to hold. A new round follows."""
    boxes = desk.page.locator("form[action$='/ticks'] input[type=checkbox]")
    if boxes.count() == 0:
        return False
    for box in boxes.all():
        box.check()
    desk.button("Save the ticks").click()
    return True
