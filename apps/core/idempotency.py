"""``Idempotency-Key``: a creating request that is repeated gets the first one's answer, and has one effect.

The key's row and the effect are written in one transaction, so a row that can be seen always has its answer, and a
request that fails leaves no row: it may be tried again. A concurrent repeat waits at the unique index until the first
has committed.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from apps.core import clock
from apps.core.errors import Invalid, Unprocessable
from apps.core.models import IdempotencyKey

KEPT = timedelta(hours=24)
LONGEST_KEY = 200


@dataclass(frozen=True)
class Answer:
    """What a client is told: the HTTP status and a JSON value. ``repeated`` says that nothing was done this time."""

    status: int
    body: Any
    repeated: bool = False


def once(*, key: str, actor: str, route: str, body: bytes, perform: Callable[[], Answer]) -> Answer:
    """Perform once for this key of this actor on this route, within 24 hours; a repeat gets the same answer.

    Raises ``Invalid`` for a key that can't be one, ``Unprocessable`` when the key came with another body before, and
    whatever ``perform`` raises (in which case the key stays free).
    """
    if not key.isascii() or not key.isprintable() or not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid({"Idempotency-Key": f"An idempotency key has 1 to {LONGEST_KEY} printable ASCII characters."})
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        row = _claim(key, actor, route, digest)
        if row is None:
            return _repeat(IdempotencyKey.objects.get(actor=actor, route=route, key=key), digest)
        answer = perform()
        row.status_code, row.response = answer.status, answer.body
        row.save(update_fields=["status_code", "response"])
        return answer


def keys_purge() -> int:
    """Forget keys that are older than 24 hours; returns how many."""
    count, _ = IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT).delete()
    return count


def _claim(key: str, actor: str, route: str, digest: str) -> IdempotencyKey | None:
    """A new row for the key; None if there is one that still holds."""
    moment = clock.now()
    IdempotencyKey.objects.filter(actor=actor, route=route, key=key, created_at__lt=moment - KEPT).delete()
    row = IdempotencyKey(key=key, actor=actor, route=route, body_digest=digest, created_at=moment)
    # ON CONFLICT DO NOTHING waits for a concurrent writer of the same key, and leaves the transaction usable.
    IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)
    return IdempotencyKey.objects.filter(
        actor=actor, route=route, key=key, body_digest=digest, created_at=moment, status_code=None
    ).first()


def _repeat(row: IdempotencyKey, digest: str) -> Answer:
    if row.body_digest != digest:
        raise Unprocessable(
            "This Idempotency-Key was used with another body within the last 24 hours. Use a new key for a new request."
        )
    return Answer(row.status_code or 200, row.response, repeated=True)
