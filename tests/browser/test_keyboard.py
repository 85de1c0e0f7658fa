"""Single keys in lists, an order of focus that makes sense, and a focus that one sees."""

import pytest
from playwright.sync_api import Page, expect

from tests.api.world import World, world_made
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
# What has the focus, and whether that can be seen: a ring of its own or of the box that it stands in.
FOCUS = """() => {
    const node = document.activeElement;
    const ringed = (one) => { const style = getComputedStyle(one);
        return style.boxShadow !== "none" || (style.outlineStyle !== "none" && style.outlineWidth !== "0px"); };
    const boxes = [node, node.closest(".drop"), node.closest("label")];
    return [node.id || node.innerText.trim(), boxes.some((one) => one && ringed(one))];
}"""


@pytest.fixture
def world(ada: Desk) -> World:
    return world_made(ada.person).start()


def focused(page: Page) -> str:
    """What has the focus, as its words or its name."""
    words: str = page.evaluate("document.activeElement.innerText || document.activeElement.getAttribute('name') || ''")
    return words.strip()


def test_single_keys_move_through_a_list_and_open_a_row(ada: Desk, world: World) -> None:
    page = ada.go(f"/goals/{world.goal.pk}")
    titles = page.locator("#goal-tasks [data-row] [data-open]").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == titles[1]
    page.keyboard.press("k")
    assert focused(page) == titles[0]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[0])


def test_the_help_names_the_keys_and_switches_them_off(ada: Desk, world: World) -> None:
    page = ada.go(f"/goals/{world.goal.pk}")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator("[data-row].is-focused")).to_have_count(0)


def test_keys_typed_into_a_field_are_text(ada: Desk) -> None:
    page = ada.go("/goals/new")
    page.get_by_label("Title").press_sequentially("jk? gi")
    expect(page.get_by_label("Title")).to_have_value("jk? gi")
    assert page.url.endswith("/goals/new")


def test_the_first_tab_leads_past_the_navigation(ada: Desk, world: World) -> None:
    page = ada.go(f"/goals/{world.goal.pk}")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_focus_is_seen_and_follows_the_page(ada: Desk) -> None:
    """Through the whole form with Tab: top to bottom, and each stop is seen."""
    page = ada.go("/goals/new")
    page.get_by_label("Title").focus()
    stops: list[str] = []
    for _ in range(30):
        stop, seen = page.evaluate(FOCUS)
        assert seen, f"the focus on {stop} can't be seen"
        stops.append(stop)
        if stop == "Cancel":
            break
        page.keyboard.press("Tab")
    order = ["id_title", "id_brief", "brief-file", "id_budget", "id_slots", "Submit the goal"]
    assert [stop for stop in stops if stop in order] == order


def test_a_dialog_keeps_the_focus_and_gives_it_back(ada: Desk, world: World) -> None:
    page = ada.go(f"/goals/{world.goal.pk}")
    opener = ada.button("Cancel").first
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
