"""Events as an agent prints them: one JSON object a line, from a source that nobody has reason to trust."""

from apps.agents.crew.packet import BadPacket, strict_json
from apps.agents.runtimes.base import Event

MOST_EVENTS = 2_000
MOST_KEYS = 20
TEXT = 2_000
CLAIMS = 100


class BadEvent(ValueError):
    """A line that is no event; the sentence says why."""


def _text(document: Event, name: str, most: int = TEXT) -> str:
    value = document.get(name, "")
    if not isinstance(value, str):
        raise BadEvent(f"'{name}' must be a text.")
    return _clean(value)[:most]


def _clean(text: str) -> str:
    """Without NUL, which PostgreSQL refuses, and without halves of surrogate pairs, which no encoding takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _started(document: Event) -> Event:
    return {"type": "task.started"}


def _progress(document: Event) -> Event:
    percent = document.get("percent", 0)
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
        raise BadEvent("'percent' must be a number from 0 to 100.")
    return {"type": "task.progress", "percent": int(percent), "note": _text(document, "note", 300)}


def _completed(document: Event) -> Event:
    claims = document.get("claims", [])
    if not isinstance(claims, list) or not all(isinstance(claim, str) for claim in claims):
        raise BadEvent("'claims' must be a list of texts.")
    return {
        "type": "task.completed",
        "summary": _text(document, "summary"),
        "claims": [_clean(claim)[:500] for claim in claims[:CLAIMS]],
    }


def _failed(document: Event) -> Event:
    return {"type": "task.failed", "reason": _text(document, "reason")}


KNOWN = {
    "task.started": _started,
    "task.progress": _progress,
    "task.completed": _completed,
    "task.failed": _failed,
}


def event_from(line: bytes) -> Event:
    """The event of a line, reduced to its known fields. Raises BadEvent.

    >>> event_from(b'{"type": "task.progress", "percent": 40, "note": "half", "extra": 1}')
    {'type': 'task.progress', 'percent': 40, 'note': 'half'}
    """
    try:
        document = strict_json(line, largest=64 * 1024, deepest=6)
    except BadPacket as error:
        raise BadEvent(str(error)) from error
    if not isinstance(document, dict) or len(document) > MOST_KEYS:
        raise BadEvent("An event is a JSON object of few keys.")
    kind = document.get("type")
    if not isinstance(kind, str) or not kind:
        raise BadEvent("An event has a type.")
    if kind not in KNOWN:
        return {"type": _clean(kind)[:60], "unknown": True}
    return KNOWN[kind](document)
