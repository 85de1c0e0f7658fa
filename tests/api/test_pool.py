"""GET /pool, /goals/{id}/artifacts, /artifacts/{id}."""

import base64
import uuid
from datetime import timedelta

from apps.accounts.services import person_create
from apps.core import clock
from apps.tasks.models import Worker
from tests.api.conftest import is_problem


def test_the_pool_shows_who_holds_which_slot(world, outsider):
    attempt = world.start().attempt()
    Worker.objects.create(name="w1", capacity=4, seen_at=clock.now())
    Worker.objects.create(name="w2", capacity=4, seen_at=clock.now() - timedelta(minutes=5))
    body = outsider.get("/pool").json()
    assert (body["slots"], body["free"], body["worker_capacity"]) == (10, 9, 4)
    assert body["places"][0]["attempt"] == str(attempt.pk)
    assert body["places"][0]["agent"] == "builder"
    assert body["settings"]["retries"] == 3


def test_the_pool_takes_a_fixed_number_of_queries(world, owner, django_assert_num_queries):
    # session, person, pool, live attempts, places, capacity, ready tasks
    with django_assert_num_queries(7):
        owner.get("/pool")


def test_strangers_and_writers_are_refused(world, owner, stranger):
    is_problem(stranger.get("/pool"), 401)
    is_problem(owner.post("/pool", {}), 405)


def test_an_admin_changes_the_pool_and_others_do_not(world, outsider, by_session):
    admin = by_session(person_create(username="boss", password="a long sentence", role="admin", groups=["owners"]))
    is_problem(outsider.patch("/pool", {"slots": 12}), 403)
    is_problem(admin.patch("/pool", {"slots": 51}), 422)
    body = admin.patch("/pool", {"slots": 12, "lease_seconds": 5}).json()
    assert (body["slots"], len(body["places"]), body["settings"]["lease_seconds"]) == (12, 12, 5)


def test_accepted_files_with_their_content(world, outsider):
    text, other = world.artifact(), world.artifact("docs/b.bin", b"\xff\x00\x01")
    rows = outsider.get(f"/goals/{world.goal.pk}/artifacts").json()["items"]
    assert [row["path"] for row in rows] == ["docs/a.md", "docs/b.bin"]
    body = outsider.get(f"/artifacts/{text.pk}").json()
    assert (body["content"], body["encoding"], body["task"]) == ("# A\n", "utf-8", str(world.task.pk))
    body = outsider.get(f"/artifacts/{other.pk}").json()
    assert (base64.b64decode(body["content"]), body["encoding"]) == (b"\xff\x00\x01", "base64")


def test_missing_files(owner):
    is_problem(owner.get(f"/artifacts/{uuid.uuid4()}"), 404)
    is_problem(owner.get(f"/goals/{uuid.uuid4()}/artifacts"), 404)
