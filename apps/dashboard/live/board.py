"""Who watches what in this web process: one subscription for all sockets, one look per tick, a queue of one each."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from apps.core.models import Event, Stream
from apps.dashboard.live import topics
from apps.dashboard.live.push import GROUP

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
HEARTBEAT_SECONDS = 15.0

Send = Callable[[str], Awaitable[None]]


@dataclass(eq=False)
class Watcher:
    """One socket: what it was told last, and what waits to be told. A slow client gets the newest, not a queue."""

    topic: str
    seq: int
    send: Send
    waiting: set[str] = field(default_factory=set)
    first: int = 0
    last: int = 0
    reread: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, first: int, last: int, fragments: set[str], *, reread: bool = False) -> None:
        self.first = min(self.first, first) if self.waiting or self.reread else first
        self.last = max(self.last, last)
        self.waiting |= fragments
        self.reread = self.reread or reread
        self.wake.set()

    async def run(self) -> None:
        """Tell the client what waits, and a heartbeat when nothing does, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self.wake.wait()
            except TimeoutError:
                await self._heartbeat()
            self.wake.clear()
            await self._tell()

    async def _tell(self) -> None:
        if not self.waiting and not self.reread:
            return
        frame = self._frame()
        self.waiting, self.reread, self.first = set(), False, 0
        await self.send(frame)

    def _frame(self) -> str:
        before, self.seq = self.seq, max(self.last, self.seq + (self.topic == topics.SITE))
        previous = before if self.topic == topics.SITE else self.first - 1
        return json.dumps(
            {
                "topic": self.topic,
                "seq": self.seq,
                "prev": previous,
                "fragments": [] if self.reread else sorted(self.waiting),
            }
        )

    async def _heartbeat(self) -> None:
        """A sign of life; where hints were lost, it is the sign to read everything again."""
        newest = await newest_seq(self.topic)
        if newest > self.seq:
            self.offer(newest, newest, set(), reread=True)
        else:
            await self.send(json.dumps({"topic": self.topic, "seq": self.seq, "fragments": []}))


@database_sync_to_async
def newest_seq(topic: str) -> int:
    """The last sequence number of a goal's events; for the site the number of the newest event there is."""
    goal = topics.goal_of(topic)
    if goal is None:
        return site_seq()
    return Stream.objects.filter(pk=goal).values_list("last_seq", flat=True).first() or 0


def site_seq() -> int:
    """What stands for a sequence over all streams: numbers of events, of which a few may commit out of order."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


class Board:
    """The watchers of one event loop, and the one subscription that serves them."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[Watcher]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def join(self, watcher: Watcher) -> None:
        self._watchers[watcher.topic].add(watcher)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())

    def leave(self, watcher: Watcher) -> None:
        watchers = self._watchers[watcher.topic]
        watchers.discard(watcher)
        if not watchers:
            del self._watchers[watcher.topic]

    async def _listen(self) -> None:
        while True:
            try:
                await self._follow()
            except Exception:
                log.warning("the subscription to live hints was lost; trying again", exc_info=True)
                await asyncio.sleep(1)

    async def _follow(self) -> None:
        layer: Any = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        try:
            while True:
                message = await layer.receive(channel)
                self._spread(message.get("topics", {}))
                # What comes within a tick is told together.
                await asyncio.sleep(TICK_SECONDS)
        finally:
            await layer.group_discard(GROUP, channel)

    def _spread(self, changed: dict[str, list[Any]]) -> None:
        for topic, (first, last, fragments) in changed.items():
            for watcher in self._watchers.get(topic, ()):
                watcher.offer(first, last, set(fragments))


_boards: dict[int, Board] = {}


def board() -> Board:
    """The board of the running event loop."""
    return _boards.setdefault(id(asyncio.get_running_loop()), Board())
