"""Verify a `final_deliverable.zip` offline: no database, no network, no settings. Standard library only.

The checks run from the outside in, and the first that fails is the verdict: names and bombs, manifest and digests, the
gate record, provenance, and last every byte of the container.
"""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from apps.core import strictjson
from apps.delivery import gaterecord
from apps.delivery.archive import (
    FORMAT,
    MANIFEST,
    MAX_TOTAL,
    Refused,
    check_container,
    check_entries,
    manifest_bytes,
    root_digest,
)

REQUIRED = (
    "gates.json",
    "metrics.json",
    "plan.json",
    "provenance.json",
    "report/summary.html",
    "report/summary.md",
    "resource_plan.json",
    "strategic_prompt.txt",
)
_JSON_LIMIT = 64 * 1024 * 1024
_KEYS = {"audit", "clearance", "commit", "created", "files", "format", "goal", "root"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ok`, or the first problem in words; `counted`: files, workspace_files, bytes and gates, as far as read."""

    ok: bool
    first_problem: str = ""
    counted: Mapping[str, int] = field(default_factory=dict)


def verify(path: Path | str) -> Verdict:
    """The verdict on the file at `path`. Never raises for what the file contains."""
    counted: dict[str, int] = {}
    try:
        with Path(path).open("rb") as stream:
            _verify(stream, counted)
    except Refused as refusal:
        return Verdict(False, str(refusal), counted)
    except OSError as error:
        return Verdict(False, f"The file can't be read: {error.strerror or error}.", counted)
    return Verdict(True, "", counted)


def _verify(stream: BinaryIO, counted: dict[str, int]) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            check_entries(entries)
            counted["files"] = len(entries)
            manifest = _manifest(archive)
            _digests(archive, manifest, counted)
            last = _gates(archive, counted)
            _validations(archive, last)
            _provenance(archive, manifest, last)
            check_container(stream, entries)
    except Refused:
        raise
    # zipfile answers a damaged archive with whatever the damage leads to; all of it means the same here.
    except (zipfile.BadZipFile, EOFError, ValueError, KeyError, IndexError, NotImplementedError, RuntimeError) as error:
        raise Refused(f"The file is not a zip archive that can be read: {_words(error)}.") from error
    except Exception as error:
        if type(error).__module__ in {"zlib", "struct"}:
            raise Refused("The file is not a zip archive that can be read: its data is damaged.") from error
        raise


def _words(error: Exception) -> str:
    return ascii(str(error))[1:-1][:120].rstrip(".") or type(error).__name__


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    data = _read(archive, MANIFEST)
    manifest = _json(MANIFEST, data)
    if not isinstance(manifest, dict) or set(manifest) != _KEYS:
        raise Refused("manifest.json does not have the fields of a manifest.")
    if manifest["format"] != FORMAT:
        raise Refused(f"manifest.json is of another format than {FORMAT}.")
    if manifest["root"] != root_digest(manifest) or data != manifest_bytes(manifest):
        raise Refused("manifest.json was changed: its root digest does not match.")
    files = manifest["files"]
    if not isinstance(files, list) or not all(_is_file_row(row) for row in files):
        raise Refused("manifest.json has a file without path, sha256 and size.")
    return manifest


def _is_file_row(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and set(row) == {"path", "sha256", "size"}
        and isinstance(row["path"], str)
        and isinstance(row["sha256"], str)
        and isinstance(row["size"], int)
    )


def _digests(archive: zipfile.ZipFile, manifest: Mapping[str, Any], counted: dict[str, int]) -> None:
    listed = {row["path"]: row for row in manifest["files"]}
    present = set(archive.namelist()) - {MANIFEST}
    if len(listed) != len(manifest["files"]):
        raise Refused("manifest.json lists a file twice.")
    for path in sorted(set(listed) - present):
        raise Refused(f"{path} is listed in manifest.json and missing in the archive.")
    for path in sorted(present - set(listed)):
        raise Refused(f"{path} is in the archive and not listed in manifest.json.")
    for path in REQUIRED:
        if path not in listed:
            raise Refused(f"{path} is missing; every deliverable has it.")
    counted["workspace_files"] = sum(path.startswith("workspace/") for path in listed)
    counted["bytes"] = sum(row["size"] for row in listed.values())
    for path, row in sorted(listed.items()):
        if _digest(archive, path) != (row["sha256"], row["size"]):
            raise Refused(f"{path} was changed: its content does not match the digest in manifest.json.")
    brief = "workspace/strategic_prompt.txt"
    if brief in listed and listed[brief]["sha256"] != listed["strategic_prompt.txt"]["sha256"]:
        raise Refused("The brief in the workspace is not the strategic_prompt.txt that was submitted.")


def _gates(archive: zipfile.ZipFile, counted: dict[str, int]) -> dict[str, gaterecord.Record]:
    record = _json("gates.json", _read(archive, "gates.json"))
    try:
        last = gaterecord.check(record.get("gates") if isinstance(record, dict) else None)
    except gaterecord.Inconsistent as problem:
        raise Refused(f"gates.json: {problem}") from problem
    counted["gates"] = len(last)
    return last


def _validations(archive: zipfile.ZipFile, last: Mapping[str, gaterecord.Record]) -> None:
    present = set(archive.namelist())
    for code, round_ in last.items():
        name = f"validation/{code}-round-{round_['number']}.json"
        if name not in present:
            raise Refused(f"{name} is missing: the checks of the round that passed.")
        report = _json(name, _read(archive, name))
        if not isinstance(report, dict) or report.get("checks") != round_["checks"]:
            raise Refused(f"{name} and gates.json disagree on the checks of the round.")


def _provenance(archive: zipfile.ZipFile, manifest: Mapping[str, Any], last: Mapping[str, gaterecord.Record]) -> None:
    document = _json("provenance.json", _read(archive, "provenance.json"))
    rows = document.get("files") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("path"), str) for row in rows
    ):
        raise Refused("provenance.json does not list files.")
    wanted = {row["path"]: row["sha256"] for row in manifest["files"] if row["path"].startswith("workspace/")}
    named = {f"workspace/{row['path']}": row for row in rows}
    if len(named) != len(rows):
        raise Refused("provenance.json tells two stories of one file.")
    for path in sorted(set(wanted) ^ set(named)):
        which = "is not told in" if path in wanted else "is not in the workspace, and told in"
        raise Refused(f"{path} {which} provenance.json.")
    for path, row in sorted(named.items()):
        if row.get("sha256") != wanted[path]:
            raise Refused(f"provenance.json is about another content of {path}.")
        _agreed(path, row, last)


def _agreed(path: str, row: Mapping[str, Any], last: Mapping[str, gaterecord.Record]) -> None:
    agreed = row.get("agreed")
    if not isinstance(agreed, list) or not agreed:
        raise Refused(f"provenance.json does not say who agreed to {path}.")
    for entry in agreed:
        code = entry.get("gate") if isinstance(entry, dict) else None
        if not isinstance(code, str) or code not in last:
            raise Refused(f"provenance.json names an unknown gate for {path}.")
        if set(map(str, entry.get("persons") or [])) != gaterecord.seated_persons(last[code]):
            raise Refused(f"provenance.json and gates.json disagree on who agreed to {path} at {code}.")


def _json(name: str, data: bytes) -> Any:
    try:
        return strictjson.loads(data, max_bytes=_JSON_LIMIT)
    except strictjson.NotStrictJson as error:
        raise Refused(f"{name} can't be read. {error}") from error


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise Refused(f"{name} is missing; every deliverable has it.") from error
    if entry.file_size > _JSON_LIMIT:
        raise Refused(f"{name} is too large to be read.")
    with archive.open(entry) as stream:
        return stream.read(_JSON_LIMIT + 1)


def _digest(archive: zipfile.ZipFile, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as stream:
            while chunk := stream.read(256 * 1024):
                digest.update(chunk)
                size += len(chunk)
                if size > MAX_TOTAL:
                    raise Refused(f"{name} is larger than the archive says.")
    except zipfile.BadZipFile as error:
        raise Refused(f"{name} was changed: {_words(error)}.") from error
    return digest.hexdigest(), size
