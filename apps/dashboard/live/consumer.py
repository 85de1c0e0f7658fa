"""The WebSocket ``/ws/live?topic=…&after=…``: for signed-in people, from the server to the page only."""

import asyncio
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from apps.accounts import policy
from apps.dashboard.live import topics
from apps.dashboard.live.board import Watcher, board, newest_seq
from apps.goals.models import Goal

# Codes of our own range, which the page's script knows: asking again would not help.
NOT_SIGNED_IN = 4401
NOT_FOR_YOU = 4403
NO_SUCH_TOPIC = 4404


class LiveConsumer(AsyncWebsocketConsumer):
    """Joins first, then tells what is newer than ``after``: nothing that happens between is missed."""

    watcher: Watcher | None = None
    teller: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        await self.accept()
        topic, after = _asked(self.scope)
        refusal = await _refusal(self.scope["user"], topic)
        if refusal:
            await self.close(code=refusal)
            return
        self.watcher = Watcher(topic, after, self._tell)
        board().join(self.watcher)
        newest = await newest_seq(topic)
        if newest > after:
            self.watcher.offer(newest, newest, set(), reread=True)
        self.teller = asyncio.get_running_loop().create_task(self.watcher.run())

    async def _tell(self, text: str) -> None:
        await self.send(text_data=text)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing that a client says matters here; what is long is not even read to its end by the server."""

    async def disconnect(self, code: int) -> None:
        if self.teller is not None:
            self.teller.cancel()
        if self.watcher is not None:
            board().leave(self.watcher)


def _asked(scope: Any) -> tuple[str, int]:
    """The topic and the sequence number of the socket's address; hostile text becomes an unknown topic."""
    fields = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=4)
    after = fields.get("after", ["0"])[0]
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    return fields.get("topic", [""])[0], number


@database_sync_to_async
def _refusal(person: Any, topic: str) -> int:
    """0, or the code to close with."""
    if not person.is_authenticated or not person.is_active:
        return NOT_SIGNED_IN
    if not policy.allows(person, "look"):
        return NOT_FOR_YOU
    if topic == topics.SITE:
        return 0
    goal = topics.goal_of(topic)
    return 0 if goal and Goal.objects.filter(pk=goal).exists() else NO_SUCH_TOPIC
