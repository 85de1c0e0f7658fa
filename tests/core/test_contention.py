"""Where PostgreSQL ends a deadlock by refusing one, that one begins anew."""

import threading
import uuid

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from apps.core import events
from apps.core.contention import TRIES, atomic_again
from apps.core.events import Happening
from apps.core.models import Event
from tests.concurrency import PATIENCE, together


@pytest.mark.django_db(transaction=True)
def test_of_two_that_wait_for_each_other_both_end_up_done() -> None:
    streams = [uuid.uuid4(), uuid.uuid4()]
    met, done = threading.Barrier(2), threading.Event()
    tries: list[int] = []

    def write(mine: int) -> None:
        @atomic_again
        def run() -> None:
            tries.append(mine)
            if tries.count(mine) > 1:  # the one that was refused lets the other finish
                assert done.wait(PATIENCE)
            events.record(Happening(streams[mine], "first", "x:1"))
            if tries.count(mine) == 1:
                met.wait(PATIENCE)
            events.record(Happening(streams[1 - mine], "second", "x:1"))

        run()
        done.set()

    together(lambda: write(0), lambda: write(1))
    assert sorted([tries.count(0), tries.count(1)]) == [1, 2]
    assert sorted(Event.objects.values_list("type", flat=True)) == ["first", "first", "second", "second"]


def refused(sqlstate: str) -> OperationalError:
    error = OperationalError("refused")
    error.__cause__ = psycopg.errors.lookup(sqlstate)("refused")
    return error


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sqlstate", "tries"), [("40P01", TRIES), ("40001", TRIES), ("55P03", TRIES), ("57P01", 1)])
def test_it_begins_anew_a_few_times_and_only_where_that_helps(sqlstate: str, tries: int) -> None:
    tried: list[int] = []

    @atomic_again
    def run() -> None:
        tried.append(1)
        raise refused(sqlstate)

    with pytest.raises(OperationalError, match="refused"):
        run()
    assert len(tried) == tries


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_the_outermost_begins_anew() -> None:
    tried: list[str] = []

    @atomic_again
    def inner() -> None:
        tried.append("inner")
        if len(tried) < 4:
            raise refused("40P01")

    @atomic_again
    def outer() -> str:
        tried.append("outer")
        inner()
        return "done"

    assert outer() == "done"
    assert tried == ["outer", "inner", "outer", "inner"]


@pytest.mark.django_db(transaction=True)
def test_another_error_undoes_everything_and_is_raised_at_once() -> None:
    tried: list[int] = []

    @atomic_again
    def run() -> None:
        tried.append(1)
        events.record(Happening(uuid.uuid4(), "x", "x:1"))
        raise IntegrityError

    with pytest.raises(IntegrityError):
        run()
    assert (tried, Event.objects.count()) == ([1], 0)
    assert not connection.in_atomic_block
    with transaction.atomic():
        assert connection.in_atomic_block
