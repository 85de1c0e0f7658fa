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
# A task may have waited for people to think about a draft.
ADVANCING_PLANS = {"plan.discarded"}
ADVANCING_KINDS = ("gate.", "goal.", "vote.", "round.")


_busy: ContextVar[bool] = ContextVar("busy", default=False)


@contextmanager
def busy() -> Iterator[None]:
    """What is committed in the block needs no hints: whoever runs it allocates, and asks to advance afterwards."""
    token = _busy.set(True)
    try:
        yield
    finally:
        _busy.reset(token)


def on_events(events: Sequence[Event]) -> None:
    """Send the hints that these events call for, each at most once."""
    if _busy.get():
        return
    kinds = {event.type for event in events}
    if kinds & ALLOCATING:
        hints.allocate()
    hints.merge(_goals(event for event in events if event.type == "task.merging"))
    hints.replan(event.stream_id for event in events if event.type == "goal.replan_asked")
    hints.advance(
        _goals(
            event
            for event in events
            if event.type in ADVANCING_TASKS | ADVANCING_PLANS or event.type.startswith(ADVANCING_KINDS)
        )
    )


def _goals(events: Iterator[Event]) -> set[uuid.UUID]:
    return {event.stream_id for event in events if event.stream_id != SYSTEM_STREAM}
