"""Pack `final_deliverable.zip`: the same parts give the same bytes, on every machine and with every zlib.

Entries are sorted, stored without compression, dated 1980-01-01 and free of extra fields, so that the offline verifier
can account for every byte of the container. `manifest.json` lists each other file with SHA-256 and size; its root
digest covers the manifest itself.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO

from apps.core import strictjson
from apps.delivery import paths
from apps.delivery.archive import EPOCH, FORMAT, MANIFEST, MODE, ZIP_VERSION, manifest_bytes, root_digest
from apps.delivery.report import ReportData, html, markdown


class PackingError(Exception):
    """The parts can't be packed; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class WorkspaceFile:
    """One file of the workspace: `chunks()` yields its content in pieces, anew with each call."""

    path: str
    sha256: str
    size: int
    chunks: Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class DeliverableParts:
    """All that goes into a deliverable, as plain data.

    `packets` by (task key, attempt number); `gates`: the gate records (see `gaterecord`), QG-PHASE1 first;
    `validations` by (gate code, round number); `provenance`: one dict per workspace file with path, sha256, task,
    agent, attempt, commit, gates, agreed; `audit_head`, `audit_seq`: the last link of the audit chain at packing.
    """

    goal_id: str
    title: str
    brief: bytes
    created: datetime
    commit: str
    clearance: str
    audit_head: str
    audit_seq: int
    workspace: tuple[WorkspaceFile, ...]
    report: ReportData
    plan: Mapping[str, Any]
    resource_plan: Mapping[str, Any]
    gates: tuple[Mapping[str, Any], ...]
    metrics: Mapping[str, Any]
    provenance: tuple[Mapping[str, Any], ...]
    packets: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    validations: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    additions: tuple[bytes, ...] = ()


def build(parts: DeliverableParts, out: BinaryIO) -> dict[str, Any]:
    """Write the archive to `out` (seekable); returns its manifest. Raises `PackingError` or `paths.UnsafePath`.

    Workspace files are streamed and checked against their digest on the way; one that changed stops the packing.
    """
    files = _generated(parts)
    streamed = {f"workspace/{file.path}": file for file in parts.workspace}
    if len(streamed) != len(parts.workspace):
        raise PackingError("A workspace file occurs twice.")
    paths.check_all([*files, *streamed, MANIFEST])
    manifest = make_manifest(parts, files, streamed)
    files[MANIFEST] = manifest_bytes(manifest)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name in sorted([*files, *streamed]):
            if name in streamed:
                _stream(archive, name, streamed[name])
            else:
                archive.writestr(_entry(name), files[name])
    return manifest


def make_manifest(
    parts: DeliverableParts, files: Mapping[str, bytes], streamed: Mapping[str, WorkspaceFile]
) -> dict[str, Any]:
    """The manifest over generated and streamed files, with its root digest."""
    listed = [{"path": name, "sha256": _sha256(data), "size": len(data)} for name, data in files.items()]
    listed += [{"path": name, "sha256": file.sha256, "size": file.size} for name, file in streamed.items()]
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "goal": {"id": parts.goal_id, "title": parts.title},
        "created": parts.created.astimezone(UTC).isoformat(timespec="seconds"),
        "commit": parts.commit,
        "clearance": parts.clearance,
        "audit": {"head": parts.audit_head, "seq": parts.audit_seq},
        "files": sorted(listed, key=lambda file: str(file["path"])),
    }
    return {**manifest, "root": root_digest(manifest)}


def trial(parts: DeliverableParts) -> dict[str, Any]:
    """The manifest that packing now would give: the trial manifest of QG-PHASE7. Raises like `build`."""
    files = _generated(parts)
    streamed = {f"workspace/{file.path}": file for file in parts.workspace}
    paths.check_all([*files, *streamed, MANIFEST])
    return make_manifest(parts, files, streamed)


def packet_name(task_key: str, attempt: int) -> str:
    """Where the packet of an attempt lies in the archive."""
    return f"packets/{task_key}/{attempt}.json"


def validation_name(code: str, round_number: int) -> str:
    """Where the `validation_report.json` of a round lies in the archive."""
    return f"validation/{code}-round-{round_number}.json"


def _generated(parts: DeliverableParts) -> dict[str, bytes]:
    files = {
        "strategic_prompt.txt": parts.brief,
        "report/summary.html": html(parts.report).encode(),
        "report/summary.md": markdown(parts.report).encode(),
        "plan.json": strictjson.pretty(parts.plan),
        "resource_plan.json": strictjson.pretty(parts.resource_plan),
        "gates.json": strictjson.pretty({"gates": list(parts.gates)}),
        "metrics.json": strictjson.pretty(parts.metrics),
        "provenance.json": strictjson.pretty({"files": sorted(parts.provenance, key=lambda row: str(row["path"]))}),
    }
    for number, addition in enumerate(parts.additions, start=2):
        files[f"strategic_prompt_additions/{number}.txt"] = addition
    for (key, attempt), packet in parts.packets.items():
        files[packet_name(key, attempt)] = strictjson.pretty(packet)
    for (code, number), report in parts.validations.items():
        files[validation_name(code, number)] = strictjson.pretty(report)
    return files


def _stream(archive: zipfile.ZipFile, name: str, file: WorkspaceFile) -> None:
    entry = _entry(name)
    entry.file_size = file.size
    digest, size = hashlib.sha256(), 0
    with archive.open(entry, "w") as target:
        for chunk in file.chunks():
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    if (digest.hexdigest(), size) != (file.sha256, file.size):
        raise PackingError(f"The file {name} is not the one that was accepted: its content has changed.")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system = 3  # Unix, also when packed elsewhere
    entry.create_version = entry.extract_version = ZIP_VERSION
    entry.external_attr = MODE << 16
    entry.compress_type = zipfile.ZIP_STORED
    return entry


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
