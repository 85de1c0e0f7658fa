"""A worker's signs of life: its capacity is reported, and the leases of what it runs are extended, by one thread.

When an attempt is found to be no longer live (cancelled, expired, taken over), its ``stop`` is set and the agent's
process is ended.
"""

import logging
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.db import DatabaseError, close_old_connections

from apps.core import clock
from apps.tasks.models import Pool, Worker
from apps.tasks.services.attempts import leases_renew

log = logging.getLogger(__name__)

BEAT_SECONDS = 3.0
# A worker that has not been heard of for so long counts for nothing.
SILENT_SECONDS = 15.0

_running: dict[uuid.UUID, threading.Event] = {}
_guard = threading.Lock()
_started: list[threading.Event] = []


@cache
def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@contextmanager
def lease(attempt: uuid.UUID) -> Iterator[threading.Event]:
    """Keep the attempt's lease for the block; the event is set when the attempt is no longer live."""
    stop = threading.Event()
    with _guard:
        _running[attempt] = stop
    try:
        yield stop
    finally:
        with _guard:
            _running.pop(attempt, None)


def beat(*, capacity: int, isolated: bool) -> None:
    """Report this worker once, and extend the leases of what it runs."""
    Worker.objects.update_or_create(
        name=worker_name(), defaults={"capacity": capacity, "isolated": isolated, "seen_at": clock.database_now()}
    )
    with _guard:
        mine = dict(_running)
    if not mine:
        return
    lease_seconds = Pool.objects.values_list("lease_seconds", flat=True).get(name="main")
    live = leases_renew(attempts=list(mine), lease_seconds=lease_seconds)
    for attempt, stop in mine.items():
        if attempt not in live:
            stop.set()


def start(*, capacity: int, isolated: bool) -> threading.Event:
    """Beat in a thread until the returned event is set."""
    ended = threading.Event()
    thread = threading.Thread(target=_loop, args=(ended, capacity, isolated), name="beats", daemon=True)
    _started.append(ended)
    thread.start()
    return ended


def _loop(ended: threading.Event, capacity: int, isolated: bool) -> None:
    while not ended.is_set():
        try:
            beat(capacity=capacity, isolated=isolated)
        except DatabaseError as error:
            log.warning("no beat: %s", error)
            close_old_connections()
        ended.wait(BEAT_SECONDS)


def stop_all() -> None:
    """End the beats and take the worker off the list at once, so that nothing more is dispatched to it."""
    for ended in _started:
        ended.set()
    try:
        Worker.objects.filter(name=worker_name()).delete()
    except DatabaseError as error:
        log.info("the worker stays on the list until it is silent for long enough: %s", error)
