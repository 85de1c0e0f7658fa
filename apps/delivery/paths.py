"""Which file names may enter a workspace or a deliverable.

Agents choose names; people unpack them on Linux, macOS and Windows. A name that means something else there, or that two
files would share there, is refused on the way in. Standard library only: the offline verifier uses it too.
"""

import unicodedata
from collections.abc import Iterable

MAX_LENGTH = 240
MAX_DEPTH = 16
_FORBIDDEN = set('\\:*?"<>|')
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10)}


class UnsafePath(ValueError):
    """The path can't be used; the message is a sentence for a person."""


def check(path: str) -> str:
    """`path` itself, when it is a relative POSIX path that is safe everywhere. Raises `UnsafePath`.

    >>> check("service/app.py")
    'service/app.py'
    """
    shown = ascii(path)[1:81]
    if not path:
        raise UnsafePath("A file without a name can't be kept.")
    if len(path.encode("utf-8", "replace")) > MAX_LENGTH:
        raise UnsafePath(f"The path {shown}… is longer than {MAX_LENGTH} bytes.")
    if path.startswith("/"):
        raise UnsafePath(f"The path {shown} is absolute; it must be relative to the workspace.")
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in path):
        raise UnsafePath(f"The path {shown} contains an invisible or control character.")
    if _FORBIDDEN & set(path):
        raise UnsafePath(f'The path {shown} contains one of the characters \\ : * ? " < > |.')
    parts = path.split("/")
    if len(parts) > MAX_DEPTH:
        raise UnsafePath(f"The path {shown} is nested more than {MAX_DEPTH} folders deep.")
    for part in parts:
        _check_part(part, shown)
    return path


def _check_part(part: str, shown: str) -> None:
    if part in {"", ".", ".."}:
        raise UnsafePath(f"The path {shown} has an empty, '.' or '..' part; it could leave the workspace.")
    if part[-1] in ". " or part[0] == " ":
        raise UnsafePath(f"The path {shown} has a part that begins or ends with a space or ends with a dot.")
    folded = fold(part)
    # git~1 is the short name of .git on Windows file systems.
    if folded in {".git", "git~1"}:
        raise UnsafePath(f"The path {shown} reaches into git's own folder.")
    if folded.split(".", 1)[0] in _DEVICES:
        raise UnsafePath(f"The path {shown} is the name of a device on Windows.")


def fold(path: str) -> str:
    """The form in which two paths are one file on a file system that ignores case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold())


def collisions(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs that can't live side by side: the same but for case, or a file where another path needs a folder.

    >>> collisions(["a.py", "A.py", "b", "b/c"])
    [('A.py', 'a.py'), ('b', 'b/c')]
    """
    found: list[tuple[str, str]] = []
    spelled: dict[str, str] = {}
    files: dict[str, str] = {}
    ordered = sorted(paths)
    for path in ordered:
        other = files.setdefault(fold(path), path)
        if other != path:
            found.append((other, path))
    for path in ordered:
        parts = path.split("/")
        for end in range(1, len(parts)):
            folder = "/".join(parts[:end])
            key = fold(folder)
            if key in files:
                found.append((files[key], path))
            elif spelled.setdefault(key, folder) != folder:
                found.append((spelled[key] + "/", path))
    return found


def check_all(paths: Iterable[str]) -> None:
    """Check each path, and all of them together. Raises `UnsafePath` with the first problem."""
    listed = list(paths)
    for path in listed:
        check(path)
    for one, other in collisions(listed):
        raise UnsafePath(f"The paths {one} and {other} are the same place on some file systems.")
