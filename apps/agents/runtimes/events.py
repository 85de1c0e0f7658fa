"""Events as an agent prints them: one JSON object a line, from a source that nobody has reason to trust."""

from apps.agents.crew.packet import BadPacket, strict_json
from apps.agents.runtimes.base import Event

MOST_EVENTS = 2_000
MOST_KEYS = 20
TEXT = 2_000
CLAIMS = 100
LEAST_PARTS, MOST_PARTS = 2, 12
MOST_ITEMS = 50
MOST_MINUTES = 100_000
PART_TEXTS = frozenset({"title", "capability"})
PART_LISTS = frozenset({"produces", "consumes", "acceptance"})
PART_MINUTES = frozenset({"optimistic", "likely", "pessimistic"})


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


def _needs_decomposition(document: Event) -> Event:
    tasks = document.get("tasks")
    if not isinstance(tasks, list) or not LEAST_PARTS <= len(tasks) <= MOST_PARTS:
        raise BadEvent(f"'tasks' must be a list of {LEAST_PARTS} to {MOST_PARTS} tasks.")
    reason = _text(document, "reason").strip()
    if not reason:
        raise BadEvent("'reason' must say why the task has to be split.")
    return {"type": "task.needs_decomposition", "reason": reason, "tasks": [_part(task) for task in tasks]}


def _part(task: object) -> Event:
    """One part of a task, with what is left out taken from the whole. The plan's own rules judge it later."""
    if not isinstance(task, dict) or not set(task) <= PART_TEXTS | PART_LISTS | PART_MINUTES:
        known = ", ".join(sorted(PART_TEXTS | PART_LISTS | PART_MINUTES))
        raise BadEvent(f"A task to be split off is an object with some of {known}.")
    part: Event = {}
    for name in PART_TEXTS & set(task):
        part[name] = _text(task, name, 200)
    for name in PART_LISTS & set(task):
        values = task[name]
        if not isinstance(values, list) or len(values) > MOST_ITEMS or not all(isinstance(one, str) for one in values):
            raise BadEvent(f"'{name}' must be a list of at most {MOST_ITEMS} texts.")
        part[name] = [_clean(one)[:500] for one in values]
    for name in PART_MINUTES & set(task):
        minutes = task[name]
        if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 <= minutes <= MOST_MINUTES:
            raise BadEvent(f"'{name}' must be minutes from 0 to {MOST_MINUTES}.")
        part[name] = minutes
    if not part.get("title", "").strip() or not part.get("produces"):
        raise BadEvent("A task to be split off has a title and produces something.")
    return part


KNOWN = {
    "task.started": _started,
    "task.progress": _progress,
    "task.completed": _completed,
    "task.failed": _failed,
    "task.needs_decomposition": _needs_decomposition,
}
# After one of these an agent has nothing more to say.
LAST_WORDS = frozenset({"task.completed", "task.failed", "task.needs_decomposition"})


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
