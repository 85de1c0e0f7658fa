"""GET /estimates."""

from datetime import timedelta

from apps.core import clock
from apps.planning.versions import library_seed
from apps.tasks.models import Attempt
from tests.api.conftest import is_problem


def test_every_task_of_the_library_with_what_was_measured(world, owner):
    library_seed()
    attempt = world.start().attempt()
    begun = clock.now()
    Attempt.objects.filter(pk=attempt.pk).update(
        status="succeeded", started_at=begun, finished_at=begun + timedelta(minutes=8)
    )
    task = attempt.task
    task.key, task.capability, task.started_at = "feature-add-book", "backend.feature", begun
    task.save(update_fields=["key", "capability", "started_at"])

    items = owner.get("/estimates").json()["items"]
    first = items[0]

    assert (first["capability"], first["samples"]) == ("backend.feature", 1)
    assert (first["source"], first["own"]) == ("default", True)
    assert first["measured_minutes"] == 8
    assert first["ratio"] == 8 / first["library"]["minutes"]
    assert first["why"].startswith("1 attempt took 8.0 min at the median")
    assert items[-1]["ratio"] is None
    assert items[-1]["library"]["minutes"] == items[-1]["estimate"]["minutes"]


def test_strangers_and_writers_are_refused(world, owner, stranger):
    is_problem(stranger.get("/estimates"), 401)
    is_problem(owner.post("/estimates", {}), 405)


def test_it_takes_a_fixed_number_of_queries(world, owner, django_assert_num_queries):
    library_seed()
    # session, person, library, attempts
    with django_assert_num_queries(4):
        owner.get("/estimates")
