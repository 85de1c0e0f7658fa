"""Servers that outlived their supervisor for a moment: told to stop by the kernel, not yet gone."""

import contextlib
import signal
from pathlib import Path

import psutil

_PATIENCE = 15.0  # a fast shutdown writes a checkpoint first


def leftover_end(pid_file: Path, *, program: str, where: Path) -> None:
    """End the server of which ``pid_file`` speaks, if it still runs ``program`` in ``where``; then drop the stale file.

    A process id may by now belong to somebody else: only a process of that name that works in that folder is ours.
    The caller holds the lock of VAR_DIR, so no living supervisor can want it.
    """
    process = _ours(pid_file, program=program, where=where)
    if process is not None:
        with contextlib.suppress(psutil.Error):
            process.send_signal(signal.SIGINT)  # "stop now, cleanly" to PostgreSQL and to Redis
            process.wait(_PATIENCE)
        with contextlib.suppress(psutil.Error):
            process.kill()
            process.wait(_PATIENCE)
    pid_file.unlink(missing_ok=True)


def _ours(pid_file: Path, *, program: str, where: Path) -> psutil.Process | None:
    try:
        number = int(pid_file.read_text(encoding="utf-8").split()[0])
        process = psutil.Process(number)
        return process if process.name() == program and Path(process.cwd()) == where.resolve() else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
