"""A goal's workspace as the hub uses it: made, merged into, read, taken back. The only code that moves its branch.

Merging has an intent row, committed before the reference moves: after a crash ``merge_attempt`` is called again and
finds the reference at the new commit (complete), at the old one (redo), or elsewhere (merge again), see ``merging.where``.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from apps.core import clock
from apps.delivery import merging
from apps.delivery.models import MergeIntent
from apps.delivery.merging import Conflict
from apps.delivery.repository import MAIN, Author, Repository, branch_for
from apps.goals.models import Goal
from apps.tasks.models import Attempt
from apps.tasks.services.files import blobs_store, contents_of

PROMPT = "strategic_prompt.txt"
HUB_AUTHOR = Author("Command Post", "hub@command-post.invalid")
_LEASE = timedelta(seconds=30)


class Disturbed(Exception):
    """The branch moved while a merge was under way: somebody else writes here. The merge is tried again."""


@dataclass(frozen=True)
class Accepted:
    """The workspace holds the attempt's result at ``commit``."""

    commit: str


@dataclass(frozen=True)
class Refused:
    """The result does not fit what was accepted meanwhile: ``paths`` disagree."""

    paths: tuple[str, ...]
    sentence: str


def repository_of(goal_id: uuid.UUID) -> Repository:
    return Repository.open_or_create(Path(settings.VAR_DIR) / "workspaces" / f"{goal_id}.git")


def workspace_create(*, goal: Goal) -> str:
    """Make the workspace with the brief as its first commit; returns the brief's digest. Idempotent."""
    content = b"\n\n".join(bytes(brief.content) for brief in goal.briefs.order_by("number"))
    repository = repository_of(goal.pk)
    if repository.ref(MAIN) is None:
        first = repository.commit_tree(
            files={PROMPT: content},
            parent=None,
            message=f"Take in the goal\n\n{goal.title}",
            author=HUB_AUTHOR,
            when=goal.created_at,
        )
        repository.compare_and_swap(MAIN, first, None)
    blobs_store(contents=[content])
    return hashlib.sha256(content).hexdigest()


def workspace_head(*, goal: Goal) -> str:
    """The commit that the accepted work stands at."""
    return repository_of(goal.pk).ref(MAIN) or ""


def workspace_files(*, goal: Goal, commit: str) -> dict[str, bytes]:
    """Every file of a commit of the workspace."""
    repository = repository_of(goal.pk)
    return {path: repository.read_blob(entry.blob) for path, entry in repository.read_tree(commit).items()}


def merge_attempt(*, attempt: Attempt) -> Accepted | Refused:
    """Bring an attempt's result onto the main branch. Safe to call again after a crash at any point."""
    repository = repository_of(attempt.goal_id)
    intent = MergeIntent.objects.filter(attempt=attempt).first()
    head = repository.ref(MAIN)
    if intent is not None:
        state = merging.where(head, intent.old, intent.new)
        contained = head is not None and repository.contains(head, intent.new) if state == "merge again" else False
        if state == "complete" or contained:
            return _accept(intent)
        if state == "redo":
            return _swap(repository, intent)
    prepared = _prepare(repository, attempt, head)
    if isinstance(prepared, Refused):
        return prepared
    with transaction.atomic():
        intent, _ = MergeIntent.objects.update_or_create(
            attempt=attempt,
            defaults={
                "goal_id": attempt.goal_id,
                "old": head or "",
                "new": prepared,
                "lease_until": clock.now() + _LEASE,
                "done": False,
            },
        )
    return _swap(repository, intent)


def _prepare(repository: Repository, attempt: Attempt, head: str | None) -> str | Refused:
    """The commit to move to: the attempt's own where nothing came between, else a merge."""
    result = attempt.result
    changed = result.get("changed", {})
    contents = contents_of(changed.values())
    author = Author(attempt.agent.name, f"{attempt.agent.slug}@agents.command-post.invalid")
    when = attempt.finished_at or clock.now()
    base = attempt.base or head
    theirs = repository.commit_tree(
        files={path: contents[digest] for path, digest in changed.items()},
        deleted=result.get("deleted", ()),
        parent=base,
        message=_message(attempt),
        author=author,
        when=when,
    )
    branch = branch_for(attempt.pk)
    repository.compare_and_swap(branch, theirs, repository.ref(branch))
    if head is None or head == base:
        return theirs
    joined = repository.merge(head, theirs)
    if isinstance(joined, Conflict):
        words = "; ".join(f"{file.path}: {file.reason}" for file in joined.files[:5])
        return Refused(joined.paths, f"It does not fit what was accepted meanwhile. {words}")
    return repository.commit(
        tree=joined.tree,
        parents=[head, theirs],
        message=f"Merge: {attempt.task.title}\n\nAttempt: {attempt.pk}",
        author=HUB_AUTHOR,
        when=when,
    )


def _message(attempt: Attempt) -> str:
    summary = attempt.result.get("summary", "")
    return f"{attempt.task.title}\n\n{summary}\n\nTask: {attempt.task.key}\nAttempt: {attempt.pk}"


def _swap(repository: Repository, intent: MergeIntent) -> Accepted:
    if not repository.compare_and_swap(MAIN, intent.new, intent.old or None):
        raise Disturbed(f"The branch of goal {intent.goal_id} is not where the merge expected it.")
    return _accept(intent)


def _accept(intent: MergeIntent) -> Accepted:
    return Accepted(intent.new)


def merge_done(*, attempt: Attempt) -> None:
    """Close the intent, in the transaction that completes the task."""
    MergeIntent.objects.filter(attempt=attempt).update(done=True)


def workspace_take_back(*, goal: Goal, to: str, why: str) -> dict[str, str]:
    """Put a commit with the tree of ``to`` on top; history stays. Returns the tree's digests by path."""
    repository = repository_of(goal.pk)
    head = repository.ref(MAIN)
    back = repository.revert_to_tree(to, parent=head, message=why, author=HUB_AUTHOR, when=clock.now())
    if not repository.compare_and_swap(MAIN, back, head):
        raise Disturbed(f"The branch of goal {goal.pk} moved while it was taken back.")
    return {path: entry.sha256 for path, entry in repository.read_tree(back).items()}
