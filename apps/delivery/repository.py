"""A goal's workspace: a bare git repository that only the queue which holds it writes to.

Everything is content-addressed and deterministic: author and time are arguments, so the same work gives the same commit
id on every machine. A branch moves only by `compare_and_swap`; nothing here resets, force-pushes or deletes history.
Object ids are 40 hexadecimal digits. Every text that comes back may have been written by an agent.
"""

import fcntl
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pygit2
from pygit2.enums import FileMode, MergeFileFlag, MergeFlag, RepositoryOpenFlag, SortMode

from apps.delivery import merging, paths
from apps.delivery.merging import Conflict, ConflictFile, Merged

MAIN = "refs/heads/main"
MAX_FILE = 16 * 1024 * 1024
MAX_FILES = 20_000
_CHUNK = 256 * 1024
_ATTEMPT = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")


class RepositoryError(Exception):
    """The repository can't do what was asked; the message is a sentence for a person."""


class NotThere(RepositoryError):
    """No such commit, tree or file."""


class TooLarge(RepositoryError):
    """The file or tree is larger than what is kept or read."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who a commit is by: an agent or a person, as it should stand in the history."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree: git's id of its content, its SHA-256 and its size in bytes."""

    blob: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. `when` is in UTC; `body` is the message below its first line."""

    oid: str
    parents: tuple[str, ...]
    tree: str
    author: str
    email: str
    when: datetime
    subject: str
    body: str


def branch_for(attempt_id: object) -> str:
    """The branch an attempt works on. Raises `RepositoryError` when the id could be part of another name."""
    text = str(attempt_id)
    if not _ATTEMPT.fullmatch(text):
        raise RepositoryError("An attempt's id consists of letters, digits and hyphens.")
    return f"refs/heads/attempts/{text}"


class Repository:
    """One open repository. Cheap to open; use one per thread, since the handle keeps caches of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._git = pygit2.Repository(str(path), RepositoryOpenFlag.NO_SEARCH)

    @classmethod
    def open_or_create(cls, path: Path | str) -> "Repository":
        """The bare repository at `path`, made if it is missing; safe when two processes do it at once."""
        path = Path(path)
        path.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            if not (path / "HEAD").exists():
                pygit2.init_repository(str(path), bare=True, initial_head="main")
        return cls(path)

    # -- writing -------------------------------------------------------------------------------------------------------

    def commit_tree(
        self,
        *,
        files: Mapping[str, bytes],
        deleted: Iterable[str] = (),
        parent: str | None,
        message: str,
        author: Author,
        when: datetime,
    ) -> str:
        """A commit whose tree is the parent's with `files` written and `deleted` removed; moves no branch.

        Raises `paths.UnsafePath` for a name that can't be kept and `TooLarge` for a file or tree beyond the bounds.
        """
        index = pygit2.Index()
        if parent is not None:
            index.read_tree(self._tree(parent))
        for path in deleted:
            if path in index:
                index.remove(path)
        # libgit2 writes both `a` and `a/b`, or drops one, without a word: the whole tree is checked, not the change.
        listed = {entry.path for entry in index} | set(files)
        paths.check_all(listed)
        if len(listed) > MAX_FILES:
            raise TooLarge(f"The workspace would have {len(listed):,} files; at most {MAX_FILES:,} are kept.")
        for path, content in files.items():
            if len(content) > MAX_FILE:
                raise TooLarge(f"The file {path} has {len(content):,} bytes; at most {MAX_FILE:,} are kept.")
            index.add(pygit2.IndexEntry(path, self._git.create_blob(content), FileMode.BLOB))
        tree = str(index.write_tree(self._git))
        return self.commit(tree=tree, parents=[parent] if parent else [], message=message, author=author, when=when)

    def commit(self, *, tree: str, parents: Iterable[str], message: str, author: Author, when: datetime) -> str:
        """A commit of a tree that is already there (a merge has two parents); moves no branch."""
        signature = _signature(author, when)
        clean = message.replace("\x00", "").strip() or "(no message)"
        try:
            oid = self._git.create_commit(None, signature, signature, clean + "\n", tree, list(parents))
        except (pygit2.GitError, ValueError, KeyError) as error:
            raise NotThere("The tree or a parent of the commit is not in this repository.") from error
        return str(oid)

    def revert_to_tree(self, of: str, *, parent: str | None, message: str, author: Author, when: datetime) -> str:
        """A new commit on top of `parent` that has the tree of commit `of`: going back without losing history."""
        tree = str(self._tree(of).id)
        return self.commit(tree=tree, parents=[parent] if parent else [], message=message, author=author, when=when)

    def compare_and_swap(self, ref: str, new: str, old: str | None) -> bool:
        """Move `ref` from `old` to `new` (old None: create it); False when it was elsewhere, and nothing has changed.

        Atomic across threads and processes. A lock of the kernel guards it, which ends with its holder; git's own lock
        file is taken beneath it, so that `git` beside us sees no half-written reference either.
        """
        if not ref.startswith("refs/heads/") or not pygit2.reference_is_valid_name(ref):
            raise RepositoryError("Only a branch with a valid name can be moved.")
        self._commit(new)
        with _locked(self.path):
            # Whoever left this file behind died while holding the lock above; nobody else writes references here.
            (self.path / f"{ref}.lock").unlink(missing_ok=True)
            with self._git.transaction() as transaction:
                transaction.lock_ref(ref)
                if self.ref(ref) != old:
                    return False
                if new != old:
                    transaction.set_target(ref, new)
            return True

    # -- merging -------------------------------------------------------------------------------------------------------

    def merge(self, ours: str, theirs: str) -> Merged | Conflict:
        """Join two commits over their common ancestor, file by file and within files; nothing is committed.

        Renames are not guessed: provenance goes by path, and similar small files would be taken for one another.
        """
        base = self._git.merge_base(ours, theirs)
        empty = self._git.TreeBuilder().write()
        ancestor = self._tree(str(base if base is not None else empty))
        sides = (ancestor, self._tree(ours), self._tree(theirs))
        index = self._git.merge_trees(*sides, flags=MergeFlag(0), file_flags=MergeFileFlag(0))
        if index.conflicts is not None:
            files = [_conflict(*triple) for triple in index.conflicts]
            return Conflict(tuple(sorted(files, key=lambda file: file.path)))
        blobs = {entry.path: str(entry.id) for entry in index}
        clashes = paths.collisions(blobs)
        if clashes:
            return Conflict(tuple(_clash(one, other, blobs) for one, other in clashes))
        return Merged(str(index.write_tree(self._git)))

    def contains(self, tip: str, commit: str) -> bool:
        """Whether `commit` is `tip` or one of its ancestors."""
        return tip == commit or bool(self._git.descendant_of(tip, commit))

    # -- reading -------------------------------------------------------------------------------------------------------

    def ref(self, name: str) -> str | None:
        """The commit that a branch points at, or None when there is no such branch."""
        found = self._git.references.get(name)
        return str(found.target) if found is not None else None

    def read_tree(self, oid: str) -> dict[str, Entry]:
        """Every file of a commit or tree, sorted by path."""
        found: dict[str, Entry] = {}
        for path, blob in self._walk(self._tree(oid), ""):
            digest, size = _digest(str(self.path), blob)
            found[path] = Entry(blob, digest, size)
        return dict(sorted(found.items()))

    def read_file(self, oid: str, path: str, *, limit: int = MAX_FILE) -> bytes:
        """The content of one file of a commit or tree. Raises `NotThere`, or `TooLarge` beyond `limit` bytes."""
        try:
            paths.check(path)
            blob = self._tree(oid)[path]
        except (KeyError, ValueError) as error:
            raise NotThere(f"There is no file {ascii(path)[1:81]} in {oid[:12]}.") from error
        if not isinstance(blob, pygit2.Blob):
            raise NotThere(f"{ascii(path)[1:81]} is not a file.")
        return self.read_blob(str(blob.id), limit=limit)

    def read_blob(self, blob: str, *, limit: int = MAX_FILE) -> bytes:
        """The content of a blob by its id. Raises `NotThere`, or `TooLarge` beyond `limit` bytes."""
        found = self._blob(blob)
        if found.size > limit:
            raise TooLarge(f"The file has {found.size:,} bytes; at most {limit:,} are read here.")
        return bytes(found.data)

    def blob_chunks(self, blob: str) -> Iterator[bytes]:
        """The content of a blob in pieces, for files that should not be in memory as a whole."""
        with pygit2.BlobIO(self._blob(blob)) as stream:
            while chunk := stream.read(_CHUNK):
                yield bytes(chunk)

    def log(self, limit: int = 100, *, ref: str = MAIN) -> list[Commit]:
        """The newest `limit` commits of a branch, children before parents; empty when there is no such branch."""
        tip = self.ref(ref)
        if tip is None:
            return []
        walker = self._git.walk(tip, SortMode.TOPOLOGICAL | SortMode.TIME)
        return [_commit(commit) for commit, _ in zip(walker, range(limit), strict=False)]

    def commit_of(self, oid: str) -> Commit:
        """One commit by its id. Raises `NotThere`."""
        return _commit(self._commit(oid))

    def git_diff(self, a: str | None, b: str) -> pygit2.Diff:
        """libgit2's own difference between two commits or trees (a None: against nothing), renames found."""
        new = self._tree(b)
        found = self._tree(a).diff_to_tree(new) if a is not None else new.diff_to_tree(swap=True)
        found.find_similar()
        return found

    def blob_size(self, blob: str) -> int:
        """The size of a blob in bytes."""
        return int(self._blob(blob).size)

    def _walk(self, tree: pygit2.Tree, prefix: str) -> Iterator[tuple[str, str]]:
        for entry in tree:
            if entry.filemode == FileMode.TREE:
                yield from self._walk(self._tree(str(entry.id)), f"{prefix}{entry.name}/")
            elif entry.filemode in {FileMode.BLOB, FileMode.BLOB_EXECUTABLE}:
                yield f"{prefix}{entry.name}", str(entry.id)

    def _tree(self, oid: str) -> pygit2.Tree:
        with _missing("tree", oid):
            return self._git[oid].peel(pygit2.Tree)

    def _commit(self, oid: str) -> pygit2.Commit:
        with _missing("commit", oid):
            return self._git[oid].peel(pygit2.Commit)

    def _blob(self, oid: str) -> pygit2.Blob:
        with _missing("file content", oid):
            return self._git[oid].peel(pygit2.Blob)


