"""The workspace of a goal: accepted work in git, and PostgreSQL as the truth about which commit that is.

A merge commits its intent first, then moves the reference, then the hub records the result. Whatever dies in between,
the next call finds out from the reference where things stand. What git holds and nobody recorded is taken back by a
new commit, never by a reset.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Person
from apps.core import clock
from apps.delivery import merging
from apps.delivery.merging import Conflict
from apps.delivery.models import MergeIntent
from apps.delivery.paths import UnsafePath
from apps.delivery.repository import MAIN, Author, NotThere, Repository, TooLarge, branch_for
from apps.goals.models import Brief, Goal
from apps.tasks.models import Artifact, Attempt, SuppliedArtifact
from apps.tasks.services.files import blobs_store, contents_of

PROMPT = "strategic_prompt.txt"
HUB = Author("Command Post", "hub@command-post.invalid")
_LEASE = timedelta(minutes=1)


class Disturbed(Exception):
    """The workspace moved while this was merged; merging again is safe."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The result is merged; `commit` is the workspace's head with it."""

    commit: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The result does not fit; `paths` are where, `sentence` is for people and for the next attempt."""

    paths: tuple[str, ...]
    sentence: str


def open_workspace(goal: Goal) -> Repository:
    """The repository of a goal, made when it is missing."""
    return Repository.open_or_create(Path(settings.VAR_DIR) / "workspaces" / f"{goal.pk}.git")


def workspace_create(*, goal: Goal) -> str:
    """Make the workspace: its first commit holds the brief, byte for byte, and what people supplied.

    Repeatable; returns the brief's SHA-256.
    """
    content = bytes(Brief.objects.get(goal=goal, number=1).content)
    [digest] = blobs_store(contents=[content])
    repository = open_workspace(goal)
    if repository.ref(MAIN) is None:
        supplied = SuppliedArtifact.objects.filter(goal=goal).values_list("path", "blob__content")
        first = repository.commit_tree(
            files={**{path: bytes(data) for path, data in supplied}, PROMPT: content},
            parent=None,
            message=f"Brief: {goal.title}",
            author=_author(goal.owner),
            when=goal.created_at,
        )
        repository.compare_and_swap(MAIN, first, None)
    return digest


def workspace_head(*, goal: Goal) -> str:
    """The commit of accepted work as PostgreSQL knows it; of a workspace just made, git's; '' before there is one."""
    recorded = Goal.objects.filter(pk=goal.pk).values_list("head", flat=True).first()
    return recorded or open_workspace(goal).ref(MAIN) or ""


def workspace_files(*, goal: Goal, commit: str) -> dict[str, bytes]:
    """The content of every file at a commit, by path. Raises `NotThere` for an unknown commit."""
    repository = open_workspace(goal)
    return {path: repository.read_blob(entry.blob) for path, entry in repository.read_tree(commit).items()}


def merge_attempt(*, attempt: Attempt) -> Accepted | Refused:
    """Merge a finished attempt's result into the workspace. Safe to call again after any crash.

    Must not run inside a transaction: the intent has to be committed before the reference moves. Raises `Disturbed`.
    """
    repository = open_workspace(attempt.goal)
    intent = MergeIntent.objects.filter(attempt=attempt, done=False).first()
    if intent is not None:
        finished = _resumed(repository, intent)
        if finished is not None:
            return finished
    tip = _reconciled(repository, attempt.goal)
    try:
        theirs = _branch(repository, attempt, tip)
    except (UnsafePath, TooLarge, NotThere) as error:
        return Refused((), str(error))
    found = repository.merge(tip, theirs)
    if isinstance(found, Conflict):
        reasons = " ".join(f"{file.path}: {file.reason}" for file in found.files[:5])
        return Refused(found.paths, f"The result and the workspace disagree in {len(found.files)} files. {reasons}")
    new = repository.commit(
        tree=found.tree,
        parents=[tip, theirs],
        message=_message(attempt, "Accept"),
        author=HUB,
        when=attempt.finished_at or clock.now(),
    )
    _intend(attempt, tip, new)
    if not repository.compare_and_swap(MAIN, new, tip):
        raise Disturbed("The workspace moved while this result was merged.")
    return Accepted(new)


def merge_done(*, attempt: Attempt) -> None:
    """Close the intent in the caller's transaction, which records the new head. Raises `Disturbed`.

    The goal's row is locked, so that a taking back that came in between is seen and not overwritten.
    """
    intent = MergeIntent.objects.select_for_update(no_key=True).get(attempt=attempt)
    head = Goal.objects.select_for_update(no_key=True).values_list("head", flat=True).get(pk=attempt.goal_id)
    if head not in {intent.old, intent.new}:
        raise Disturbed("The workspace was taken back while this result was merged.")
    MergeIntent.objects.filter(pk=intent.pk).update(done=True)


@transaction.atomic
def workspace_take_back(*, goal: Goal, to: str, why: str) -> str:
    """Give the workspace the tree of commit `to` by a new commit, and the artifacts the rows of that tree.

    The commit is recorded in the caller's transaction; the reference follows when that has committed.
    """
    repository = open_workspace(goal)
    head = Goal.objects.select_for_update(no_key=True).values_list("head", flat=True).get(pk=goal.pk)
    new = repository.revert_to_tree(to, parent=head or None, message=why, author=HUB, when=clock.now())
    Goal.objects.filter(pk=goal.pk).update(head=new)
    digests = {path: entry.sha256 for path, entry in repository.read_tree(to).items()}
    _artifacts_take_back(goal, digests)
    transaction.on_commit(lambda: _follow(goal))
    return new


