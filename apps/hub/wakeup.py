"""The hub's ear: which committed events make it look at what. Named in ``EVENT_SUBSCRIBERS``."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from apps.core.models import SYSTEM_STREAM, Event
from apps.hub import hints

# A slot, an agent or a task has become free.
ALLOCATING = {
    "task.ready",
    "attempt.succeeded",
    "attempt.failed",
    "attempt.expired",
    "attempt.cancelled",
    "goal.running",
    "agent.active",
    "pool.changed",
}
# The goal as a whole may have a next step.
ADVANCING_TASKS = {"task.completed", "task.skipped", "task.cancelled", "task.escalated"}
ADVANCING_KINDS = ("gate.", "goal.", "vote.", "round.")


_allocates: ContextVar[bool] = ContextVar("allocates", default=False)


@contextmanager
def allocating() -> Iterator[None]:
    """What is committed in the block needs no hint to allocate: whoever runs it will do so themselves, right after."""
    token = _allocates.set(True)
    try:
        yield
    finally:
        _allocates.reset(token)


def on_events(events: Sequence[Event]) -> None:
    """Send the hints that these events call for, each at most once."""
    kinds = {event.type for event in events}
    if kinds & ALLOCATING and not _allocates.get():
        hints.allocate()
    hints.merge(_goals(event for event in events if event.type == "task.merging"))
    hints.advance(
        _goals(event for event in events if event.type in ADVANCING_TASKS or event.type.startswith(ADVANCING_KINDS))
    )


def _goals(events: Iterator[Event]) -> set[uuid.UUID]:
    return {event.stream_id for event in events if event.stream_id != SYSTEM_STREAM}
