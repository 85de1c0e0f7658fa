"""One child process: started so that it can't outlive us, stopped within a time limit, with its log in a file."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from orchestrator_site.supervisor.service_user import ServiceUser

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 20 * 1024 * 1024


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """For ``preexec_fn``: the kernel sends ``death_signal`` to the child when its parent dies, even by kill -9.

    Runs after the change of user, which would undo it. The kernel watches the thread that forks: call it from one that
    lives as long as the process. Linux only; elsewhere a kill -9 of the parent leaves the children to the next start.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def arrange() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the line above
            os._exit(1)

    return arrange


class Child:
    """A named program. ``start`` may be called again after it has ended.

    ``stop_signals`` are tried in order, each with its seconds; after the last comes SIGKILL for whatever is left,
    grandchildren in sessions of their own included.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        cwd: Path | str = "/",
        user: ServiceUser | None = None,
        stop_signals: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10.0),),
        death_signal: signal.Signals = signal.SIGKILL,
    ) -> None:
        self.name = name
        self._command = list(command)
        self._log = log
        self._environment = environment
        self._cwd = cwd
        self._user = user
        self._stop_signals = stop_signals
        self._death_signal = death_signal
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs, and before it was started."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        user = self._user
        with self._log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=None if self._environment is None else dict(self._environment),
                cwd=self._cwd,
                start_new_session=True,
                preexec_fn=dies_with_parent(self._death_signal),
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )

    def stop(self) -> None:
        """End it, and all that it started. Returns when nothing of it is left."""
        if self._process is None:
            return
        family = self._family()
        for number, seconds in self._stop_signals:
            if self._process.poll() is not None:
                break
            self._process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        for relative in family:
            with contextlib.suppress(psutil.Error):
                relative.kill()
        psutil.wait_procs(family, timeout=5)

    def _family(self) -> list[psutil.Process]:
        assert self._process is not None
        try:
            return psutil.Process(self._process.pid).children(recursive=True)
        except psutil.Error:
            return []

    def last_lines(self, count: int = 15) -> str:
        """The end of what it logged since its start, for the person who has to understand why it died."""
        try:
            with self._log.open("rb") as log:
                size = self._log.stat().st_size
                log.seek(max(self._log_start if self._log_start <= size else 0, size - 8192))
                lines = log.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return ""
        return "\n".join(f"    {line}" for line in lines[-count:])

    def log_trim(self) -> None:
        """Keep one older part of a log that has grown large. Children append, so the file can be cut under them."""
        with contextlib.suppress(OSError):
            if self._log.stat().st_size > _LOG_LIMIT:
                self._log.with_suffix(".log.1").write_bytes(self._log.read_bytes())
                os.truncate(self._log, 0)


def wait_until(ready: Callable[[], bool], *, child: Child, seconds: float, what: str) -> None:
    """Poll ``ready`` until it holds. Raises RuntimeError with the child's last words when it dies or takes too long."""
    limit = time.monotonic() + seconds
    pause = 0.01
    while not ready():
        if not child.running:
            raise RuntimeError(f"{child.name} ended with code {child.exit_code}. Its last words:\n{child.last_lines()}")
        if time.monotonic() > limit:
            raise RuntimeError(f"{what} within {seconds:.0f} s. Its last words:\n{child.last_lines()}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
