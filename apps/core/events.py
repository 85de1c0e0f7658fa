"""Recording what happened, in the caller's transaction, and telling subscribers once it is committed.

A sequence number belongs to a stream (a goal, or the system). The stream's row is locked from the moment the
number is taken until the commit, so a reader who has seen n never meets a number below n later.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from apps.core import clock
from apps.core.actors import HUB, Actor
from apps.core.models import Event

Subscriber = Callable[[Sequence[Event]], None]


@dataclass(frozen=True)
class Happening:
    """An event to be recorded: ``stream`` is a goal's id or ``SYSTEM_STREAM``, ``subject`` reads kind:id."""

    stream: uuid.UUID
    type: str
    subject: str
    data: Mapping[str, Any] = field(default_factory=dict)


def record(happening: Happening, *, actor: Actor = HUB) -> Event:
    """Record one event; see ``record_many``."""
    return record_many([happening], actor=actor)[0]


def record_many(happenings: Iterable[Happening], *, actor: Actor = HUB) -> list[Event]:
    """Record events in order: one statement a stream for the numbers, one bulk insert for the rows.

    Must run inside a transaction. Streams are locked in the order of their ids, so that two writers never wait
    for each other.
    """
    by_stream: dict[uuid.UUID, list[Happening]] = defaultdict(list)
    for happening in happenings:
        by_stream[happening.stream].append(happening)
    if not by_stream:
        return []
    moment, who = clock.now(), actor.as_dict()
    rows: list[Event] = []
    for stream, told in sorted(by_stream.items()):
        first = _take_numbers(stream, len(told)) - len(told) + 1
        rows += [
            Event(
                stream_id=stream,
                seq=first + index,
                type=one.type,
                subject=one.subject,
                actor=who,
                at=moment,
                data=dict(one.data),
            )
            for index, one in enumerate(told)
        ]
    Event.objects.bulk_create(rows)
    _tell_on_commit(rows)
    return rows


def _take_numbers(stream: uuid.UUID, count: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_stream (id, last_seq) VALUES (%s, %s) "
            "ON CONFLICT (id) DO UPDATE SET last_seq = core_stream.last_seq + EXCLUDED.last_seq "
            "RETURNING last_seq",
            [stream, count],
        )
        last: int = cursor.fetchone()[0]
    return last


def _tell_on_commit(rows: Sequence[Event]) -> None:
    def tell() -> None:
        for subscriber in subscribers():
            subscriber(rows)

    # Robust: a subscriber sends hints; a lost hint is found by the sweeper and must not undo a committed write.
    transaction.on_commit(tell, robust=True)


def subscribers() -> tuple[Subscriber, ...]:
    """The functions named in ``settings.EVENT_SUBSCRIBERS``, loaded once."""
    return _load(tuple(settings.EVENT_SUBSCRIBERS))


@cache
def _load(names: tuple[str, ...]) -> tuple[Subscriber, ...]:
    return tuple(import_string(name) for name in names)
