"""Recording what happened, in the caller's transaction, and telling subscribers once it is committed.

A sequence number belongs to a stream (a goal, or the system). The stream's row is locked from the moment the
number is taken until the commit, so a reader who has seen n never meets a number below n later.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from apps.core import clock
from apps.core.actors import HUB, Actor
from apps.core.models import Event, Stream

log = logging.getLogger(__name__)

Subscriber = Callable[[Sequence[Event]], None]


@dataclass(frozen=True)
class Happening:
    """An event to be recorded: ``stream`` is a goal's id or ``SYSTEM_STREAM``, ``subject`` reads kind:id."""

    stream: uuid.UUID
    type: str
    subject: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class _Together:
    """What a block of :func:`together` holds: the savepoints it began in, the streams it has locked, what is still to
    be written, and a mark for each time that this was written inside of a savepoint of the block."""

    savepoints: tuple[str, ...]
    held: set[uuid.UUID] = field(default_factory=set)
    told: list[tuple[Actor, Happening]] = field(default_factory=list)
    marks: list[Callable[[], None]] = field(default_factory=list)

    @property
    def is_inside(self) -> bool:
        """Whether a savepoint was set since the block began: what is done now may yet be undone alone."""
        return _savepoints() != self.savepoints


def _savepoints() -> tuple[str, ...]:
    return tuple(sid for sid in connection.savepoint_ids if sid)


_together: ContextVar[_Together | None] = ContextVar("events_together", default=None)


@contextmanager
def together(streams: Iterable[uuid.UUID] = ()) -> Iterator[None]:
    """One transaction, or a part of one, whose moves are told in one statement a stream when the block ends.

    ``streams`` are locked at its beginning; ``lock_streams`` need not ask for them again. A block within a block is a
    part of it. Order is kept: ``record`` and ``record_many`` write what was told before them first. What happens inside
    of a savepoint is written there, so that it goes with it; where something that was told before would go too, the
    block fails.
    """
    outer = _together.get()
    with transaction.atomic(savepoint=False):
        if outer is not None:
            lock_streams(streams)
            yield
            return
        block = _Together(_savepoints())
        token = _together.set(block)
        try:
            lock_streams(streams)
            yield
            _write(block)
            _check_marks(block)
        finally:
            _together.reset(token)


def tell(happenings: Iterable[Happening], *, actor: Actor = HUB) -> None:
    """Record events whose rows the caller does not need: now, or with the others of an open ``together``."""
    block = _together.get()
    if block is None or block.is_inside:
        record_many(happenings, actor=actor)
    else:
        block.told.extend((actor, happening) for happening in happenings)


def _write(block: _Together) -> None:
    told, block.told = block.told, []
    if told and block.is_inside:
        # Django forgets it with the savepoint: the only sign that a savepoint was rolled back.
        mark = partial(lambda: None)
        block.marks.append(mark)
        transaction.on_commit(mark)
    for actor, group in groupby(told, key=lambda one: one[0]):
        record_many([happening for _, happening in group], actor=actor)


def _check_marks(block: _Together) -> None:
    kept = [function for _, function, *_ in connection.run_on_commit]
    if any(mark not in kept for mark in block.marks):
        raise RuntimeError("A savepoint was rolled back with events that were told before it was set; begin anew.")


def record(happening: Happening, *, actor: Actor = HUB) -> Event:
    """Record one event; see ``record_many``."""
    return record_many([happening], actor=actor)[0]


def record_many(happenings: Iterable[Happening], *, actor: Actor = HUB) -> list[Event]:
    """Record events in order: one statement a stream, whatever their number.

    Streams are locked in the order of their ids, so that two writers never wait for each other. Numbers and rows go in
    together: in the caller's transaction, or in one of their own.
    """
    if (block := _together.get()) is not None and block.told:
        _write(block)
    by_stream: dict[uuid.UUID, list[Happening]] = defaultdict(list)
    for happening in happenings:
        by_stream[happening.stream].append(happening)
    if not by_stream:
        return []
    moment = clock.now()
    with transaction.atomic(savepoint=False):
        rows = [row for stream, told in sorted(by_stream.items()) for row in _insert(stream, told, actor, moment)]
        _tell_on_commit(rows)
    return rows


# Numbers and rows in one statement: the stream's row is locked from here to the commit.
_INSERT = """
WITH numbered AS (
    INSERT INTO core_stream (id, last_seq) VALUES (%(stream)s, %(count)s)
    ON CONFLICT (id) DO UPDATE SET last_seq = core_stream.last_seq + EXCLUDED.last_seq
    RETURNING last_seq
)
INSERT INTO core_event (stream_id, seq, type, subject, actor, at, data, version)
SELECT %(stream)s, numbered.last_seq - %(count)s + told.place, told.type, told.subject, %(actor)s, %(at)s, told.data, 1
FROM numbered, unnest(%(types)s::text[], %(subjects)s::text[], %(data)s::jsonb[])
    WITH ORDINALITY AS told (type, subject, data, place)
RETURNING id, seq
"""


def _insert(stream: uuid.UUID, told: Sequence[Happening], actor: Actor, moment: datetime) -> list[Event]:
    who = actor.as_dict()
    encoder = DjangoJSONEncoder(allow_nan=False)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "stream": stream,
                "count": len(told),
                "types": [one.type for one in told],
                "subjects": [one.subject for one in told],
                "data": [encoder.encode(dict(one.data)) for one in told],
                "actor": encoder.encode(who),
                "at": moment,
            },
        )
        given = sorted(cursor.fetchall(), key=lambda row: row[1])
    return [
        Event(pk=pk, stream_id=stream, seq=seq, type=one.type, subject=one.subject, actor=who, at=moment, data=one.data)
        for (pk, seq), one in zip(given, told, strict=True)
    ]


def lock_streams(streams: Iterable[uuid.UUID] | QuerySet[Any, Any]) -> None:
    """Hold these streams until the transaction ends: whoever will write events locks them before any other row.

    One order of locking for all, streams first and each kind of row after, is what keeps two writers of one goal from
    waiting for each other. A stream without events yet has no row to lock, and nobody else to wait for.
    """
    block = _together.get()
    if not isinstance(streams, QuerySet):
        streams = set(streams) - (block.held if block else set())
        if not streams:
            return
    rows = Stream.objects.filter(pk__in=streams).order_by("pk").select_for_update(no_key=True)
    held = list(rows.values_list("pk", flat=True))
    if block is not None and not block.is_inside:
        block.held.update(held)


def _tell_on_commit(rows: Sequence[Event]) -> None:
    # A subscriber sends hints; a lost hint is found by the sweeper. It must neither reach the caller, whose write is
    # committed, nor keep the other subscribers from being told.
    def tell_all() -> None:
        for subscriber in subscribers():
            try:
                subscriber(rows)
            except Exception:
                log.exception("a subscriber failed on %s event(s)", len(rows))

    transaction.on_commit(tell_all, robust=True)


def subscribers() -> tuple[Subscriber, ...]:
    """The functions named in ``settings.EVENT_SUBSCRIBERS``, loaded once."""
    return _load(tuple(settings.EVENT_SUBSCRIBERS))


@cache
def _load(names: tuple[str, ...]) -> tuple[Subscriber, ...]:
    return tuple(import_string(name) for name in names)
