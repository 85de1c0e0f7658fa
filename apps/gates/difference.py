"""What differs between two bundles of evidence, in terms a person can check."""

from collections.abc import Iterator, Mapping
from typing import Any


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each leaf that differs, sorted: ``{"where", "what": added|removed|changed, "was", "is"}``.

    >>> difference({"artifacts": {"a.md": "1"}}, {"artifacts": {"a.md": "2"}})
    [{'where': 'artifacts › a.md', 'what': 'changed', 'was': '1', 'is': '2'}]
    """
    before, after = dict(_leaves(old)), dict(_leaves(new))
    return [
        {"where": " › ".join(path), "what": _what(path, before, after), "was": before.get(path), "is": after.get(path)}
        for path in sorted({**before, **after})
        if path not in before or path not in after or before[path] != after[path]
    ]


def _what(path: tuple[str, ...], before: Mapping[Any, Any], after: Mapping[Any, Any]) -> str:
    if path not in before:
        return "added"
    return "changed" if path in after else "removed"


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    else:
        yield path, value
