"""The one door for a status.

``move`` changes one thing, ``move_many`` a set. Both check the lifecycle's table, update only rows that still have
the old status, and record the events in the same transaction. A lost race has a name: ``StaleState``.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from django.db import models, transaction

from apps.core import events
from apps.core.actors import HUB, Actor
from apps.core.errors import StaleState
from apps.core.models import SYSTEM_STREAM, Stateful
from apps.engine.lifecycle import IllegalMove

StatefulT = TypeVar("StatefulT", bound=Stateful)

# Event types that are fixed by the API (design §7) where they differ from "<thing>.<status>".
EVENT_TYPES: Mapping[tuple[str, str], str] = {("task", "running"): "task.started"}


def subject_of(model: type[Stateful], pk: Any) -> str:
    return f"{model.lifecycle.thing}:{pk}"


def event_type(thing: str, new: str) -> str:
    return EVENT_TYPES.get((thing, new), f"{thing}.{new}")


@transaction.atomic
def move(
    thing: StatefulT, new: str, *, actor: Actor = HUB, data: Mapping[str, Any] | None = None, **fields: Any
) -> StatefulT:
    """Move one thing from the status it was read with to ``new``, writing ``fields`` with it.

    Raises ``IllegalMove`` when the table does not know the move, ``StaleState`` when the row has moved meanwhile.
    The instance is brought up to date.
    """
    model, old = type(thing), thing.status
    model.lifecycle.check(old, new)
    events.lock_streams([thing.stream_id])
    changed = model._default_manager.filter(pk=thing.pk, status=old).update(status=new, **fields)
    if not changed:
        raise StaleState(
            f"This {model.lifecycle.thing} is no longer {old.replace('_', ' ')}: somebody or something else was first. "
            "Look again and decide anew."
        )
    computed = [name for name, value in fields.items() if hasattr(value, "resolve_expression")]
    for name, value in {"status": new, **fields}.items():
        if name not in computed:
            setattr(thing, name, value)
    if computed:
        thing.refresh_from_db(fields=computed)
    detail = {"from": old, "to": new, **(data or {})}
    happening = events.Happening(
        thing.stream_id, event_type(model.lifecycle.thing, new), subject_of(model, thing.pk), detail
    )
    events.record(happening, actor=actor)
    return thing


def move_many(
    rows: models.QuerySet[StatefulT],
    new: str,
    *,
    actor: Actor = HUB,
    data: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] | None = None,
    **fields: Any,
) -> list[Any]:
    """Move every row of the set that may become ``new``; see ``move_through``."""
    return move_through(rows, [new], actor=actor, data=data, **fields)


def move_through(
    rows: models.QuerySet[StatefulT],
    path: Sequence[str],
    *,
    actor: Actor = HUB,
    data: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] | None = None,
    **fields: Any,
) -> list[Any]:
    """Move every row of the set that may take the first step of ``path`` along all of it; returns the keys that moved.

    Each step is checked against the table and told as an event of its own; a path of more than one step is for work so
    short that nobody could see it in between.

    Rows whose status does not allow the move are left alone (a set is what was found a moment ago; the table decides
    now), and so are rows that no longer fit the set's own conditions once they are locked. ``data`` is added to each
    event: a mapping, or a function of the row's primary key. Four statements, whatever the size: lock the streams, lock
    the rows, update, insert events (one a stream).
    """
    model, last = rows.model, path[-1]
    froms = model.lifecycle.before(path[0])
    if not froms:
        raise IllegalMove(model.lifecycle.thing, "any", path[0])
    for old, new in pairwise(path):
        model.lifecycle.check(old, new)
    with transaction.atomic(savepoint=False):
        found = _lock(rows, froms)
        if found:
            model._default_manager.filter(pk__in=[row[0] for row in found]).update(status=last, **fields)
            events.record_many(_happenings(model, found, path, data), actor=actor)
    return [row[0] for row in found]


def _lock(rows: models.QuerySet[StatefulT], froms: Collection[str]) -> list[tuple[Any, ...]]:
    """Lock the streams and then the rows that may move, in the order of their keys; returns key, status and stream."""
    stream_column = rows.model.stream_column()
    able = _able(rows, froms)
    events.lock_streams(able.order_by().values(stream_column) if stream_column else [SYSTEM_STREAM])
    columns = ["pk", "status", *([stream_column] if stream_column else [])]
    locked = able.order_by("pk").select_for_update(of=("self",), no_key=True).values_list(*columns)
    # A join may give a row more than once.
    return list(dict.fromkeys(locked))


def _able(rows: models.QuerySet[StatefulT], froms: Collection[str]) -> models.QuerySet[StatefulT]:
    """The rows that may move, with the set's own conditions, so that the statement that locks them (in the order of
    their keys) looks at the conditions again for a row that it had to wait for.

    Sets that can't be locked as they are (sliced, distinct, grouped) are looked up by key.
    """
    query = rows.query
    if query.is_sliced or query.distinct or query.combinator or query.group_by is not None:
        rows = rows.model._default_manager.filter(pk__in=rows.values("pk"))
    return rows.filter(status__in=froms)


def _happenings(
    model: type[Stateful],
    found: Iterable[tuple[Any, ...]],
    path: Sequence[str],
    data: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] | None,
) -> Iterable[events.Happening]:
    thing = model.lifecycle.thing
    for pk, before, *rest in found:
        stream: uuid.UUID = (rest[0] if rest else None) or SYSTEM_STREAM
        extra = data(pk) if callable(data) else (data or {})
        for old, new in pairwise([before, *path]):
            detail = {"from": old, "to": new, **extra}
            yield events.Happening(stream, event_type(thing, new), subject_of(model, pk), detail)
