"""The registry: who is in it, what is known of their work, and what an admin changes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.agents.models import Agent, Scorecard
from apps.core import clock
from apps.core.transitions import move
from tests import factories

GOOD = {
    "slug": "poet",
    "name": "Poet",
    "description": "Writes.",
    "runtime": "local",
    "capabilities": "writing.section\nwriting.summary",
    "max_concurrent": "2",
    "cost_per_hour": "12.50",
    "config": '{"entry": "crew"}',
}


@pytest.fixture
def builder(world):
    agent = factories.agent("builder", capabilities=("backend.feature", "backend.assembly"))
    Scorecard.objects.create(
        agent=agent, capability="backend.feature", tries=8, succeeded=6, seconds_total=960, cost_total="4.00"
    )
    return agent


def text_of(answer):
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def test_the_list_shows_load_and_record(world, builder, browser):
    world.start()
    attempt = factories.attempt(factories.task(world.plan), by=builder)
    move(attempt, "running", started_at=clock.now())
    text = text_of(browser(world.viewer).get("/agents"))
    assert "Builder" in text
    assert "1 of 10" in text
    assert "75 %" in text
    assert "of 8" in text
    assert "Working" in text


def test_its_live_region_brings_its_own_element(world, builder, browser):
    text = text_of(browser(world.viewer).get("/agents?fragment=1"))
    assert text.lstrip().startswith('<section id="agents-list"')


def test_an_agents_page_has_its_scorecards_with_tries(world, builder, browser):
    text = text_of(browser(world.viewer).get("/agents/builder"))
    assert "backend.assembly" in text
    assert "not tried" in text
    assert "2 min" in text, "mean time of eight tries"
    assert "€0.50" in text, "mean cost of a try"


def test_a_runtime_that_can_not_run_here_says_so(world, browser):
    agent = factories.agent("remote", runtime="a2a")
    client = browser(world.viewer)
    assert "this installation can't run it" in text_of(client.get("/agents"))
    assert "It is given no tasks." in text_of(client.get(f"/agents/{agent.slug}"))


def test_an_unknown_agent_is_404(world, browser):
    assert browser(world.viewer).get("/agents/nobody").status_code == 404


def test_an_admin_adds_one(world, browser):
    answer = browser(world.admin).post("/agents/new", GOOD)
    assert answer.status_code == 302
    made = Agent.objects.get(slug="poet")
    assert (made.status, made.runtime, str(made.cost_per_hour)) == ("active", "local", "12.50")
    names = list(made.capabilities.values_list("capability", flat=True))
    assert names == ["writing.section", "writing.summary"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("slug", "Not A Slug", "Use small letters"),
        ("slug", "builder", "There is an agent"),
        ("slug", "new", "can&#x27;t be called"),
        ("runtime", "a2a", "Select a valid choice"),
        ("capabilities", "Backend Feature", "is no capability"),
        ("capabilities", " , ", "at least one thing"),
        ("config", "[1]", "Write a JSON object"),
        ("config", "{", "This is not JSON"),
        ("config", '{"entry": "elsewhere"}', "A local agent has the entry"),
        ("max_concurrent", "0", "greater than or equal to 1"),
        ("cost_per_hour", "-1", "greater than or equal to 0"),
    ],
)
def test_what_does_not_fit_is_told_beside_the_field(world, builder, browser, field, value, words):
    before = Agent.objects.count()
    answer = browser(world.admin).post("/agents/new", {**GOOD, field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Agent.objects.count() == before


def test_an_admin_changes_one(world, builder, browser):
    client = browser(world.admin)
    form = text_of(client.get("/agents/builder/edit"))
    assert "backend.assembly" in form
    answer = client.post("/agents/builder/edit", {**GOOD, "name": "Second builder"})
    assert answer.status_code == 302
    builder.refresh_from_db()
    assert (builder.name, builder.slug, builder.max_concurrent) == ("Second builder", "builder", 2)
    assert list(builder.capabilities.values_list("capability", flat=True)) == ["writing.section", "writing.summary"]


def test_its_status_moves_as_the_lifecycle_allows(world, builder, browser):
    client = browser(world.admin)
    client.post("/agents/builder/move/draining")
    builder.refresh_from_db()
    assert builder.status == "draining"
    answer = client.post("/agents/builder/move/quarantined", follow=True)
    builder.refresh_from_db()
    assert builder.status == "draining"
    assert "This no longer fits" in answer.content.decode()
    assert client.post("/agents/builder/move/unreachable").status_code == 404


@pytest.mark.parametrize("who", ["viewer", "owner", "operator"])
def test_only_admins_change_the_registry(world, builder, browser, who):
    client = browser(getattr(world, who))
    client.post("/agents/new", GOOD)
    client.post("/agents/builder/edit", {**GOOD, "name": "Mine"})
    client.post("/agents/builder/move/disabled")
    builder.refresh_from_db()
    assert (builder.name, builder.status) == ("Builder", "active")
    assert not Agent.objects.filter(slug="poet").exists()
    assert "you may not change the registry of agents" in text_of(client.get("/agents"))


def test_without_the_csrf_token_nothing_is_changed(world, builder, browser):
    answer = browser(world.admin, csrf=True).post("/agents/builder/move/disabled")
    assert answer.status_code == 403
    builder.refresh_from_db()
    assert builder.status == "active"


def test_a_get_moves_nothing(world, builder, browser):
    assert browser(world.admin).get("/agents/builder/move/disabled").status_code == 405


def test_strangers_sign_in_first(db):
    for path in ("/agents", "/agents/new", "/agents/builder", "/pool", "/me", "/people"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/sign-in?next={path}")


def test_names_can_not_act(world, browser):
    agent = factories.agent("evil")
    agent.name = agent.description = "<script>alert(1)</script>"
    agent.save()
    for path in ("/agents", "/agents/evil"):
        text = text_of(browser(world.viewer).get(path))
        assert "<script>alert" not in text


def test_its_queries_do_not_grow(world, builder, browser):
    client = browser(world.viewer)

    def queries():
        with CaptureQueriesContext(connection) as found:
            text_of(client.get("/agents"))
        return len(found)

    few = queries()
    for _ in range(12):
        factories.agent(capabilities=("a.b", "c.d"))
    assert queries() == few
