"""Packing what is handed over."""

import hashlib
import os
import uuid
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from apps.core import audit, clock
from apps.core.errors import Conflict
from apps.delivery import package, reading, records, summaries
from apps.delivery.models import Deliverable
from apps.delivery.package import DeliverableParts, WorkspaceFile
from apps.delivery.verify import verify
from apps.delivery.workspaces import open_workspace, workspace_head
from apps.gates.models import Clearance
from apps.goals.models import Goal
from apps.insight.selectors import goal_metrics
from apps.tasks.models import Plan

_READ = (reading.REQUIREMENTS, reading.ACCEPTANCE, reading.COVERAGE)


def parts_for(goal: Goal, clearance: Clearance | None = None) -> DeliverableParts:
    """Everything that the deliverable of this goal holds now; without clearance 8 it serves the trial manifest only."""
    repository = open_workspace(goal)
    commit = workspace_head(goal=goal)
    if not commit:
        raise Conflict("This goal has no workspace yet: it was never started.")
    plan = Plan.objects.select_related("approach").get(goal=goal, status="active")
    tree = repository.read_tree(commit)
    gates = records.gate_records(goal)
    provenance = records.provenance_records(goal, tree, gates)
    metrics = goal_metrics(goal)
    seq, head = audit.head()
    briefs = [bytes(brief.content) for brief in goal.briefs.order_by("number")]
    created = clearance.made_at if clearance else clock.now()
    return DeliverableParts(
        goal_id=str(goal.pk),
        title=goal.title,
        brief=briefs[0],
        additions=tuple(briefs[1:]),
        created=created,
        commit=commit,
        clearance=str(clearance.pk) if clearance else "",
        audit_head=head,
        audit_seq=seq,
        workspace=tuple(
            WorkspaceFile(path, entry.sha256, entry.size, partial(repository.blob_chunks, entry.blob))
            for path, entry in tree.items()
        ),
        report=summaries.report_for(
            goal,
            plan,
            files={path: repository.read_file(commit, path) for path in _READ if path in tree},
            gates=gates,
            provenance=provenance,
            metrics=metrics,
            audit=(seq, head),
            created=created,
        ),
        plan=records.plan_record(plan),
        resource_plan=records.resource_record(goal, plan),
        gates=tuple(gates),
        metrics=records.plain(metrics),
        provenance=tuple(provenance),
        packets=records.packet_records(goal),
        validations=records.validation_records(goal, gates),
    )


def deliverable_pack(*, goal: Goal, clearance: Clearance) -> Deliverable:
    """Pack, verify and record the deliverable of clearance 8; a repeat returns the one that is there.

    The archive is verified as its receiver would do it before anybody can fetch it. Raises `Conflict`.
    """
    existing = Deliverable.objects.filter(clearance=clearance).first()
    if existing is not None and path_of(existing).exists():
        return existing
    if clearance.phase != 8 or clearance.goal_id != goal.pk:
        raise Conflict("A deliverable needs clearance 8 of its own goal.")
    parts = parts_for(goal, clearance)
    name = f"{goal.pk}/{clearance.pk}.zip"
    target = Path(settings.VAR_DIR) / "deliverables" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside its place and renamed when it is whole, so that nobody ever fetches half of it.
    working = target.with_name(f".{clearance.pk}.{uuid.uuid4().hex}.part")
    try:
        with working.open("w+b") as out:
            manifest = package.build(parts, out)
            out.flush()
            os.fsync(out.fileno())
        verdict = verify(working)
        if not verdict.ok:
            raise Conflict(f"The deliverable was packed and does not verify: {verdict.first_problem}")
        with working.open("rb") as packed:
            digest = hashlib.file_digest(packed, "sha256").hexdigest()
        size = working.stat().st_size
        working.replace(target)
    finally:
        working.unlink(missing_ok=True)
    with transaction.atomic():
        made, _ = Deliverable.objects.update_or_create(
            clearance=clearance,
            defaults={
                "goal": goal,
                "commit": parts.commit,
                "file": name,
                "sha256": digest,
                "size": size,
                "manifest": manifest,
                "made_at": clock.now(),
            },
        )
    return made


def path_of(deliverable: Deliverable) -> Path:
    """Where the archive lies on this machine."""
    return Path(settings.VAR_DIR) / "deliverables" / deliverable.file
