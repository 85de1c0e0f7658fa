"""A time limit that holds whatever happens inside.

Two fences: the event loop cancels the work when the time is up, which closes its connection; and whoever waits stops
waiting a moment later, should the work hold a thread where nothing can cancel it (a name server that never answers).
That thread is a daemon and is left behind.
"""

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
GRACE = 1.0


class OutOfTime(Exception):
    """The work was not done in time."""


def within(seconds: float, start: Callable[[], Awaitable[T]], *, grace: float = GRACE) -> T:
    """What ``start`` awaits to, if it comes within ``seconds``. Raises ``OutOfTime``, or what the work raised."""
    box: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            box.put((asyncio.run(_limited(seconds, start)), None))
        except BaseException as error:  # it is raised where somebody waits for it
            box.put((None, error))

    threading.Thread(target=run, name="asking a model", daemon=True).start()
    try:
        value, error = box.get(timeout=seconds + grace)
    except queue.Empty:
        raise OutOfTime(f"Nothing came within {seconds:.3g} seconds.") from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]


async def _limited(seconds: float, start: Callable[[], Awaitable[T]]) -> T:
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await start()
    except TimeoutError:
        if limit.expired():
            raise OutOfTime(f"No whole answer came within {seconds:.3g} seconds.") from None
        raise
