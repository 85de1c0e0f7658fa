"""Home and the list of goals."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.core import clock, transitions
from apps.goals.models import Goal
from apps.inbox.models import Escalation
from tests import factories
from tests.api.world import World
from tests.dashboard.goals.conftest import HTMX


def home(client: Client, part: str = "") -> str:
    path = f"/home/home-{part}" if part else "/"
    return client.get(path, headers=HTMX if part else {}).content.decode()


def test_an_empty_home_invites_with_three_examples(owner: Client) -> None:
    text = home(owner)
    assert "What should your agents do first?" in text
    assert text.count('class="example"') == 3
    assert "Goals under way" not in text, "figures of nothing say nothing"


def test_it_shows_goals_with_their_phases(owner: Client, world: World) -> None:
    world.start()
    text = home(owner)
    assert "Books" in text
    assert "1 Requirements: Ready, 0 of 1 tasks" in text
    assert "What should your agents do first?" not in text


def test_it_shows_who_works_on_what(owner: Client, world: World) -> None:
    world.start().attempt()
    text = home(owner, "slots")
    assert "Do p1-0" in text
    assert "Builder" in text
    assert "1 of 10 slots" in text


def test_what_needs_me_and_the_badge_are_the_same_look(owner: Client, viewer: Client, world: World) -> None:
    Escalation.objects.create(
        goal=world.goal, kind="slo", key="one", text="Too few run at once.", raised_at=clock.now() - timedelta(hours=1)
    )
    assert "Too few run at once." in home(owner)
    assert 'data-count="1"' in home(owner)
    assert "Nothing waits for you." in home(viewer)
    assert 'data-count="0"' in home(viewer)


def test_the_page_follows_the_site(owner: Client, world: World) -> None:
    text = home(owner)
    assert 'data-live-topic="site"' in text
    for part in ("goals", "needs", "slots", "figures"):
        assert f'id="home-{part}"' in text
        assert f'id="home-{part}"' in home(owner, part)


def test_an_unknown_part_is_not_there(owner: Client) -> None:
    assert owner.get("/home/home-nothing").status_code == 404


@pytest.mark.parametrize("path", ["/", "/home/home-goals", "/goals"])
def test_it_asks_who_is_not_signed_in(db: None, path: str) -> None:
    assert Client().get(path)["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("path", ["/", "/goals"])
def test_it_takes_no_posts(owner: Client, path: str) -> None:
    assert owner.post(path).status_code == 405


def test_the_list_filters_by_status_and_title(owner: Client, world: World) -> None:
    factories.goal(title="An old wish", status="cancelled", owner=world.goal.owner)
    everything = owner.get("/goals").content.decode()
    live = owner.get("/goals?status=live").content.decode()
    found = owner.get("/goals?q=WISH").content.decode()
    assert ("Books" in everything, "An old wish" in everything) == (True, True)
    assert ("Books" in live, "An old wish" in live) == (True, False)
    assert ("Books" in found, "An old wish" in found) == (False, True)
    assert "No goal has this in its title" in owner.get("/goals?q=zebra").content.decode()


def test_the_list_pages_and_keeps_the_filter(owner: Client, world: World) -> None:
    for number in range(31):
        factories.goal(title=f"Goal {number}", owner=world.goal.owner)
    text = owner.get("/goals?q=Goal&page=2").content.decode()
    assert "Page 2 of 2" in text
    assert "?q=Goal&amp;page=1" in text
    assert owner.get("/goals?page=nonsense&status=nonsense&q=%00").status_code == 200


def test_the_list_shows_times_in_the_persons_zone(owner: Client, world: World) -> None:
    person = world.goal.owner
    person.time_zone = "Asia/Tokyo"
    person.save()
    assert "JST" in owner.get("/goals").content.decode()
    person.time_zone = "Nowhere/At all"
    person.save()
    assert "UTC" in owner.get("/goals").content.decode()


def test_a_goal_that_ended_stays_on_home_while_there_is_room(owner: Client, world: World) -> None:
    transitions.move(world.goal, "cancelled")
    assert Goal.objects.get().title in home(owner)
