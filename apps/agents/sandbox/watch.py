"""What a run uses in sum over all its processes, read from outside: limits of the kernel here count single processes
only.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


def descendants(pid: int) -> list[int]:
    """Every living process below `pid`, which itself is not in the list. Orphans count: they stay below their
    reaper.
    """
    found: list[int] = []
    pending = list(_children(pid))
    while pending:
        child = pending.pop()
        found.append(child)
        pending.extend(_children(child))
    return found


def _children(pid: int) -> Iterator[int]:
    tasks = Path(f"/proc/{pid}/task")
    try:
        threads = [entry.name for entry in tasks.iterdir()]
    except OSError:
        return
    for thread in threads:
        try:
            words = (tasks / thread / "children").read_text(encoding="ascii").split()
        except OSError:
            continue
        yield from (int(word) for word in words)


def memory_bytes(pids: list[int]) -> int:
    """Resident memory of these processes in bytes, without what they share with files."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
        except OSError:
            continue
        total += max(0, int(fields[1]) - int(fields[2])) * PAGE
    return total


def disk_use(folder: Path, *, most_entries: int) -> tuple[int, int]:
    """(bytes, entries) below `folder`, following no link; stops counting once `most_entries` is passed."""
    size = entries = 0
    pending = [os.fspath(folder)]
    while pending:
        try:
            with os.scandir(pending.pop()) as listing:
                for entry in listing:
                    entries += 1
                    if entries > most_entries:
                        return size, entries
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue
    return size, entries


def end_tree(pid: int) -> None:
    """Ends everything below `pid`, then `pid`. Repeats while new ones appear, so that forking faster does not help."""
    for _ in range(200):
        living = descendants(pid)
        for child in living:
            _kill(child)
        if not living:
            break
        # The kernel ends the namespace with its first process; a zombie that the reaper has yet to fetch looks alive.
        if all(_is_zombie(child) for child in living):
            break
    _kill(pid)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return True
