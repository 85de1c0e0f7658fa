"""What opens within a page: a dialog, a fold that is read when it opens, what comes of a form. Each leaves it open."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect


@dataclass(frozen=True)
class Opened:
    """``opens`` acts on the page at ``path`` until its part is there to be judged."""

    path: str
    opens: Callable[[Page], None]


def dialog(button: str, dialog_id: str, words: str) -> Callable[[Page], None]:
    """Press the first that is matched; the dialog then holds something with these words."""

    def opens(page: Page) -> None:
        page.locator(button).first.click()
        expect(page.locator(f"#{dialog_id}").get_by_text(words).first).to_be_visible()

    return opens


def folds(*ids: str) -> Callable[[Page], None]:
    """Open these folds and wait until what they read is there."""

    def opens(page: Page) -> None:
        for one in ids:
            page.locator(f"#{one} > summary").click()
        for one in ids:
            expect(page.locator(f"#{one} > :not(summary)").first).to_be_visible()
            expect(page.locator(f"#{one} .skeleton")).to_have_count(0)

    return opens


def tried(page: Page) -> None:
    """A dry run of the library on the newest goal."""
    page.locator("#goal").select_option(index=1)
    page.get_by_role("button", name="Dry run").click()
    expect(page.locator("#trial")).to_be_visible()


def refused(page: Page) -> None:
    """A text of the library with a mistake in it."""
    page.locator("#content").evaluate("area => { area.value = area.value.replace('methods:', 'methds:'); }")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Line").first).to_be_visible()


OPENED = {
    "what an approach changes": Opened(
        "/goals/{proposed}/plan", dialog("[data-open-dialog=choose-approach]", "choose-approach", "Nothing is started")
    ),
    "folds of a plan": Opened("/goals/{proposed}/plan", folds("weigh-fold", "rice-fold", "thoughts-fold")),
    "later start": Opened("/goals/new", folds("late-start")),
    "edit of a task": Opened("/plans/{draft}/edit", dialog("tr a[id^=change-]", "edit-task", "Acceptance criteria")),
    "move of a task": Opened("/plans/{draft}/edit", dialog("tr a[id^=move-]", "edit-task", "To the phase")),
    "split of a task": Opened("/plans/{draft}/edit", dialog("tr a[id^=split-]", "edit-task", "Part 1: title")),
    "dry run": Opened("/library/edit", tried),
    "library refused": Opened("/library/edit", refused),
}
