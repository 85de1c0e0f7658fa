"""From plain data (a form, a JSON body) to an operation: the kind by its name, and each field of its type."""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from apps.engine.editing.change import Change
from apps.engine.editing.errors import BadInput
from apps.engine.editing.order import Move, Order, Unorder
from apps.engine.editing.tasks import Add, Part, Remove, Split
from apps.engine.rice import INPUTS

Operation = Add | Remove | Split | Move | Order | Unorder | Change
KINDS: Mapping[str, type[Operation]] = {kind.kind: kind for kind in (Add, Remove, Split, Move, Order, Unorder, Change)}


def operation_of(data: Mapping[str, Any]) -> Operation:
    """The operation that this data says: ``kind`` and its fields. Raises BadInput, which names every bad field.

    >>> operation_of({"kind": "order", "before": "a", "after": "b"})
    Order(before='a', after='b')
    """
    kind = KINDS.get(str(data.get("kind", "")))
    if kind is None:
        raise BadInput({"kind": f"An edit is one of: {', '.join(KINDS)}."})
    return typing.cast(Operation, _read(kind, {name: value for name, value in data.items() if name != "kind"}, ""))


def _read(kind: type[Any], data: Mapping[str, Any], where: str) -> Any:
    hints = typing.get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}
    bad = {f"{where}{name}": "An edit of this kind has no such field." for name in data if name not in known}
    found: dict[str, Any] = {}
    for name, field in known.items():
        if name not in data:
            if field.default is MISSING and field.default_factory is MISSING:
                bad[f"{where}{name}"] = "This is needed."
            continue
        try:
            found[name] = _value(data[name], hints[name], f"{where}{name}")
        except BadInput as error:
            bad |= error.fields
    if bad:
        raise BadInput(bad)
    return kind(**found)


def _value(value: Any, hint: Any, where: str) -> Any:
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = next(one for one in typing.get_args(hint) if one is not types.NoneType)
    if hint == dict[str, float | None]:
        return _inputs(value, where)
    if typing.get_origin(hint) is tuple:
        return _items(value, typing.get_args(hint)[0], where)
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return _float(value, where)
    if type(value) is hint:
        return value
    expected = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}[hint]
    raise BadInput({where: f"This must be {expected}."})


def _float(value: float, where: str) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise BadInput({where: "This number is too large."}) from error


def _items(value: Any, kind: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise BadInput({where: "This must be a list."})
    if kind is not Part:
        return tuple(_value(one, kind, where) for one in value)
    parts: list[Part] = []
    bad: dict[str, str] = {}
    for number, one in enumerate(value, start=1):
        try:
            parts.append(_part(one, f"{where}.{number}"))
        except BadInput as error:
            bad |= error.fields
    if bad:
        raise BadInput(bad)
    return tuple(parts)


def _part(value: Any, where: str) -> Part:
    if not isinstance(value, Mapping):
        raise BadInput({where: "A part has a title and what it makes."})
    return typing.cast(Part, _read(Part, value, f"{where}."))


def _inputs(value: Any, where: str) -> dict[str, float | None]:
    if not isinstance(value, Mapping) or set(value) - set(INPUTS):
        raise BadInput({where: f"This must map {', '.join(INPUTS)} to numbers, or to null: derived again."})
    return {name: _value(number, float | None, name) for name, number in value.items()}
