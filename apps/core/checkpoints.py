"""Signed checkpoints of the audit chain: what its head was, in a file outside the database.

Whoever owns the database could cut the chain's end off or hash all of it anew, and the chain alone would still hold.
A checkpoint names a link's number and digest under an Ed25519 signature (RFC 8032), so both are found. The file and the
key lie on the same machine: copy the file elsewhere to be safe from somebody who owns the machine.
"""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.db import transaction

from apps.core import audit, clock, strictjson
from apps.core.audit import Verification, canonical_json
from apps.core.errors import Conflict
from apps.core.models import AuditLink


@dataclass(frozen=True)
class Checkpoint:
    """The link ``seq`` had ``digest``; ``at`` is ISO 8601, ``signature`` hexadecimal over the other three."""

    seq: int
    digest: str
    at: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        return canonical_json({"seq": self.seq, "digest": self.digest, "at": self.at}).encode()


@dataclass(frozen=True)
class Report:
    """What ``verify`` found: the chain's own verification, and how many checkpoints were looked at.

    ``bad`` is the first bad link's number, 0 where a checkpoint itself is bad, None where all holds.
    """

    chain: Verification
    checkpoints: int
    bad: int | None = None
    reason: str = ""


def folder() -> Path:
    return Path(settings.VAR_DIR) / "audit"


def checkpoint_write() -> Checkpoint | None:
    """Sign the chain's head; None for an empty chain, the newest checkpoint again where nothing was added since.

    Raises ``Conflict`` when the chain, or what was signed of it, does not hold: a broken chain is never signed.
    """
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / "checkpoints.jsonl").open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        report = verify()
        if report.bad is not None:
            raise Conflict(
                f"The audit chain does not hold ({report.reason}): it is not signed. Run: manage.py audit verify"
            )
        seq, digest = report.chain.checked, report.chain.head
        if not seq:
            return None
        newest = list(_read())[-1:]
        if newest and newest[0].seq == seq:
            return newest[0]
        unsigned = Checkpoint(seq, digest, clock.now().isoformat())
        signed = Checkpoint(seq, digest, unsigned.at, _key().sign(unsigned.signed_bytes()).hex())
        file.write(canonical_json(vars(signed)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return signed


def verify() -> Report:
    """Verify the chain, then each checkpoint against it; the first bad link of either is named."""
    with transaction.atomic():
        chain = audit.verify()
        count, bad, reason = 0, chain.bad, chain.reason
        for count, one in enumerate(_read(), start=1):
            fault = _fault(one)
            if fault is None:
                continue
            number, words = fault
            if bad is None or number < bad:
                bad, reason = number, f"checkpoint {count}: {words}"
            break
    return Report(chain, count, bad, reason)


def _fault(one: Checkpoint) -> tuple[int, str] | None:
    """The number of the bad link, or 0, and what is wrong."""
    try:
        _key(make=False).public_key().verify(bytes.fromhex(one.signature), one.signed_bytes())
    except (InvalidSignature, ValueError):
        return 0, "its signature is not this installation's"
    except FileNotFoundError:
        return 0, f"the key that it was signed with is missing: {folder() / 'key'}"
    digest = AuditLink.objects.filter(seq=one.seq).values_list("digest", flat=True).first()
    if digest is None:
        return one.seq, f"link {one.seq} was there on {one.at} and is missing"
    if digest != one.digest:
        return one.seq, f"link {one.seq}, or one before it, was written anew after {one.at}"
    return None


def _read() -> Iterator[Checkpoint]:
    """The checkpoints in their order; a line that can't be read is one whose signature does not hold."""
    file = folder() / "checkpoints.jsonl"
    if not file.exists():
        return
    for line in file.read_bytes().splitlines():
        yield _parsed(line)


def _parsed(line: bytes) -> Checkpoint:
    try:
        found: Any = strictjson.loads(line)
        return Checkpoint(int(found["seq"]), str(found["digest"]), str(found["at"]), str(found["signature"]))
    except (strictjson.NotStrictJson, KeyError, TypeError, ValueError):
        return Checkpoint(0, "", "", "")


def public_key() -> str:
    """The key for verifying checkpoints elsewhere, 32 bytes in hexadecimal."""
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _key(*, make: bool = True) -> Ed25519PrivateKey:
    file = folder() / "key"
    if make and not file.exists():
        _key_make(file)
    if file.stat().st_mode & 0o077:
        raise Conflict(f"Others can read the key in {file}. Run: chmod 600 {file}")
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Conflict(f"{file} holds no Ed25519 key. Put the right one back, or move it and the checkpoints away.")
    return key


def _key_make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # Written whole, then linked: of two that make one at the same moment the first wins, and nobody reads half a key.
    draft = file.with_name(f".key.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(pem)
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink()
