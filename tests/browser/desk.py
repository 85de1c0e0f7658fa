"""A person at a browser of their own. What goes wrong in it behind the person's back is kept, and fails the test."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, WebSocket, expect

from apps.accounts.models import Person
from tests.flows.people import PASSWORD


@dataclass
class Desk:
    """One person, signed in, with one page open. ``base`` is the server's address."""

    person: Person
    context: BrowserContext
    base: str
    problems: list[str] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.window()

    def window(self) -> Page:
        """One more window of the same person, watched like the first."""
        page = self.context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._note(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("websocket", self._listen)
        return page

    def expects(self, words: str) -> None:
        """From here on this problem (part of its text) is part of the story."""
        self._expected.append(words)

    def _note(self, problem: str) -> None:
        if not any(words in problem for words in self._expected):
            self.problems.append(problem)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page, and a download, break off what was asked for: nothing is wrong with that.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self._note(f"failed: {request.method} {request.url} {request.failure}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400:
            self._note(f"answer: {answer.status} {answer.request.method} {answer.url}")

    def _listen(self, socket: WebSocket) -> None:
        def received(payload: str | bytes) -> None:
            self.frames.append({"socket": id(socket), **json.loads(payload)})

        socket.on("framereceived", received)

    # -- what people do -----------------------------------------------------------------------------------------------

    def sign_in(self) -> "Desk":
        self.go("/sign-in")
        self.page.get_by_label("User name").fill(self.person.username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Home", level=1)).to_be_visible()
        return self

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("link", name=name)

    def submits(self, *, skips: bool = True) -> None:
        """Sends the form of a new goal; where questions come first, they are skipped."""
        self.button("Submit the goal").click()
        if skips:
            expect(self.page.get_by_role("heading", name=re.compile("^Intake of"))).to_be_visible()
            self.button("Skip: plan with the defaults").click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def stays(self) -> None:
        """Mark the page as it is now; ``stayed`` then proves that it was not loaded again."""
        self.page.evaluate("window.stillHere = true")

    def stayed(self) -> None:
        assert self.page.evaluate("window.stillHere === true"), "the page was loaded again"

    def is_live(self) -> None:
        """Until the socket of this page is open: what happens from here on comes by itself."""
        expect(self.page.locator("[data-connection]")).to_have_attribute("data-state", "live")
