"""Content-addressed files and the accepted artifacts."""

import hashlib
import uuid
from collections.abc import Collection, Mapping

from apps.core import clock
from apps.core.contention import atomic_part
from apps.tasks.models import Artifact, Attempt, Blob


@atomic_part
def blobs_store(*, contents: Collection[bytes]) -> list[str]:
    """Store each content once; returns their SHA-256 digests in the same order."""
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    rows = {
        digest: Blob(sha256=digest, content=content, size=len(content))
        for digest, content in zip(digests, contents, strict=True)
    }
    # In one order: two who store the same contents at once wait for each other's rows.
    Blob.objects.bulk_create([rows[digest] for digest in sorted(rows)], ignore_conflicts=True)
    return digests


def tree_store(*, tree: Mapping[str, bytes]) -> dict[str, str]:
    """Store the files of a tree; returns its digests by path."""
    return dict(zip(tree, blobs_store(contents=list(tree.values())), strict=True))


@atomic_part
def artifacts_accept(
    *, goal_id: uuid.UUID, attempt: Attempt | None, changed: Mapping[str, str], deleted: Collection[str]
) -> set[str]:
    """Record accepted files as the current ones of their paths; returns the paths whose content really changed."""
    paths = [*changed, *deleted]
    current = dict(Artifact.objects.filter(goal_id=goal_id, path__in=paths, current=True).values_list("path", "sha256"))
    fresh = {path for path, digest in changed.items() if current.get(path) != digest}
    gone = {path for path in deleted if path in current}
    Artifact.objects.filter(goal_id=goal_id, path__in=fresh | gone, current=True).update(current=False)
    sizes = dict(Blob.objects.filter(pk__in=changed.values()).values_list("sha256", "size"))
    moment = clock.now()
    rows = [
        Artifact(
            goal_id=goal_id,
            task_id=attempt.task_id if attempt else None,
            attempt=attempt,
            path=path,
            sha256=changed[path],
            size=sizes.get(changed[path], 0),
            at=moment,
        )
        for path in sorted(fresh)
    ]
    Artifact.objects.bulk_create(rows)
    return fresh | gone


def current_tree(goal_id: uuid.UUID) -> dict[str, str]:
    """The accepted files of a goal: SHA-256 by path."""
    rows = Artifact.objects.filter(goal_id=goal_id, current=True, deleted=False)
    return dict(rows.order_by("path").values_list("path", "sha256"))


def contents_of(digests: Collection[str]) -> dict[str, bytes]:
    """The stored contents of these digests."""
    found = Blob.objects.filter(pk__in=set(digests)).values_list("sha256", "content")
    return {digest: bytes(content) for digest, content in found}
