"""What changed between two commits of a workspace, bounded so that no page is ever too large."""

from dataclasses import dataclass, field, replace
from typing import Literal

import pygit2

from apps.delivery.repository import Repository

Status = Literal["added", "deleted", "changed", "renamed"]
_STATUS: dict[str, Status] = {"A": "added", "D": "deleted", "R": "renamed"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a difference is read: files, lines in each, and bytes of a file that is still compared."""

    files: int = 200
    lines: int = 2_000
    file_bytes: int = 512 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk: origin is ' ', '+' or '-'; numbers are 1-based, None on the side where it is missing."""

    origin: str
    old: int | None
    new: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    header: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file. `binary`: compared as a whole. `truncated`: a sentence when not every line is here, else empty."""

    path: str
    old_path: str
    status: Status
    binary: bool
    added: int
    removed: int
    hunks: tuple[Hunk, ...] = ()
    truncated: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """The files in the order of their paths, and how many more there are than were read."""

    files: tuple[FileDiff, ...] = field(default=())
    left_out: int = 0


def diff(repository: Repository, a: str | None, b: str, bounds: Bounds | None = None) -> Difference:
    """What `b` changed against `a` (None: against nothing). Raises `NotThere` for an unknown commit."""
    bounds = bounds or Bounds()
    found = repository.git_diff(a, b)
    deltas = sorted(enumerate(found.deltas), key=lambda pair: pair[1].new_file.path)
    files = tuple(_file(repository, found, number, delta, bounds) for number, delta in deltas[: bounds.files])
    return Difference(files, max(0, len(deltas) - bounds.files))


def _file(repository: Repository, found: pygit2.Diff, number: int, delta: pygit2.DiffDelta, bounds: Bounds) -> FileDiff:
    status = _STATUS.get(delta.status_char(), "changed")
    whole = FileDiff(delta.new_file.path, delta.old_file.path, status, binary=False, added=0, removed=0)
    size = max(_size(repository, side) for side in (delta.old_file, delta.new_file))
    if size > bounds.file_bytes:
        sentence = f"The file has {size:,} bytes; lines are compared up to {bounds.file_bytes:,}."
        return replace(whole, truncated=sentence)
    patch = found[number]
    if patch is None or patch.delta.is_binary:
        return replace(whole, binary=True)
    _, added, removed = patch.line_stats
    hunks, left = [], bounds.lines
    for hunk in patch.hunks:
        if left <= 0:
            break
        lines = tuple(_line(line) for line in hunk.lines[:left] if line.origin in " +-")
        left -= len(hunk.lines)
        hunks.append(Hunk(hunk.header.strip(), lines))
    sentence = f"Only the first {bounds.lines:,} lines of the difference are shown." if left < 0 else ""
    return replace(whole, added=added, removed=removed, hunks=tuple(hunks), truncated=sentence)


def _size(repository: Repository, side: pygit2.DiffFile) -> int:
    # The delta itself knows sizes only after the lines were compared, which is what this is meant to avoid.
    return repository.blob_size(str(side.id)) if set(str(side.id)) != {"0"} else 0


def _line(line: pygit2.DiffLine) -> Line:
    old = line.old_lineno if line.old_lineno > 0 else None
    new = line.new_lineno if line.new_lineno > 0 else None
    text = line.raw_content.decode("utf-8", "replace").rstrip("\r\n")
    return Line(line.origin, old, new, text)
