"""Read JSON that somebody else wrote, and write JSON whose bytes are the same everywhere.

Python's reader takes `NaN`, `1e999`, duplicate keys and nesting until the stack ends. What agents, clients and archives
send is read here instead: it is either plain data that PostgreSQL can store, or one named error with a sentence.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 64
_LARGEST = 2**63 - 1
# A whole string (an unfinished one runs to the end, so that the scan stays linear), or one bracket.
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class NotStrictJson(ValueError):
    """The text is not JSON that can be accepted; the message is a sentence for a person."""


def loads(data: bytes | bytearray | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """The value in `data` (UTF-8). Raises `NotStrictJson`, and nothing else, whatever the input.

    >>> loads(b'{"a": [1, 2.5, null]}')
    {'a': [1, 2.5, None]}
    >>> loads('{"a": 1, "a": 2}')  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    NotStrictJson: The key 'a' occurs twice in one object.
    """
    text = _text(data, max_bytes)
    _check_depth(text, max_depth)
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_float,
            parse_int=_int,
            object_pairs_hook=_object,
        )
    except NotStrictJson:
        raise
    except json.JSONDecodeError as error:
        raise NotStrictJson(f"Not JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from error
    except (ValueError, RecursionError) as error:
        raise NotStrictJson("Not JSON that can be read here.") from error
    if "\\u" in text:  # only an escape can bring a character in that the decoder has not seen
        for string in _strings(value):
            _check_characters(string)
    return value


def canonical(value: Any) -> bytes:
    """Compact UTF-8 JSON with sorted keys: equal values give equal bytes. Raises `ValueError` on NaN and infinities.

    >>> canonical({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def pretty(value: Any) -> bytes:
    """The same value for people: indented, sorted, ending in a newline; equal values give equal bytes."""
    return (json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _text(data: bytes | bytearray | str, max_bytes: int) -> str:
    try:
        size = len(data.encode()) if isinstance(data, str) else len(data)
        text = data if isinstance(data, str) else bytes(data).decode("utf-8")
    except UnicodeError as error:
        raise NotStrictJson("Not JSON: the text is not UTF-8.") from error
    if size > max_bytes:
        raise NotStrictJson(f"The JSON text has {size:,} bytes; at most {max_bytes:,} are read.")
    if "\x00" in text:
        raise NotStrictJson("The JSON text contains a NUL character.")
    return text


def _check_depth(text: str, max_depth: int) -> None:
    depth = 0
    for found in _TOKENS.finditer(text):
        mark = found.group()
        if mark in "[{":
            depth += 1
            if depth > max_depth:
                raise NotStrictJson(f"The JSON text is nested more than {max_depth} levels deep.")
        elif mark in "]}":
            depth -= 1


def _refuse_constant(word: str) -> Any:
    raise NotStrictJson(f"{word} is not a JSON number.")


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotStrictJson(f"The number {digits[:40]} is too large.")
    return number


def _int(digits: str) -> int:
    # The length is looked at first: turning a million digits into a number takes long.
    if len(digits) > 20 or abs(int(digits)) > _LARGEST:
        raise NotStrictJson(f"The number {digits[:40]} is too large.")
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise NotStrictJson(f"The key {key[:60]!r} occurs twice in one object.")
            seen.add(key)
    return found


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)


def _check_characters(string: str) -> None:
    if "\x00" in string:
        raise NotStrictJson("A string in the JSON text contains a NUL character.")
    if any("\ud800" <= character <= "\udfff" for character in string):
        raise NotStrictJson("A string in the JSON text contains half of a surrogate pair.")
