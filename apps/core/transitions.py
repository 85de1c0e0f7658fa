"""The one door for a status.

``move`` changes one thing, ``move_many`` a set. Both check the lifecycle's table, update only rows that still have
the old status, and record the events in the same transaction. A lost race has a name: ``StaleState``.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
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


@transaction.atomic
def move_many(
    rows: models.QuerySet[StatefulT],
    new: str,
    *,
    actor: Actor = HUB,
    data: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] | None = None,
    **fields: Any,
) -> list[Any]:
    """Move every row of the set that may become ``new``; returns the primary keys that moved.

    Rows whose status does not allow the move are left alone (a set is what was found a moment ago; the table decides
    now), and so are rows that no longer fit the set's own conditions once they are locked. ``data`` is added to each
    event: a mapping, or a function of the row's primary key. Four statements, whatever the size: lock the streams, lock
    the rows, update, insert events (and one a stream for the numbers).
    """
    model = rows.model
    froms = model.lifecycle.before(new)
    if not froms:
        raise IllegalMove(model.lifecycle.thing, "any", new)
    stream_column = model.stream_column()
    columns = ["pk", "status", *([stream_column] if stream_column else [])]
    able = _able(rows, froms)
    events.lock_streams(able.order_by().values(stream_column) if stream_column else [SYSTEM_STREAM])
    # A join may give a row more than once.
    found = list(dict.fromkeys(able.order_by("pk").select_for_update(of=("self",), no_key=True).values_list(*columns)))
    if not found:
        return []
    model._default_manager.filter(pk__in=[row[0] for row in found]).update(status=new, **fields)
    events.record_many(_happenings(model, found, new, data), actor=actor)
    return [row[0] for row in found]


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
    new: str,
    data: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] | None,
) -> Iterable[events.Happening]:
    kind = event_type(model.lifecycle.thing, new)
    for pk, old, *rest in found:
        stream: uuid.UUID = (rest[0] if rest else None) or SYSTEM_STREAM
        extra = data(pk) if callable(data) else (data or {})
        yield events.Happening(stream, kind, subject_of(model, pk), {"from": old, "to": new, **extra})


def statuses_before(model: type[Stateful], new: str) -> Collection[str]:
    """The statuses from which rows of ``model`` may become ``new``."""
    return model.lifecycle.before(new)
