"""A worker knows when it has gone deaf, and does not think so when it is only busy."""

import pytest

from orchestrator_site.connections import HINTS, redis_url
from orchestrator_site.watchdog import PATIENCE, Hearing, hints_waiting


def _looks(hearing: Hearing, waiting: int | None, *, seconds: float = PATIENCE * 3) -> bool:
    return any(hearing.deaf(now=float(now), waiting=waiting) for now in range(0, int(seconds), 5))


def test_hints_wait_and_none_arrives():
    assert _looks(Hearing(threads=2), 3)


@pytest.mark.parametrize("waiting", [0, None])
def test_nothing_waits_or_redis_is_away(waiting):
    assert not _looks(Hearing(threads=2), waiting)


def test_all_threads_are_busy():
    assert not _looks(Hearing(threads=2, busy=2), 3)


def test_a_hint_in_between_begins_the_silence_anew():
    hearing = Hearing(threads=2)
    for now in range(0, 100, 5):
        assert not hearing.deaf(now=float(now), waiting=3)
        if now % 15 == 0:
            hearing.heard()


def test_patience_is_not_exhausted_before_its_time():
    assert not _looks(Hearing(threads=2), 3, seconds=PATIENCE)


def test_waiting_hints_are_counted_where_celery_puts_them(services, settings):
    from orchestrator_site.celery import app

    url = redis_url(services.redis_url, HINTS)
    before = hints_waiting(url, ["plan"])
    app.send_task("nobody.does.this", queue="plan")
    assert before is not None
    assert hints_waiting(url, ["plan"]) == before + 1
    app.control.purge()


def test_a_redis_that_is_away_is_not_an_empty_queue():
    assert hints_waiting("redis://127.0.0.1:1/0", ["plan"]) is None
