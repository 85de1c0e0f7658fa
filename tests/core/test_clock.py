from datetime import UTC, datetime, timedelta

import pytest

from apps.core import clock
from tests.concurrency import together

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_the_clock_stands_for_the_block_and_runs_again_after_it() -> None:
    with clock.at(NOON):
        assert clock.now() == clock.now() == NOON
        with clock.at(lambda: NOON + timedelta(hours=1)):
            assert clock.now() == NOON + timedelta(hours=1)
        assert clock.now() == NOON
    assert clock.now() > NOON
    assert clock.now().utcoffset() == timedelta(0)


def test_the_clock_runs_again_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), clock.at(NOON):
        _ = 1 / 0
    assert clock.now() != NOON


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_stands_stands_for_its_own_thread() -> None:
    with clock.at(NOON):
        assert together(lambda: clock.now() == NOON) == [False]


@pytest.mark.django_db
def test_the_database_has_a_clock_of_its_own_that_runs_within_a_transaction() -> None:
    with clock.at(NOON):
        first, second = clock.database_now(), clock.database_now()
    assert NOON < first < second
    assert first.tzinfo is not None
