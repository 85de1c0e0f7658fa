"""Hints: messages that say "look at row X". Losing, repeating or delaying one never matters (design §1).

The same hint waiting twice is sent once: a key in Redis says that one is on its way, and whoever acts on it takes the
key away before looking. When Redis can't be reached the hint is dropped; the sweeper sends what is due.
"""

import logging
import uuid
from collections.abc import Iterable, Sequence
from functools import cache

import redis
from django.conf import settings

log = logging.getLogger(__name__)

# How long a key may claim that a hint is on its way when the hint itself was lost.
_WAITING_MS = 2000
# Several attempts travel in one message only where each is tiny (design: platform notes, "Working in sets").
TINY_BATCH = 10


@cache
def _redis() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.CACHES["default"]["LOCATION"], socket_connect_timeout=1, socket_timeout=2, protocol=2
    )


def _first(name: str) -> bool:
    try:
        return bool(_redis().set(f"hint:{name}", 1, nx=True, px=_WAITING_MS))
    except redis.RedisError:
        return True


def taken(name: str) -> None:
    """Say that the hint ``name`` arrived: the next trigger sends a new one."""
    try:
        _redis().delete(f"hint:{name}")
    except redis.RedisError as error:
        log.debug("the key of hint %s stays until it expires: %s", name, error)


def _send(task: str, args: Sequence[object], queue: str) -> None:
    from apps.hub import tasks  # noqa: PLC0415 - the Celery tasks import the hub, which sends hints

    try:
        getattr(tasks, task).apply_async(args=args, queue=queue, retry=False)
    except (redis.RedisError, OSError, tasks.BrokerError) as error:
        log.warning("hint %s not sent (%s); the sweeper will send it again", task, error)


def advance(goals: Iterable[uuid.UUID]) -> None:
    for goal in sorted(set(goals)):
        if _first(f"advance:{goal}"):
            _send("advance_goal", [str(goal)], "hub")


def allocate() -> None:
    if _first("allocate"):
        _send("allocate_slots", [], "hub")


def merge(goals: Iterable[uuid.UUID]) -> None:
    for goal in sorted(set(goals)):
        if _first(f"merge:{goal}"):
            _send("merge_goal", [str(goal)], "hub")


def plan(goal: uuid.UUID) -> None:
    if _first(f"plan:{goal}"):
        _send("plan_goal", [str(goal)], "plan")


def replan(goals: Iterable[uuid.UUID]) -> None:
    for goal in sorted(set(goals)):
        if _first(f"replan:{goal}"):
            _send("replan_goal", [str(goal)], "plan")


def pack(goal: uuid.UUID) -> None:
    if _first(f"pack:{goal}"):
        _send("pack_goal", [str(goal)], "hub")


def run(attempts: Sequence[uuid.UUID], *, tiny: bool = False) -> None:
    """Tell a worker about dispatched attempts: tiny ones ten to a message, others one each."""
    size = TINY_BATCH if tiny else 1
    for start in range(0, len(attempts), size):
        _send("run_attempts", [[str(pk) for pk in attempts[start : start + size]]], "agents")
