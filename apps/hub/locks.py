"""One at a time, across processes, by the database's advisory locks. They vanish with the connection that held them."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

ALLOCATION = "allocation"
SWEEPER = "sweeper"


def lock_key(kind: str, subject: uuid.UUID | str = "") -> int:
    """A signed 64-bit key for what is locked."""
    digest = hashlib.blake2b(f"{kind}:{subject}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@contextmanager
def session_lock(kind: str, subject: uuid.UUID | str = "", *, wait_ms: int = 0) -> Iterator[bool]:
    """Hold a lock for the block, waiting at most ``wait_ms``; yields whether it is held."""
    key = lock_key(kind, subject)
    held = _acquire(key, wait_ms)
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _acquire(key: int, wait_ms: int) -> bool:
    with connection.cursor() as cursor:
        if not wait_ms:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            return bool(cursor.fetchone()[0])
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{wait_ms}ms"])
        try:
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        except OperationalError:
            return False
        finally:
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")
    return True


def transaction_lock(kind: str, subject: uuid.UUID | str = "") -> None:
    """Hold a lock until the transaction ends; waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(kind, subject)])
