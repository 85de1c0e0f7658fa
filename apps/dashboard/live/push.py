"""From any process to the web processes: which topics have changed. A hint: it may be lost, late or repeated.

One thread per process sends what has gathered, at most twenty times a second, so that a worker that completes hundreds
of tasks a second does not wait for Redis.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.layers import get_channel_layer

from apps.core.models import SYSTEM_STREAM, Event
from apps.dashboard.live import topics

log = logging.getLogger(__name__)

GROUP = "live"
_PAUSE = 0.05


@dataclass
class Change:
    """What happened to one topic: events ``first`` (0 where not counted without gaps) to ``last``, and fragments."""

    first: int
    last: int
    fragments: set[str] = field(default_factory=set)

    def add(self, other: "Change") -> None:
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)
        self.fragments |= other.fragments


def changes_of(events: Sequence[Event]) -> dict[str, Change]:
    """The topics that these events change."""
    found: dict[str, Change] = {}
    site = topics.site_fragments([event.type for event in events])
    if site:
        found[topics.SITE] = Change(0, max(event.pk for event in events), site)
    for event in events:
        if event.stream_id == SYSTEM_STREAM:
            continue
        change = Change(event.seq, event.seq, topics.goal_fragments([event.type]))
        topic = topics.goal_topic(event.stream_id)
        if topic in found:
            found[topic].add(change)
        else:
            found[topic] = change
    return found


def on_events(events: Sequence[Event]) -> None:
    """Named in ``EVENT_SUBSCRIBERS``."""
    _sender().put(changes_of(events))


class Sender:
    """Gathers changes and sends them from a thread with an event loop of its own.

    Nothing in the thread may keep the process from ending: it waits on the loop alone, never in an executor.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._gathered: dict[str, Change] = {}
        self._loop = asyncio.new_event_loop()
        self._wake = asyncio.Event()
        threading.Thread(target=self._run, name="live-push", daemon=True).start()

    def put(self, changes: dict[str, Change]) -> None:
        if not changes:
            return
        with self._guard:
            for topic, change in changes.items():
                if topic in self._gathered:
                    self._gathered[topic].add(change)
                else:
                    self._gathered[topic] = change
        self._loop.call_soon_threadsafe(self._wake.set)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._send_all())

    async def _send_all(self) -> None:
        layer: Any = get_channel_layer()
        while True:
            await self._wake.wait()
            self._wake.clear()
            with self._guard:
                gathered, self._gathered = self._gathered, {}
            try:
                await layer.group_send(GROUP, _message(gathered))
            except Exception:
                # Without Redis pages are late, not wrong: their sockets' heartbeat finds what they have missed.
                log.warning("a live hint was not sent", exc_info=True)
            await asyncio.sleep(_PAUSE)


def _message(gathered: dict[str, Change]) -> dict[str, Any]:
    changed = {topic: [change.first, change.last, sorted(change.fragments)] for topic, change in gathered.items()}
    return {"type": "live.changed", "topics": changed}


_senders: dict[int, Sender] = {}
_guard = threading.Lock()


def _sender() -> Sender:
    """This process's sender; a forked child makes its own, because threads do not survive a fork."""
    with _guard:
        if os.getpid() not in _senders:
            _senders[os.getpid()] = Sender()
        return _senders[os.getpid()]
