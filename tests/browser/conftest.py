"""People at real browsers before a real server, with the hub's real processes behind it."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from apps.accounts.models import Group, Person
from apps.gates.services import definition_change
from tests.browser.desk import Desk
from tests.browser.web import web_process
from tests.chromium import chromium_path
from tests.environment import TestEnvironment
from tests.flows.people import GATES, PASSWORD
from tests.support.processes import hub_processes

# Long, for a machine with other work on it: a test that passes never waits for it.
PATIENCE_MS = 45_000
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"]

Theme = Literal["light", "dark"]
OpenDesk = Callable[..., Desk]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all; it closes with the package, since its loop would be in the way of asynchronous tests."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # The browser's own loop runs in this thread; the tests themselves are synchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def web(services: TestEnvironment, django_db_setup: None) -> Iterator[str]:
    """The address of the running web process."""
    with web_process(services) as base:
        yield base


@pytest.fixture(scope="package")
def hub(services: TestEnvironment, django_db_setup: None) -> Iterator[None]:
    """A real worker and a real sweeper, for all stories of this package."""
    with hub_processes(services):
        yield


@pytest.fixture
def open_desk(transactional_db: None, browser: Browser, web: str) -> Iterator[OpenDesk]:
    """Makes people, each with a browser of their own. At the end no browser may have anything to complain of."""
    desks: list[Desk] = []

    def open_one(name: str, role: str = "lead", *, base: str = web, width: int = 1440, height: int = 900) -> Desk:
        context = context_made(browser, width=width, height=height)
        desks.append(Desk(person_made(name, role), context, base))
        return desks[-1].sign_in()

    yield open_one
    desks_left(desks)


def context_made(browser: Browser, *, width: int, height: int, theme: Theme = "light") -> BrowserContext:
    """A browser's window of that size, with nothing stored in it."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="reduce",
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def ada(open_desk: OpenDesk) -> Desk:
    """An admin in every group. She has shortened the windows in which a decision can be taken back."""
    ada = open_desk("ada", "admin")
    undo_windows_shortened(ada.person)
    return ada


@pytest.fixture
def ben(ada: Desk, open_desk: OpenDesk) -> Desk:
    """A lead in every group."""
    return open_desk("ben")


def desks_left(desks: Sequence[Desk]) -> None:
    """Close the browsers. None may have anything to complain of."""
    for desk in desks:
        desk.context.close()
    problems = [f"{desk.person}: {problem}" for desk in desks for problem in dict.fromkeys(desk.problems)]
    assert not problems, "the browsers complained:\n" + "\n".join(problems[:10])


def person_made(name: str, role: str) -> Person:
    """That person, in every group; a second desk of the same person is the same one."""
    person = Person.objects.filter(username=name).first()
    if person is None:
        person = Person.objects.create_user(name, password=PASSWORD, role=role, is_staff=role == "admin")
        person.seat_groups.set(Group.objects.all())
    return person


def undo_windows_shortened(person: Person) -> None:
    for code in GATES:
        definition_change(code=code, person=person, undo_seconds=1)
