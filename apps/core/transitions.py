"""The one door for a status.

``move`` changes one thing, ``move_many`` a set. Both check the lifecycle's table, update only rows that still have
the old status, and record the events in the same transaction. A lost race has a name: ``StaleState``.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models import sql

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
    streams: Collection[uuid.UUID] | None = None,
    **fields: Any,
) -> list[Any]:
    """Move every row of the set that may become ``new``; see ``move_through``."""
    return move_through(rows, [new], actor=actor, data=data, streams=streams, **fields)


def move_through(
    rows: models.QuerySet[StatefulT],
    path: Sequence[str],
    *,
    actor: Actor = HUB,
    data: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] | None = None,
    streams: Collection[uuid.UUID] | None = None,
    **fields: Any,
) -> list[Any]:
    """Move every row of the set that may take the first step of ``path`` along all of it; returns the keys that moved.

    Each step is checked against the table and told as an event of its own; a path of more than one step is for work so
    short that nobody could see it in between.

    Rows whose status does not allow the move are left alone (a set is what was found a moment ago; the table decides
    now), and so are rows that no longer fit the set's own conditions once they are locked. ``data`` is added to each
    event: a mapping, or a function of the row's primary key. ``streams`` are those of all rows, where the caller knows
    them. Three statements, whatever the size: lock the streams, lock and update the rows, insert events (one a stream);
    within ``events.together`` the first is spared for streams that are held, and the last comes at the block's end.
    """
    model, last = rows.model, path[-1]
    froms = model.lifecycle.before(path[0])
    if not froms:
        raise IllegalMove(model.lifecycle.thing, "any", path[0])
    for old, new in pairwise(path):
        model.lifecycle.check(old, new)
    with transaction.atomic(savepoint=False):
        able = _able(rows, froms)
        _lock_streams(able, streams)
        found = _update(able, {"status": last, **fields})
        if found:
            events.tell(_happenings(model, found, path, data), actor=actor)
    return [row[0] for row in found]


def _lock_streams(able: models.QuerySet[Any], known: Collection[uuid.UUID] | None) -> None:
    column = able.model.stream_column()
    if column is None:
        events.lock_streams([SYSTEM_STREAM])
    elif known is not None:
        events.lock_streams(known)
    else:
        events.lock_streams(able.order_by().values(column))


def _update(able: models.QuerySet[Any], fields: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Lock the rows in the order of their keys and write ``fields``, in one statement: one wait for the database.

    Returns key, old status and stream of each. The ORM has no UPDATE that gives back what was there before, so the two
    statements it does have, the locking one and the writing one, are joined here.
    """
    model = able.model
    column = model.stream_column()
    columns = ["pk", "status", *([column] if column else [])]
    locked = able.order_by("pk").select_for_update(of=("self",), no_key=True).values_list(*columns)
    query = model._default_manager.all().query.chain(sql.UpdateQuery)
    query.add_update_values(dict(fields))
    written, values = query.get_compiler(connection=connection).as_sql()
    try:
        chosen, conditions = locked.query.sql_with_params()
    except EmptyResultSet:
        return []
    quote = connection.ops.quote_name
    names = ", ".join(["key", "status", "stream"][: len(columns)])
    key = f"{quote(model._meta.db_table)}.{quote(model._meta.pk.column)}"
    statement = f"{written} FROM ({chosen}) AS found ({names}) WHERE {key} = found.key RETURNING found.*"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *conditions])
        return sorted(cursor.fetchall(), key=lambda row: row[0])


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