@transaction.atomic
def workspace_remove(*, goal: Goal, paths: Collection[str], why: str) -> str:
    """Take these files out of the workspace by a new commit; the artifacts' rows are the caller's."""
    return _committed(goal, {}, paths, why, HUB)


@transaction.atomic
def workspace_put(*, goal: Goal, files: Mapping[str, bytes], person: Person, why: str) -> str:
    """Put files that a person brings along in the workspace by a new commit; the artifacts' rows are the caller's."""
    return _committed(goal, files, (), why, _author(person))


def _committed(goal: Goal, files: Mapping[str, bytes], deleted: Collection[str], why: str, author: Author) -> str:
    """Recorded in the caller's transaction; the reference follows when that has committed, as in `take_back`."""
    repository = open_workspace(goal)
    head = Goal.objects.select_for_update(no_key=True).values_list("head", flat=True).get(pk=goal.pk)
    new = repository.commit_tree(
        files=files, deleted=deleted, parent=head or None, message=why, author=author, when=clock.now()
    )
    Goal.objects.filter(pk=goal.pk).update(head=new)
    transaction.on_commit(lambda: _follow(goal))
    return new


def _author(person: Person) -> Author:
    return Author(person.get_username(), f"{person.pk}@people.invalid")


def workspace_reconcile(*, goal: Goal) -> str:
    """Bring git's reference to what PostgreSQL recorded; returns the head. For the sweeper and after a crash."""
    return _reconciled(open_workspace(goal), goal)


def _follow(goal: Goal) -> None:
    repository = open_workspace(goal)
    head, ref = workspace_head(goal=goal), repository.ref(MAIN)
    # Where git is elsewhere, a merge is under way; it reconciles by itself.
    if ref != head and ref is not None and repository.contains(head, ref):
        repository.compare_and_swap(MAIN, head, ref)


def _artifacts_take_back(goal: Goal, digests: Mapping[str, str]) -> None:
    current = {row.path: row for row in Artifact.objects.filter(goal=goal, current=True)}
    over = [row.pk for path, row in current.items() if digests.get(path) != row.sha256]
    Artifact.objects.filter(pk__in=over).update(current=False)
    missing = {path: digest for path, digest in digests.items() if path not in current or current[path].pk in over}
    rows = Artifact.objects.filter(goal=goal, path__in=missing, current=False, deleted=False).order_by("at")
    newest = {row.path: row.pk for row in rows if missing[row.path] == row.sha256}
    Artifact.objects.filter(pk__in=newest.values()).update(current=True)


def _resumed(repository: Repository, intent: MergeIntent) -> Accepted | None:
    """What an interrupted merge still needs; None when it has to be made again."""
    head = Goal.objects.values_list("head", flat=True).get(pk=intent.goal_id)
    if head not in {intent.old, intent.new}:
        return None
    stands = merging.where(repository.ref(MAIN), intent.old, intent.new)
    if stands == "redo":
        try:
            moved = repository.compare_and_swap(MAIN, intent.new, intent.old)
        except NotThere:  # the intent outlived its objects: the machine died before they reached the disk
            return None
        return Accepted(intent.new) if moved else None
    return Accepted(intent.new) if stands == "complete" else None


def _reconciled(repository: Repository, goal: Goal) -> str:
    head = Goal.objects.values_list("head", flat=True).get(pk=goal.pk)
    ref = repository.ref(MAIN)
    if ref is None:
        raise Disturbed("The workspace has no accepted work yet.")
    if not head or ref == head:
        return ref
    if repository.contains(head, ref):
        new = head
    else:
        new = repository.commit(
            tree=repository.commit_of(head).tree,
            parents=[head, ref],
            message="Take back what was merged and never recorded",
            author=HUB,
            when=clock.now(),
        )
    if not repository.compare_and_swap(MAIN, new, ref):
        raise Disturbed("The workspace moved while it was looked at.")
    if new != head and not Goal.objects.filter(pk=goal.pk, head=head).update(head=new):
        raise Disturbed("The workspace was taken back while it was looked at.")
    return new


def _branch(repository: Repository, attempt: Attempt, tip: str) -> str:
    """The attempt's own branch: its changes on the commit that it started from."""
    changed: dict[str, str] = attempt.result.get("changed", {})
    contents = contents_of(list(changed.values()))
    lost = sorted(path for path, digest in changed.items() if digest not in contents)
    if lost:
        raise NotThere(f"The content of {lost[0]} was never stored.")
    commit = repository.commit_tree(
        files={path: contents[digest] for path, digest in changed.items()},
        deleted=attempt.result.get("deleted", ()),
        parent=attempt.base or tip,
        message=_message(attempt, "Work on"),
        author=Author(attempt.agent.name, f"{attempt.agent.slug}@agents.invalid"),
        when=attempt.finished_at or clock.now(),
    )
    branch = branch_for(attempt.pk)
    repository.compare_and_swap(branch, commit, repository.ref(branch))
    return commit


def _message(attempt: Attempt, verb: str) -> str:
    subject = f"{verb} {attempt.task.title}"[:120]
    trailers = (
        ("Task", attempt.task.key),
        ("Attempt", f"{attempt.number} ({attempt.pk})"),
        ("Revision", attempt.revision),
        ("Agent", attempt.agent.slug),
    )
    return subject + "\n\n" + "\n".join(f"{name}: {value}" for name, value in trailers)


def _intend(attempt: Attempt, old: str, new: str) -> None:
    with transaction.atomic(durable=True):
        MergeIntent.objects.update_or_create(
            attempt=attempt,
            defaults={
                "goal_id": attempt.goal_id,
                "old": old,
                "new": new,
                "lease_until": clock.database_now() + _LEASE,
                "done": False,
            },
        )
