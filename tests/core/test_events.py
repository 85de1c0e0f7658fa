"""Events: numbered without gaps in the order of commit, told when committed and never before."""

import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core import events
from apps.core.events import Happening
from apps.core.models import Event, Stream
from tests.concurrency import Holding, InThread, together

heard: list[list[int]] = []


def listen(rows: Sequence[Event]) -> None:
    heard.append([row.seq for row in rows])


def stumble(rows: Sequence[Event]) -> None:
    raise RuntimeError("the line is dead")


@pytest.fixture
def subscribed(settings: Any) -> list[list[int]]:
    heard.clear()
    settings.EVENT_SUBSCRIBERS = [f"{__name__}.stumble", f"{__name__}.listen"]
    return heard


def happening(stream: uuid.UUID, text: str = "something") -> Happening:
    return Happening(stream, text, "goal:1", {"n": 1})


def numbers(stream: uuid.UUID) -> list[int]:
    return list(Event.objects.filter(stream=stream).order_by("pk").values_list("seq", flat=True))


@pytest.mark.django_db
def test_numbers_begin_at_one_in_each_stream() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    events.record(happening(first))
    events.record_many([happening(second), happening(first), happening(second)])
    assert (numbers(first), numbers(second)) == ([1, 2], [1, 2])
    assert events.record_many([]) == []


@pytest.mark.django_db
def test_many_events_of_a_stream_cost_one_statement() -> None:
    stream = uuid.uuid4()
    with CaptureQueriesContext(connection) as captured:
        events.record_many([happening(stream) for _ in range(200)])
    assert len(captured) == 1
    assert numbers(stream) == list(range(1, 201))


@pytest.mark.django_db
def test_a_number_that_was_rolled_back_is_given_again() -> None:
    stream = uuid.uuid4()
    with transaction.atomic():
        events.record(happening(stream))
        transaction.set_rollback(True)
    events.record(happening(stream))
    assert numbers(stream) == [1]


@pytest.mark.django_db
def test_a_number_is_used_once() -> None:
    row = events.record(happening(uuid.uuid4()))
    with pytest.raises(IntegrityError, match="event_once_per_seq"), transaction.atomic():
        Event.objects.create(stream_id=row.stream_id, seq=1, type="x", subject="x", actor={}, at=row.at)


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_whoever_writes_at_once() -> None:
    stream = uuid.uuid4()

    def write(fails: bool) -> None:
        for _ in range(10):
            with transaction.atomic():
                events.record_many([happening(stream), happening(stream)])
                transaction.set_rollback(fails)

    together(lambda: write(False), lambda: write(True), lambda: write(False))
    assert numbers(stream) == list(range(1, 41))


@pytest.mark.django_db(transaction=True)
def test_the_next_number_waits_for_the_commit_of_the_one_before() -> None:
    """A reader that has seen number n never meets a smaller one later."""
    stream = uuid.uuid4()
    with Holding(lambda: events.record(happening(stream, "first"))) as first:
        second = InThread(lambda: events.record(happening(stream, "second")))
        second.until_it_waits()
        assert numbers(stream) == []
        first.commit()
        second.result()
    found = Event.objects.filter(stream=stream).order_by("seq").values_list("seq", "type")
    assert list(found) == [(1, "first"), (2, "second")]


@pytest.mark.django_db(transaction=True)
def test_who_writes_into_two_streams_waits_for_nobody_who_does_so_in_another_order() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()

    def write(*streams: uuid.UUID) -> None:
        for _ in range(20):
            events.record_many([happening(stream) for stream in streams])

    together(lambda: write(first, second), lambda: write(second, first))
    assert numbers(first) == numbers(second) == list(range(1, 41))


@pytest.mark.django_db(transaction=True)
def test_subscribers_are_told_on_commit_and_only_then(subscribed: list[list[int]]) -> None:
    stream = uuid.uuid4()
    with transaction.atomic():
        events.record_many([happening(stream), happening(stream)])
        assert subscribed == []
    assert subscribed == [[1, 2]]
    with transaction.atomic():
        events.record(happening(stream))
        transaction.set_rollback(True)
    assert subscribed == [[1, 2]]


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_that_fails_undoes_nothing_and_silences_nobody(
    subscribed: list[list[int]], caplog: pytest.LogCaptureFixture
) -> None:
    stream = uuid.uuid4()
    events.record(happening(stream))
    assert numbers(stream) == [1]
    assert subscribed == [[1]]
    assert "the line is dead" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_numbers_and_rows_go_in_together() -> None:
    stream = uuid.uuid4()
    with pytest.raises(TypeError):
        events.record(Happening(stream, "x", "goal:1", {"n": object()}))
    assert not Stream.objects.filter(pk=stream).exists()
