"""Taking files back from a folder in which hostile code has worked.

Nothing is followed: every folder and file is opened by its name within its parent's descriptor, with O_NOFOLLOW.
Nothing runs there any more, but links, pipes, devices and odd names may have been left for us to stumble over.
"""

import hashlib
import os
import stat
import subprocess
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

LEFT_OUT = frozenset({"__pycache__"})
OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
OPEN_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True)
class Rules:
    """Bounds of a tree that is taken in. Lengths in UTF-8 bytes."""

    path_bytes: int = 240
    depth: int = 10
    files: int = 2_000
    file_bytes: int = 4 * 1024 * 1024
    total_bytes: int = 64 * 1024 * 1024


class CollectError(Exception):
    """Something was left behind that is not taken in; nothing of the tree is."""

    def __init__(self, path: str, sentence: str) -> None:
        self.path = path
        shown = path.encode("utf-8", "backslashreplace").decode("ascii", "backslashreplace")[:200]
        super().__init__(f"{shown}: {sentence}")


class BadName(CollectError):
    """A path that is not plain: absolute, `..`, `.git`, control or invisible characters, not normalised, too long."""


class NotRegular(CollectError):
    """A link, pipe, socket or device."""


class TooDeep(CollectError):
    """More folders in each other than the rules allow."""


class TooMuch(CollectError):
    """Too many files, or too many bytes."""


class Unreadable(CollectError):
    """The operating system did not let us read it."""


@dataclass
class Harvest:
    """What changed: new or changed files with their content, and the paths that are gone."""

    files: dict[str, bytes] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


def path_check(path: str, rules: Rules | None = None) -> None:
    """Raises BadName or TooDeep for a path that may not stand in a workspace."""
    bounds = rules or Rules()
    if not path or path.startswith("/") or "\\" in path:
        raise BadName(path, "an absolute path, an empty one or one with a backslash is not taken in.")
    try:
        length = len(path.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise BadName(path, "the name is not valid UTF-8.") from error
    if length > bounds.path_bytes:
        raise BadName(path, f"the path is longer than {bounds.path_bytes} bytes.")
    if unicodedata.normalize("NFC", path) != path or any(
        unicodedata.category(sign) in FORBIDDEN_CATEGORIES for sign in path
    ):
        raise BadName(path, "the name has control, invisible or unnormalised characters.")
    parts = path.split("/")
    if len(parts) > bounds.depth:
        raise TooDeep(path, f"more than {bounds.depth} folders in each other.")
    for part in parts:
        # Git on other systems takes names with trailing dots, spaces or streams for the repository itself.
        plain = unicodedata.normalize("NFKC", part).casefold().split(":")[0].rstrip(". ")
        if part in {"", ".", ".."} or plain == ".git" or plain.startswith("git~") or part != part.strip():
            raise BadName(path, "'.', '..', '.git' and names that begin or end with a space are not taken in.")


def collect(workdir: Path, before: Mapping[str, str], *, rules: Rules | None = None) -> Harvest:
    """Reads what changed in `workdir` since it held `before` ({path: SHA-256 in hex}).

    Compiled Python (`__pycache__`) is left out. Raises a CollectError by name for the first thing that breaks the
    rules.
    """
    walk = _Walk(rules or Rules(), before)
    descriptor = os.open(workdir, OPEN_FOLDER)
    try:
        walk.folder(descriptor, "")
    finally:
        os.close(descriptor)
    return Harvest(files=walk.files, deleted=set(before) - walk.seen)


class _Walk:
    def __init__(self, rules: Rules, before: Mapping[str, str]) -> None:
        self.rules, self.before = rules, before
        self.files: dict[str, bytes] = {}
        self.seen: set[str] = set()
        self.total = 0

    def folder(self, descriptor: int, prefix: str) -> None:
        try:
            names = sorted(os.listdir(descriptor))
        except OSError as error:
            raise Unreadable(prefix, str(error.strerror)) from error
        if len(names) > self.rules.files:
            raise TooMuch(prefix, f"more than {self.rules.files} entries in one folder.")
        for name in names:
            if name not in LEFT_OUT:
                self._entry(descriptor, name, f"{prefix}{name}")

    def _entry(self, parent: int, name: str, path: str) -> None:
        path_check(path, self.rules)
        try:
            mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                descriptor = os.open(name, OPEN_FOLDER, dir_fd=parent)
            elif stat.S_ISREG(mode):
                descriptor = os.open(name, OPEN_FILE, dir_fd=parent)
            else:
                raise NotRegular(path, "only plain files are taken in, no links, pipes, sockets or devices.")
        except OSError as error:
            raise Unreadable(path, str(error.strerror)) from error
        try:
            if stat.S_ISDIR(mode):
                self.folder(descriptor, f"{path}/")
            else:
                self._file(descriptor, path)
        finally:
            os.close(descriptor)

    def _file(self, descriptor: int, path: str) -> None:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise NotRegular(path, "it changed into something else while it was opened.")
        if state.st_size > self.rules.file_bytes:
            raise TooMuch(path, f"{state.st_size} bytes, more than {self.rules.file_bytes} for one file.")
        content = _read(descriptor, self.rules.file_bytes + 1)
        self.total += len(content)
        self.seen.add(path)
        if len(content) > self.rules.file_bytes or self.total > self.rules.total_bytes:
            raise TooMuch(path, f"the files are larger than {self.rules.total_bytes} bytes together.")
        if len(self.seen) > self.rules.files:
            raise TooMuch(path, f"more than {self.rules.files} files.")
        if hashlib.sha256(content).hexdigest() != self.before.get(path):
            self.files[path] = content


def _read(descriptor: int, most: int) -> bytes:
    parts, left = [], most
    while left > 0 and (part := os.read(descriptor, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def fill(workdir: Path, tree: Mapping[str, bytes], *, rules: Rules | None = None) -> dict[str, str]:
    """Writes `tree` into the empty folder `workdir` and returns {path: SHA-256}, the `before` of `collect`."""
    digests: dict[str, str] = {}
    for path, content in tree.items():
        path_check(path, rules)
        target = workdir / PurePosixPath(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if path.endswith(".sh"):
            target.chmod(0o755)
        digests[path] = hashlib.sha256(content).hexdigest()
    return digests


def remove_tree(folder: Path) -> None:
    """Removes what hostile code left, however deep and whatever its permissions; links are removed, not followed."""
    # Recursion in Python ends at a thousand folders in each other; these two programs walk by descriptor.
    for command in (
        ["rm", "-rf", "--", str(folder)],
        ["chmod", "-R", "u+rwX", "--", str(folder)],
        ["rm", "-rf", "--", str(folder)],
    ):
        if not folder.exists():
            return
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)
