"""The scripts of the installable client, really run: in a browser, against the service that the crew built."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from tests.agents.crew.planned import Crew
from tests.agents.crew.test_kinds import GOALS
from tests.chromium import chromium_path


@pytest.fixture(scope="module", params=["outbox", "read-copy"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(what it does without a network, the address of the running service)."""
    crew = Crew(GOALS["mobile_client"], GOALS["mobile_client"].approach(offline=request.param))
    crew.work(until_phase=5)
    folder = tmp_path_factory.mktemp("client")
    for path, content in crew.tree.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    command = [sys.executable, "-m", "service.app", "--port", "0", "--data", str(folder / "data.db")]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        address = running.stdout.readline().rpartition(" ")[2].strip()
        yield request.param, address
        running.terminate()


@pytest.fixture
def phone() -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser.new_context(viewport={"width": 390, "height": 844})
        browser.close()


def test_it_works_without_a_network(client: tuple[str, str], phone: BrowserContext) -> None:
    offline, address = client
    page = phone.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.goto(f"{address}/forms/list-observations")
    assert "There is nothing yet." in page.inner_text("main")

    phone.set_offline(True)
    page.goto(f"{address}/pages/add-observations.html")
    assert page.inner_text("h1") == "Add observations"
    assert "No network" in page.inner_text("#network")
    if offline == "outbox":
        page.fill("input[name=species]", "Red kite")
        page.click("main button")
        page.wait_for_selector("#outbox:has-text('1 waiting for the network.')")
        phone.set_offline(False)
        page.wait_for_selector("#outbox:has-text('1 sent.')")
        page.goto(f"{address}/forms/list-observations")
        assert "Red kite" in page.inner_text("main")
    else:
        page.goto(f"{address}/forms/list-observations")
        assert "There is nothing yet." in page.inner_text("main")
        assert "No network. This is from" in page.inner_text("main")
        page.goto(f"{address}/forms/search-observations?q=kite")
        assert page.inner_text("h1") == "No network"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults == []
