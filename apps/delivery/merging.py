"""What a merge found, and what a merge that was interrupted still needs. Pure data; nothing here reads or writes."""

from dataclasses import dataclass
from typing import Literal

Where = Literal["complete", "redo", "merge again"]


@dataclass(frozen=True, slots=True)
class Merged:
    """Both sides fit together. `tree` is the object id of the merged tree, not yet a commit."""

    tree: str


@dataclass(frozen=True, slots=True)
class ConflictFile:
    """One path on which the sides disagree: blob ids, None where a side has no such file; `reason` is a sentence."""

    path: str
    base: str | None
    ours: str | None
    theirs: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """The sides can't be joined without somebody deciding. `files` is sorted by path and never empty."""

    files: tuple[ConflictFile, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(file.path for file in self.files)


def where(ref_value: str | None, intent_old: str | None, intent_new: str) -> Where:
    """Where a merge stands whose intent (move the reference from old to new) was committed before a crash.

    >>> where("b", "a", "b"), where("a", "a", "b"), where("c", "a", "b"), where(None, None, "b")
    ('complete', 'redo', 'merge again', 'redo')
    """
    if ref_value == intent_new:
        return "complete"
    if ref_value == intent_old:
        return "redo"
    return "merge again"


def reason(base: str | None, ours: str | None, theirs: str | None) -> str:
    """Why one path conflicts, in words."""
    if base is None:
        return "Both sides added this path with different content."
    if ours is None:
        return "The workspace deleted this file and the attempt changed it."
    if theirs is None:
        return "The attempt deleted this file and the workspace changed it."
    return "Both sides changed the same lines."
