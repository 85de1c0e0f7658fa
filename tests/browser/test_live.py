"""Two windows on the same thing: what one person does appears in the other's, and a cut line loses nothing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import WebSocketRoute, expect

from apps.core import events
from apps.core.events import Happening
from apps.hub import actions
from tests.api.world import World, world_made
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk
from tests.browser.line import Line, line_to

pytestmark = pytest.mark.browser


@pytest.fixture
def world(ada: Desk) -> World:
    """A goal of Ada's that runs; nobody works on it, so that it changes only when somebody acts."""
    return world_made(ada.person).start()


@pytest.fixture
def line(web: str) -> Iterator[Line]:
    with line_to(web) as line:
        yield line


def assert_frames_follow_each_other(frames: Sequence[Mapping[str, Any]]) -> None:
    """On each socket the sequence only grows, and every frame begins where the one before it ended, or says reread."""
    sockets: dict[Any, list[Mapping[str, Any]]] = defaultdict(list)
    for frame in frames:
        sockets[frame["socket"], frame["topic"]].append(frame)
    assert sockets
    for told in sockets.values():
        for before, after in pairwise(told):
            assert after["seq"] >= before["seq"]
            if after["fragments"]:
                assert after["prev"] <= before["seq"], f"a gap without a re-read: {before} {after}"


def test_what_one_person_does_appears_in_the_others_window(ada: Desk, ben: Desk, world: World) -> None:
    path = f"/goals/{world.goal.pk}"
    for desk in (ada, ben):
        desk.go(path)
        desk.is_live()
        desk.stays()
    ada.button("Pause").click()
    expect(ben.page.locator("#goal-head")).to_contain_text("Paused: what runs finishes and merges")
    ben.button("Resume").click()
    expect(ada.page.locator("#goal-head .pill").first).to_contain_text("Running")
    expect(ada.button("Pause")).to_be_enabled()
    ada.stayed()
    ben.stayed()
    assert_frames_follow_each_other(ada.frames)
    assert any("goal-head" in frame["fragments"] for frame in ben.frames)


def test_an_open_fold_and_a_typed_word_survive_what_happens_elsewhere(ada: Desk, ben: Desk, world: World) -> None:
    ben.go(f"/goals/{world.goal.pk}/plan")
    ben.is_live()
    fold = ben.page.locator("#thoughts-fold")
    fold.locator("summary").first.click()
    ada.go(f"/goals/{world.goal.pk}")
    ada.button("Pause").click()
    expect(ben.page.locator("#goal-plan .page-meta")).to_contain_text("Paused")
    expect(fold).to_have_attribute("open", "")


def test_after_a_cut_line_the_page_converges(ada: Desk, open_desk: OpenDesk, line: Line, world: World) -> None:
    """Ben's line is cut, things happen, the line is back: his page shows them without being loaded again."""
    ben = open_desk("ben", base=line.base)
    for words in ("WebSocket connection to", "ERR_", "htmx:sendError", "htmx:afterRequest"):
        ben.expects(words)
    ben.go(f"/goals/{world.goal.pk}")
    ben.is_live()
    ben.stays()
    line.cut()
    expect(ben.page.locator("[data-connection]")).to_have_text("Not live: reconnecting")
    actions.goal_pause(goal=world.goal, person=ada.person)
    events.record_many([noted(world, number) for number in range(20)])
    line.mend()
    expect(ben.page.locator("#goal-head")).to_contain_text("Paused: what runs finishes and merges")
    ben.is_live()
    ben.stayed()
    assert_frames_follow_each_other(ben.frames)
    # What happens after that comes as it did before.
    actions.goal_resume(goal=world.goal, person=ada.person)
    expect(ben.button("Pause")).to_be_visible()
    ben.stayed()
    # Before the line itself is taken away.
    ben.context.close()


def test_what_happens_between_rendering_and_listening_is_not_missed(ada: Desk, ben: Desk, world: World) -> None:
    """The page is rendered, the goal is paused, and only then the socket opens, with what the page knows."""

    def late(socket: WebSocketRoute) -> None:
        if "topic=goal" in socket.url:
            actions.goal_pause(goal=world.goal, person=ada.person)
            connection.close()  # the browser calls this in a context of its own
        socket.connect_to_server()

    ben.page.route_web_socket("**/ws/live*", late)
    ben.go(f"/goals/{world.goal.pk}")
    expect(ben.page.locator("#goal-head")).to_contain_text("Paused: what runs finishes and merges")


def noted(world: World, number: int) -> Happening:
    return Happening(world.goal.pk, "task.progress", f"goal:{world.goal.pk}", {"percent": number})
