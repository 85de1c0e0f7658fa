"""Every main page at both widths in both themes: it fits, axe finds nothing serious, and hostile text stays text."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import database
from tests.browser import hostile
from tests.browser.conftest import Theme, context_made, desks_left, person_made, undo_windows_shortened
from tests.browser.desk import Desk
from tests.browser.looks import axe_findings, overflow
from tests.browser.opening import OPENED
from tests.browser.settled import Settled, settled_made
from tests.environment import TestEnvironment
from tests.flows.people import PersonAtWork

pytestmark = pytest.mark.browser
WIDE, NARROW = (1440, 900), (390, 844)
FILE = "requirements/requirements.md"
PAGES = {
    "home": "/",
    "goals": "/goals",
    "new goal": "/goals/new",
    "goal": "/goals/{goal}",
    "goal graph": "/goals/{goal}/graph",
    "goal timeline": "/goals/{goal}/timeline",
    "goal events": "/goals/{goal}/events",
    "goal artifacts": "/goals/{goal}/artifacts",
    "goal file": "/goals/{goal}/artifacts?path=" + FILE,
    "goal history": "/goals/{goal}/history",
    "goal brief": "/goals/{goal}/brief",
    "goal metrics": "/goals/{goal}/metrics",
    "goal deliverable": "/goals/{goal}/deliverable",
    "intake": "/goals/{proposed}/intake",
    "plan proposed": "/goals/{proposed}/plan",
    "plan active": "/goals/{goal}/plan",
    "draft": "/plans/{draft}/edit",
    "activation": "/plans/{version}/activation",
    "save as a template": "/plans/{standing}/template",
    "templates": "/templates",
    "template": "/templates/{template}",
    "library": "/library",
    "library editor": "/library/edit",
    "what was learnt": "/insight",
    "help": "/help/weigh-approaches",
    "task": "/tasks/{task}",
    "gate open": "/gates/{gate2}",
    "gate passed": "/gates/{gate1}",
    "gate pending": "/gates/{gate7}",
    "gate difference": "/gates/{gate2}?tab=difference",
    "gate artifacts": "/gates/{gate1}?tab=artifacts&path=" + FILE,
    "gate trace": "/gates/{gate1}?tab=trace",
    "gate cost": "/gates/{gate2}?tab=cost",
    "gate packets": "/gates/{gate2}?tab=packets",
    "gate history": "/gates/{gate1}?tab=history",
    "inbox": "/inbox",
    "question": "/questions/{question}",
    "agents": "/agents",
    "agent": "/agents/{agent}",
    "new agent": "/agents/new",
    "pool": "/pool",
    "me": "/me",
    "people": "/people",
    "nothing there": "/nothing-there",
}


@pytest.fixture(scope="module")
def settled(services: TestEnvironment, django_db_setup: None, django_db_blocker: Any, hub: None) -> Iterator[Settled]:
    """Made once for all looks: they only read."""
    with django_db_blocker.unblock():
        ada = PersonAtWork.arrives("ada", role="admin")
        undo_windows_shortened(ada.person)
        yield settled_made(ada)
        database.database_flush(services)
        database.database_seed()


def ada_at(browser: Browser, web: str, size: tuple[int, int], theme: Theme) -> Desk:
    width, height = size
    return Desk(person_made("ada", "admin"), context_made(browser, width=width, height=height, theme=theme), web)


# The whole of axe once at each width and once in each theme; beside it what the other theme, or width, could change.
LOOKS: dict[str, tuple[tuple[int, int], Theme, Callable[[Page], list[str]]]] = {
    "wide and light": (WIDE, "light", axe_findings),
    "narrow and dark": (NARROW, "dark", axe_findings),
    "wide and dark": (WIDE, "dark", lambda page: axe_findings(page, "color-contrast")),
    "narrow and light": (NARROW, "light", lambda page: []),
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_fits_and_is_accessible(browser: Browser, web: str, settled: Settled, look: str) -> None:
    size, theme, judge = LOOKS[look]
    ada = ada_at(browser, web, size, theme)
    ada.expects("404")

    def findings(path: str, opens: Callable[[Page], None] = lambda page: None) -> list[str]:
        page = ada.go(path)
        opens(page)
        hostile = page.evaluate("window.hostile")
        return [*([f"hostile text acted: {hostile}"] if hostile else []), *overflow(page), *judge(page)]

    found = {"sign in": findings("/sign-in")}
    ada.sign_in()
    assert ada.page.locator("html").get_attribute("data-bs-theme") == theme
    found |= {name: findings(path.format(**settled.addresses())) for name, path in PAGES.items()}
    found |= {name: findings(one.path.format(**settled.addresses()), one.opens) for name, one in OPENED.items()}
    desks_left([ada])
    told = [f"{name}: {problem}" for name, problems in found.items() for problem in problems]
    assert not told, "\n".join(told)


def test_the_decision_is_above_the_fold(browser: Browser, web: str, settled: Settled) -> None:
    """What happens, whether it is good, and all four actions: without scrolling."""
    ada = ada_at(browser, web, WIDE, "light").sign_in()
    ada.go(f"/gates/{settled.gates[2]}")
    for name in ("Approve", "Approve with conditions", "Request changes", "Reject"):
        expect(ada.button(name)).to_be_in_viewport(ratio=1)
    for heading in ("What happens", "Is it good?", "Your decision"):
        expect(ada.page.get_by_role("heading", name=heading)).to_be_in_viewport(ratio=1)
    desks_left([ada])


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_plan_begins_with_what_is_proposed_why_its_cost_and_the_start(
    browser: Browser, web: str, settled: Settled, size: tuple[int, int]
) -> None:
    """Without scrolling, also on a phone: the approach, the reason that it won, and the button; then the figures."""
    ada = ada_at(browser, web, size, "light").sign_in()
    page = ada.go(f"/goals/{settled.proposed}/plan")
    for part in (page.locator(".proposal h2"), page.locator(".proposal-why"), ada.button("Start")):
        expect(part).to_be_in_viewport()
    expect(page.locator(".proposal .stat-value").nth(1)).to_contain_text("€")
    desks_left([ada])


def test_on_a_phone_the_gate_reads_in_order_and_the_decision_is_one_tap_away(
    browser: Browser, web: str, settled: Settled
) -> None:
    ada = ada_at(browser, web, NARROW, "light").sign_in()
    page = ada.go(f"/gates/{settled.gates[2]}")
    order = ["#gate-head", "text=What happens", "text=Is it good?", "#gate-panel"]
    tops = [box["y"] for place in order if (box := page.locator(place).first.bounding_box())]
    assert len(tops) == len(order)
    assert tops == sorted(tops)
    expect(ada.link("Decide")).to_be_in_viewport(ratio=1)
    ada.link("Decide").click()
    expect(page.get_by_role("heading", name="Your decision")).to_be_in_viewport()
    desks_left([ada])


def test_on_a_phone_a_task_has_room_for_its_title(browser: Browser, web: str, settled: Settled) -> None:
    """Neither an overflow nor an axe finding: a column too narrow for a word is seen by its width alone."""
    ada = ada_at(browser, web, NARROW, "dark").sign_in()
    page = ada.go(f"/goals/{settled.goal}")
    expect(page.locator("td.main").first).to_be_visible()
    lines = page.locator("td.main a").evaluate_all("links => links.map(link => link.getClientRects().length)")
    assert max(lines) <= 5, "a title is squeezed into a column that is too narrow for it"
    desks_left([ada])


def test_hostile_text_is_shown_as_text(browser: Browser, web: str, settled: Settled) -> None:
    """Nothing acts, nothing is fetched, and what can't be seen is spelled out."""
    ada = ada_at(browser, web, WIDE, "light").sign_in()
    asked: list[str] = []
    ada.page.on("request", lambda request: asked.append(request.url))
    ada.page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    shown = {
        f"/goals/{settled.goal}": [hostile.IMAGE],
        f"/goals/{settled.goal}/brief": [hostile.SCRIPT, hostile.IMAGE, "U+202E"],
        f"/gates/{settled.gates[1]}?tab=artifacts&path={FILE}": [hostile.IMAGE],
        f"/gates/{settled.gates[1]}?tab=trace": [hostile.IMAGE],
        f"/gates/{settled.gates[2]}": [hostile.SCRIPT, hostile.LINK, "U+202E", "U+200B"],
    }
    for path, texts in shown.items():
        page = ada.go(path)
        for text in texts:
            expect(page.locator("#main")).to_contain_text(text)
        assert page.evaluate("window.hostile") is None
        assert page.locator("#main script, #main [onerror], #main a[href^='javascript:' i]").count() == 0
    assert all(url.startswith((web, "ws", "data:")) for url in asked), asked
    desks_left([ada])
