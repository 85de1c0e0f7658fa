"""The container of a deliverable: what its bytes must be, and how a hostile one is refused. Standard library only."""

import hashlib
import stat
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from apps.core import strictjson
from apps.delivery import paths

FORMAT = "final_deliverable/1"
MANIFEST = "manifest.json"
EPOCH = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644
ZIP_VERSION = 20
MAX_ENTRIES = 30_000
MAX_TOTAL = 2 * 1024**3 - 1
MAX_RATIO = 100
_DOS_TIME, _DOS_DATE = 0, 1 << 5 | 1
_UTF8 = 0x800


class Refused(ValueError):
    """The archive can't be accepted; the message is a sentence that names what is wrong."""


def root_digest(manifest: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the manifest without its `root`."""
    body = {key: value for key, value in manifest.items() if key != "root"}
    return hashlib.sha256(strictjson.canonical(body)).hexdigest()


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The one spelling of a manifest in an archive."""
    return strictjson.pretty(manifest)


def check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse names that leave the folder, twins, links and bombs, before anything is unpacked."""
    if len(entries) > MAX_ENTRIES:
        raise Refused(f"The archive has {len(entries):,} entries; at most {MAX_ENTRIES:,} are accepted.")
    seen: set[str] = set()
    total = 0
    for entry in entries:
        _check_entry(entry)
        if entry.orig_filename in seen:
            raise Refused(f"The archive contains {entry.filename} twice.")
        seen.add(entry.orig_filename)
        total += entry.file_size
    if total > MAX_TOTAL:
        raise Refused(f"The archive would unpack to {total:,} bytes; at most {MAX_TOTAL:,} are accepted.")
    for one, other in paths.collisions(seen):
        raise Refused(f"The archive contains {one} and {other}, which are the same place on some file systems.")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    shown = ascii(entry.orig_filename)[1:81]
    try:
        paths.check(entry.orig_filename)
    except paths.UnsafePath as error:
        raise Refused(f"The archive contains an unsafe name. {error}") from error
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise Refused(f"{shown} is a symbolic link; a deliverable has none.")
    if kind not in {0, stat.S_IFREG}:
        raise Refused(f"{shown} is not an ordinary file.")
    if entry.flag_bits & 0x1:
        raise Refused(f"{shown} is encrypted; a deliverable can be read by everybody.")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Refused(f"{shown} is compressed in a way that a deliverable never is.")
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1_000):
        raise Refused(f"{shown} would grow {MAX_RATIO}-fold or more when unpacked: it looks like a zip bomb.")


def check_container(stream: BinaryIO, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Account for every byte that is not a file's content: nothing before, between or behind the entries.

    Contents are compared elsewhere, by digest; here they are skipped.
    """
    if [entry.filename for entry in entries] != sorted(entry.filename for entry in entries):
        raise Refused("The entries of the archive are not in order: it was packed again by something else.")
    at, directory = 0, b""
    for entry in entries:
        header = _local(entry)
        directory += _central(entry, at)
        _expect(stream, at, header, entry.filename)
        at += len(header) + entry.file_size
    ending = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), at, 0)
    _expect(stream, at, directory + ending, "the directory at its end")
    if stream.read(1):
        raise Refused("There are bytes behind the end of the archive.")


def _expect(stream: BinaryIO, at: int, wanted: bytes, where: str) -> None:
    stream.seek(at)
    if stream.read(len(wanted)) != wanted:
        raise Refused(f"The container was altered or packed again by something else (at {where}).")


def _common(entry: zipfile.ZipInfo, name: bytes) -> bytes:
    flags = 0 if entry.filename.isascii() else _UTF8
    sizes = (entry.CRC, entry.file_size, entry.file_size, len(name), 0)
    return struct.pack("<5H3L2H", ZIP_VERSION, flags, zipfile.ZIP_STORED, _DOS_TIME, _DOS_DATE, *sizes)


def _local(entry: zipfile.ZipInfo) -> bytes:
    name = entry.filename.encode()
    return b"PK\x03\x04" + _common(entry, name) + name


def _central(entry: zipfile.ZipInfo, at: int) -> bytes:
    name = entry.filename.encode()
    made_by = struct.pack("<4s2B", b"PK\x01\x02", ZIP_VERSION, 3)
    return made_by + _common(entry, name) + struct.pack("<3H2L", 0, 0, 0, MODE << 16, at) + name
