"""The audit chain: what people decide, in links that each cover the one before.

``digest = SHA-256(previous, canonical JSON of {seq, actor, what, subject, data, at})``. Appends are serialised by a
transaction-scoped advisory lock, so the chain has one head and no gaps.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from apps.core import clock
from apps.core.actors import Actor
from apps.core.models import AuditLink

GENESIS = "0" * 64
_LOCK = 0x61756469  # "audi"


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=str)


def digest_of(value: Any) -> str:
    """SHA-256, hexadecimal, of the canonical JSON of ``value``."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _link_digest(previous: str, body: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{previous}\n{canonical_json(body)}".encode()).hexdigest()


def _as_stored(data: Any) -> Any:
    """``data`` as PostgreSQL will give it back, so that what is hashed now is what is hashed when it is verified.

    Its numbers know neither exponents nor a negative zero: 1e22 comes back as an integer.
    """

    def number(digits: str) -> float | int:
        value = Decimal(digits)
        whole = value == value.to_integral_value() and "." not in f"{value:f}"
        return int(value) if whole else float(digits) + 0.0

    return json.loads(canonical_json(data), parse_float=number)


def _body(seq: int, actor: Any, what: str, subject: str, data: Any, at: datetime) -> dict[str, Any]:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"seq": seq, "actor": actor, "what": what, "subject": subject, "data": data, "at": moment}


@transaction.atomic
def append(*, actor: Actor, what: str, subject: str, data: Mapping[str, Any]) -> AuditLink:
    """Append a link in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    head = AuditLink.objects.order_by("-seq").first()
    seq, previous = (head.seq + 1, head.digest) if head else (1, GENESIS)
    plain = _as_stored(data)
    moment = clock.now()
    body = _body(seq, actor.as_dict(), what, subject, plain, moment)
    return AuditLink.objects.create(
        seq=seq,
        previous=previous,
        digest=_link_digest(previous, body),
        actor=actor.as_dict(),
        what=what,
        subject=subject,
        data=plain,
        at=moment,
    )


@dataclass(frozen=True)
class Verification:
    """``bad`` is the sequence number of the first bad link, or None; ``reason`` says what is wrong with it."""

    checked: int
    head: str
    bad: int | None = None
    reason: str = ""


def verify() -> Verification:
    """Walk the whole chain and name the first bad link."""
    previous, count = GENESIS, 0
    for link in AuditLink.objects.order_by("seq").iterator(chunk_size=2000):
        count += 1
        if link.seq != count:
            return Verification(count, previous, count, "it is missing")
        if link.previous != previous:
            return Verification(count, previous, link.seq, "it does not follow from the link before")
        body = _body(link.seq, link.actor, link.what, link.subject, link.data, link.at)
        if link.digest != _link_digest(previous, body):
            return Verification(count, previous, link.seq, "its content does not match its digest")
        previous = link.digest
    return Verification(count, previous)


def head() -> tuple[int, str]:
    """The newest link's sequence number and digest; (0, zeros) for an empty chain."""
    link = AuditLink.objects.order_by("-seq").values_list("seq", "digest").first()
    return link or (0, GENESIS)
