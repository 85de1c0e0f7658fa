"""A worker that has gone deaf ends itself, and is started again by whoever supervises it.

After a restart of Redis, a Celery consumer can stay connected and yet receive nothing for ever. The signs that leave no
doubt: hints lie in its queues, it has free threads, and nothing has arrived for a while. A worker whose threads are all
busy, or whose Redis does not answer, is not deaf.
"""

import logging
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis
from celery import signals
from django.conf import settings

from orchestrator_site import connections

logger = logging.getLogger(__name__)

PATIENCE = 20.0
_LOOK_EVERY = 5.0
_EXIT_CODE = 75  # "try again"


@dataclass(slots=True)
class Hearing:
    """What is known of one worker; times in seconds of any clock that does not go backwards."""

    threads: int
    busy: int = 0
    silent_since: float | None = None

    def heard(self) -> None:
        """A hint has arrived."""
        self.silent_since = None

    def deaf(self, *, now: float, waiting: int | None) -> bool:
        """Whether the silence has lasted too long. ``waiting``: hints in its queues, None when Redis is away."""
        if not waiting or self.busy >= self.threads:
            self.silent_since = None
        elif self.silent_since is None:
            self.silent_since = now
        return self.silent_since is not None and now - self.silent_since > PATIENCE


def watchdog_install() -> None:
    """Have every worker of this process watch itself; nothing happens in a process that is no worker."""

    def begin(sender: Any, **_: Any) -> None:
        url = connections.redis_url(settings.REDIS_URL, connections.HINTS)
        hearing = Hearing(threads=sender.controller.concurrency)
        _count(hearing)
        queues = sorted(sender.app.amqp.queues.consume_from)
        threading.Thread(target=_watch, args=(hearing, url, queues), name="watchdog", daemon=True).start()

    signals.worker_ready.connect(begin, weak=False)


def _count(hearing: Hearing) -> None:
    lock = threading.Lock()

    def received(**_: Any) -> None:
        hearing.heard()

    def change(by: int) -> None:
        with lock:
            hearing.busy += by

    def begun(**_: Any) -> None:
        change(1)

    def ended(**_: Any) -> None:
        change(-1)

    signals.task_received.connect(received, weak=False)
    signals.task_prerun.connect(begun, weak=False)
    signals.task_postrun.connect(ended, weak=False)


def _watch(hearing: Hearing, redis_url: str, queues: Sequence[str]) -> None:
    while True:
        time.sleep(_LOOK_EVERY)
        if hearing.deaf(now=time.monotonic(), waiting=hints_waiting(redis_url, queues)):
            logger.error("no hint arrived for %.0f s although some wait in %s: ending", PATIENCE, ", ".join(queues))
            os._exit(_EXIT_CODE)


def hints_waiting(redis_url: str, queues: Sequence[str]) -> int | None:
    """How many hints lie in these queues; None when Redis does not answer."""
    try:
        with redis.Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5) as client:
            return sum(int(client.llen(queue)) for queue in queues)
    except (redis.RedisError, OSError):
        return None
