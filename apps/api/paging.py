"""Lists as ``{items, next}``: keyset pages with an opaque cursor, stable while rows come and go."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, NoReturn, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field as ModelField
from django.db.models import Model, Q, QuerySet
from ninja import Query, Schema
from pydantic import Field

from apps.core.errors import Invalid

MOST = 200
LARGEST_NUMBER = 2**63 - 1

ItemT = TypeVar("ItemT")
ModelT = TypeVar("ModelT", bound=Model)


class Page(Schema, Generic[ItemT]):
    """``next`` is the cursor of the next page, null on the last."""

    items: list[ItemT]
    next: str | None


class PageQuery(Schema):
    """What every list takes."""

    cursor: str = Field("", max_length=1000, description="`next` of the page before")
    limit: int = Field(50, ge=1, le=MOST)


Paging = Annotated[PageQuery, Query()]


def page(rows: QuerySet[ModelT], query: PageQuery, *, order: Sequence[str]) -> dict[str, Any]:
    """One page of ``rows`` in ``order`` (field names, '-' for descending; together unique). One query."""
    rows = rows.order_by(*order)
    if query.cursor:
        rows = rows.filter(_after(rows.model, order, _read(query.cursor, len(order))))
    found = list(rows[: query.limit + 1])
    more = len(found) > query.limit
    items = found[: query.limit]
    cursor = _write([_value(items[-1], name.lstrip("-")) for name in order]) if more else None
    return {"items": items, "next": cursor}


def page_of_list(items: Sequence[Any], query: PageQuery) -> dict[str, Any]:
    """One page of a list that is short and computed (the inbox): the cursor is a place in it."""
    start = 0
    if query.cursor:
        (text,) = _read(query.cursor, 1)
        start = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else _refuse()
    stop = start + query.limit
    return {"items": list(items[start:stop]), "next": _write([str(stop)]) if stop < len(items) else None}


def _value(row: Model, name: str) -> str:
    value: Any = row
    for part in name.split("__"):
        value = getattr(value, part)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _after(model: type[Model], order: Sequence[str], texts: Sequence[str]) -> Q:
    """Rows that come after the one with these values: (a > x) or (a = x and b > y) …"""
    condition, same = Q(pk__in=[]), Q()
    for name, text in zip(order, texts, strict=True):
        field = name.lstrip("-")
        value = _converter(model, field)(text)
        beyond = {f"{field}__{'lt' if name.startswith('-') else 'gt'}": value}
        condition |= same & Q(**beyond)
        same &= Q(**{field: value})
    return condition


def _converter(model: type[Model], name: str) -> Callable[[str], Any]:
    def convert(text: str) -> Any:
        try:
            field = model._meta.get_field(name)
            assert isinstance(field, ModelField)
            value = field.to_python(text)
        except (ValidationError, FieldDoesNotExist, ValueError, OverflowError):
            _refuse()
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            _refuse()
        return value

    return convert


def _write(values: Sequence[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read(cursor: str, length: int) -> list[str]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values: Any = json.loads(raw.decode("utf-8"))
    except (binascii.Error, ValueError, RecursionError):
        _refuse()
    if not isinstance(values, list) or len(values) != length:
        _refuse()
    if not all(isinstance(value, str) and value.isprintable() for value in values):
        _refuse()
    return list(map(str, values))


def _refuse() -> NoReturn:
    raise Invalid({"cursor": "This is not a cursor that this list gave out. Leave it away to begin at the start."})
