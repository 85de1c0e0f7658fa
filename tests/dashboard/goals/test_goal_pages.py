"""The page of a goal: every tab and fragment, for every state, for everybody who may look."""

import uuid

import pytest
from django.test import Client

from apps.core import transitions
from apps.dashboard.views.goal_tabs import FRAGMENTS, TABS
from tests.api.world import World
from tests.dashboard.goals.conftest import HTMX


def address(world: World, rest: str = "") -> str:
    return f"/goals/{world.goal.pk}{rest}"


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("started", [False, True])
def test_it_shows_each_tab(owner: Client, world: World, tab: str, started: bool) -> None:
    if started:
        world.start().attempt()
        world.artifact()
    page = owner.get(address(world, "" if tab == "overview" else f"/{tab}"))
    assert page.status_code == 200
    text = page.content.decode()
    assert f'data-live-topic="goal:{world.goal.pk}"' in text
    assert text.count('aria-current="page"') == 3, "the place in both navigations, and the tab"


def test_it_exchanges_a_tab_without_the_frame(owner: Client, world: World) -> None:
    text = owner.get(address(world, "/graph"), headers={**HTMX, "HX-Target": "goal-view"}).content.decode()
    assert text.lstrip().startswith('<div id="goal-view"')
    assert "<html" not in text


@pytest.mark.parametrize("name", FRAGMENTS)
def test_each_fragment_brings_its_own_element(owner: Client, world: World, name: str) -> None:
    world.start().attempt()
    text = owner.get(address(world, f"/fragment/{name}"), headers=HTMX).content.decode()
    assert "<html" not in text
    if name.startswith("goal-"):
        assert text.count(f'id="{name}"') == 1
        assert "data-live" in text


def test_a_viewer_may_look_and_is_told_why_buttons_are_disabled(viewer: Client, world: World) -> None:
    text = viewer.get(address(world)).content.decode()
    assert "As viewer you may not start a plan" in text
    assert 'id="do-start" disabled' in text


def test_it_says_why_each_task_waits(owner: Client, world: World) -> None:
    assert "Waits for the start of the plan." in owner.get(address(world)).content.decode()
    world.start()
    text = owner.get(address(world)).content.decode()
    assert "Needs “Do p1-0”." in text, "phase 2 needs what phase 1 makes"
    transitions.move(world.goal, "paused")
    assert "The goal is paused." in owner.get(address(world)).content.decode()


def test_it_names_the_gate_that_a_task_waits_for(owner: Client, world: World) -> None:
    world.start()
    task = world.task
    for status in ("dispatched", "running", "merging", "completed"):
        transitions.move(task, status)
    assert "QG-PHASE1 is not open yet." in owner.get(address(world)).content.decode()


def test_it_shows_one_phase_alone(owner: Client, world: World) -> None:
    text = owner.get(address(world, "?phase=3")).content.decode()
    assert "Do p3-0" in text
    assert "Do p4-0" not in text


def test_it_explains_a_phase_without_tasks(owner: Client, world: World) -> None:
    world.plan.tasks.filter(phase=5).delete()
    assert "Nothing to see." in owner.get(address(world)).content.decode()


def test_events_keep_their_beginning_and_load_older_ones(owner: Client, world: World) -> None:
    from apps.core import events

    events.record_many([events.Happening(world.goal.pk, "task.ready", f"task:{world.task.pk}")] * 120)
    text = owner.get(address(world, "/events")).content.decode()
    assert text.count("is ready") == 50
    assert "Load older" in text
    seq = int(text.split("?before=")[1].split('"')[0])
    older = owner.get(address(world, f"/older?before={seq}"), headers=HTMX).content.decode()
    assert f'id="event-{seq - 1}"' in older
    assert f'id="event-{seq}"' not in older
    again = owner.get(address(world, f"/fragment/goal-events?since={seq}"), headers=HTMX).content.decode()
    assert f'id="event-{seq}"' in again
    assert f'id="event-{seq - 1}"' not in again


def test_what_agents_wrote_is_text(owner: Client, world: World) -> None:
    world.start().attempt()
    world.goal.tasks.update(title="<script>alert(1)</script>", wait_detail="<img src=x>")
    for tab in ("", "/graph", "/timeline", "/events", "/plan"):
        text = owner.get(address(world, tab)).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x>" not in text


def test_the_brief_is_given_byte_for_byte(owner: Client, world: World) -> None:
    response = owner.get(address(world, "/brief.txt"))
    assert response.content == b"Keep a list of books.\nA librarian adds a book."
    assert response["Content-Disposition"] == 'attachment; filename="strategic_prompt.txt"'
    assert response["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("rest", ["", "/events", "/fragment/goal-head", "/older?before=3", "/brief.txt", "/plan"])
def test_an_unknown_goal_is_not_there(owner: Client, rest: str) -> None:
    assert owner.get(f"/goals/{uuid.uuid4()}{rest}").status_code == 404


@pytest.mark.parametrize("rest", ["/nothing", "/fragment/nothing"])
def test_an_unknown_part_is_not_there(owner: Client, world: World, rest: str) -> None:
    assert owner.get(address(world, rest)).status_code == 404


@pytest.mark.parametrize(
    "rest", ["?phase=abc&page=-1", "/events?since=x%00", "/artifacts?path=..%2Fx", "/history?commit=%00"]
)
def test_hostile_addresses_are_answered(owner: Client, world: World, rest: str) -> None:
    assert owner.get(address(world, rest)).status_code == 200


@pytest.mark.parametrize("rest", ["", "/plan", "/fragment/goal-head", "/brief.txt", "/file?path=a"])
def test_it_asks_who_is_not_signed_in(world: World, rest: str) -> None:
    assert Client().get(address(world, rest)).status_code == 302