@contextmanager
def _missing(kind: str, oid: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, ValueError, TypeError, pygit2.GitError) as error:
        raise NotThere(f"There is no {kind} {ascii(oid)[1:13]} in this repository.") from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with (path / "command-post.lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@lru_cache(maxsize=100_000)
def _digest(path: str, blob: str) -> tuple[str, int]:
    # Keyed by content id, so an entry never goes stale; the path only says where to read it the first time.
    digest, size = hashlib.sha256(), 0
    with pygit2.BlobIO(pygit2.Repository(path)[blob].peel(pygit2.Blob)) as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _signature(author: Author, when: datetime) -> pygit2.Signature:
    if when.tzinfo is None:
        raise RepositoryError("A commit's time needs a time zone.")
    name = re.sub(r"[\x00-\x20<>]+", " ", author.name).strip() or "unknown"
    email = re.sub(r"[\x00-\x20<>]+", "", author.email) or "unknown"
    return pygit2.Signature(name, email, int(when.timestamp()), 0, "utf-8")


def _commit(commit: pygit2.Commit) -> Commit:
    subject, _, body = commit.message.partition("\n")
    return Commit(
        oid=str(commit.id),
        parents=tuple(str(parent) for parent in commit.parent_ids),
        tree=str(commit.tree_id),
        author=commit.author.name,
        email=commit.author.email,
        when=datetime.fromtimestamp(commit.commit_time, UTC),
        subject=subject,
        body=body.strip(),
    )


def _conflict(
    base: pygit2.IndexEntry | None, ours: pygit2.IndexEntry | None, theirs: pygit2.IndexEntry | None
) -> ConflictFile:
    path = next(str(side.path) for side in (ours, theirs, base) if side is not None)
    ids = (_id(base), _id(ours), _id(theirs))
    return ConflictFile(path, *ids, merging.reason(*ids))


def _id(side: pygit2.IndexEntry | None) -> str | None:
    return str(side.id) if side is not None else None


def _clash(one: str, other: str, blobs: Mapping[str, str]) -> ConflictFile:
    reason = f"This path and {one} would be the same place on some file systems."
    return ConflictFile(other, None, blobs.get(one), blobs.get(other), reason)
