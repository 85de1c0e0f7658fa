"""The pool: slots, the queue with its sums, workers, service levels, and the settings."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.models import AuditLink
from apps.core.transitions import move
from apps.dashboard.forms.pool import SETTINGS
from apps.insight.models import SloSample
from apps.tasks.models import Pool, Worker
from apps.tasks.services.pool import POOL_FIELDS
from tests import factories


@pytest.fixture
def pool(world):
    found = factories.pool()
    for number in range(1, 11):
        factories.slot(number)
    world.start()
    move(world.goal, "planning")
    move(world.goal, "proposed")
    move(world.goal, "running", started_at=clock.now())
    return found


def text_of(answer):
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def settings(pool, **changed):
    return {name: str(getattr(pool, name)) for name in SETTINGS} | changed


def test_every_setting_of_the_pool_can_be_seen_and_changed(pool):
    assert set(SETTINGS) == POOL_FIELDS


def test_a_held_slot_names_its_task(world, pool, browser):
    task = factories.task(world.plan, title="Bind the books")
    move(factories.attempt(task, slot=factories.slot(1)), "running", started_at=clock.now())
    text = text_of(browser(world.viewer).get("/pool"))
    assert "1 of 10 held" in text
    assert "Bind the books" in text


def test_the_queue_explains_its_order(world, pool, browser):
    world.plan.critical_minutes = 10
    world.plan.save()
    for title, level in (("Later", 1), ("Sooner", 9)):
        task = factories.task(world.plan, title=title, status="ready", bottom_level=level, ready_at=clock.now())
        assert task.status == "ready"
    text = text_of(browser(world.viewer).get("/pool"))
    assert text.index("Sooner") < text.index("Later")
    assert "0.90 for the critical path + 1.00 for the goal" in text
    assert "2 ready" in text


def test_workers_that_are_silent_count_for_nothing(world, pool, browser):
    Worker.objects.create(name="here:1", capacity=4, seen_at=clock.database_now())
    Worker.objects.create(name="gone:2", capacity=4, seen_at=clock.database_now() - timedelta(minutes=5))
    text = text_of(browser(world.viewer).get("/pool"))
    assert "here:1" in text
    assert "gone:2" not in text
    assert "Workers can carry 4 of 10 slots" in text


def test_without_a_worker_it_says_so(world, pool, browser):
    assert "No worker answers." in text_of(browser(world.viewer).get("/pool"))


def test_service_levels_say_when_there_is_not_enough_data(world, pool, browser):
    client = browser(world.viewer)
    assert text_of(client.get("/pool")).count("not enough data") == 2
    SloSample.objects.create(at=clock.now(), parallelization=0.95, overhead=0.02)
    text = text_of(client.get("/pool"))
    assert "95 %" in text
    assert "not enough data" not in text


def test_its_live_region_brings_its_own_element_and_no_form(world, pool, browser):
    text = text_of(browser(world.viewer).get("/pool/now"))
    assert text.lstrip().startswith('<div id="pool-slots"')
    assert "<form" not in text


def test_an_admin_changes_what_differs_and_it_is_audited(world, pool, browser):
    answer = browser(world.admin).post("/pool/settings", settings(pool, slots="12", backoff_seconds="0.5"))
    assert answer.status_code == 302
    pool.refresh_from_db()
    assert (pool.slots, pool.backoff_seconds, pool.places.count()) == (12, 0.5, 12)
    link = AuditLink.objects.get(what="pool.changed")
    assert link.data == {"slots": 12, "backoff_seconds": 0.5}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"slots": "4"}, "greater than or equal to 5"),
        ({"slots": "51"}, "less than or equal to 50"),
        ({"slots": "many"}, "Enter a whole number"),
        ({"queue_resume": "100"}, "below the queue limit"),
        ({"slo_overhead": "1.5"}, "less than or equal to 1"),
        ({"backoff_factor": "nan"}, "Enter a number"),
        ({"backoff_factor": "inf"}, "Enter a number"),
    ],
)
def test_what_does_not_fit_is_told_beside_the_field(world, pool, browser, changed, words):
    answer = browser(world.admin).post("/pool/settings", settings(pool, **changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Pool.objects.get().slots == 10


@pytest.mark.parametrize("who", ["viewer", "owner"])
def test_only_admins_change_it(world, pool, browser, who):
    client = browser(getattr(world, who))
    client.post("/pool/settings", settings(pool, slots="20"))
    assert Pool.objects.get().slots == 10
    assert re.search(r"<fieldset[^>]* disabled", text_of(client.get("/pool")))


def test_a_get_changes_nothing(world, pool, browser):
    assert browser(world.admin).get("/pool/settings", settings(pool, slots="20")).status_code == 405


def test_its_queries_do_not_grow(world, pool, browser):
    client = browser(world.viewer)

    def add(number):
        for _ in range(number):
            factories.task(world.plan, status="ready", ready_at=clock.now())

    def queries():
        with CaptureQueriesContext(connection) as found:
            text_of(client.get("/pool"))
        return len(found)

    add(1)
    few = queries()
    add(20)
    assert queries() == few
