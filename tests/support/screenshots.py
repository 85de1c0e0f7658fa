"""``make screenshots``: the pictures of the README, taken of an installation of their own with goals at work in it."""

import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from apps.dashboard.examples import EXAMPLES
from tests.chromium import chromium_path
from tests.support.client import PersonSession, admin_of
from tests.support.installation import ROOT, installation
from tests.support.story import Story
from tests.support.waiting import wait_until

IMAGES = ROOT / "docs" / "images"
LARGEST = 300 * 1024


def main() -> int:
    chromium = chromium_path()
    if chromium is None:
        print("No Chromium is found. Install it, or set CHROMIUM to its path.", file=sys.stderr)
        return 1
    folder = Path(tempfile.mkdtemp(prefix="cp-pictures-"))
    try:
        with installation(folder / "var") as target:
            name, password = admin_of(target.var_dir)
            session = PersonSession(target.base)
            session.sign_in(name, password)
            goal = _goals(session)
            _pictures(chromium, target.base, (name, password), session, goal)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _goals(session: PersonSession) -> str:
    """One goal that waits at QG-PHASE2, one with a plan that waits for its start, one that runs. Gives the first."""
    web, tool, report = EXAMPLES
    first = _submit(session, web.title, web.brief, start=True)
    _until_gate(session, first, "QG-PHASE2")
    proposed = _submit(session, tool.title, tool.brief, start=False)
    wait_until(lambda: session.get(f"/goals/{proposed}")["status"] == "proposed", what="the second plan")
    other = _submit(session, report.title, report.brief, start=True)
    wait_until(lambda: _open_gate(session, other, "QG-PHASE1"), seconds=120, what="QG-PHASE1 of the third goal")
    return first


def _submit(session: PersonSession, title: str, brief: str, *, start: bool) -> str:
    goal: str = session.post("/goals", {"title": title, "brief": brief, "start": start})["id"]
    return goal


def _open_gate(session: PersonSession, goal: str, code: str) -> str:
    rows = session.get(f"/gates?goal={goal}&status=open")["items"]
    return next((str(row["id"]) for row in rows if row["code"] == code), "")


def _until_gate(session: PersonSession, goal: str, code: str) -> None:
    """Approve gate after gate until that one is open."""
    story = Story(session, goal, tell=lambda line: None)
    for phase in range(1, int(code[-1])):
        wait_until(partial(_open_gate, session, goal, f"QG-PHASE{phase}"), seconds=120, what=f"gate {phase}")
        story.approve_open_gates()
    wait_until(lambda: _open_gate(session, goal, code), seconds=120, what=code)


def _pictures(chromium: str, base: str, credentials: tuple[str, str], session: PersonSession, goal: str) -> None:
    gate = _open_gate(session, goal, "QG-PHASE2")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light", reduced_motion="reduce")
        page.goto(f"{base}/sign-in")
        page.get_by_label("User name").fill(credentials[0])
        page.get_by_label("Password").fill(credentials[1])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Home", level=1).wait_for()
        for name, path in {"home": "/", "plan": f"/goals/{goal}/plan", "gate": f"/gates/{gate}"}.items():
            _picture(page, f"{base}{path}", IMAGES / f"{name}.png")
        browser.close()


def _picture(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.locator("[data-connection][data-state=live]").wait_for()
    page.screenshot(path=file)
    size = file.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{file.name} has {size:,} bytes; at most {LARGEST:,} are wanted.")
    print(f"{file.relative_to(ROOT)}: {size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
