"""A whole installation of its own, for fault rounds, benchmarks and pictures: only its processes can be found."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
MARKS = {
    "web": ("uvicorn",),
    "worker-hub": ("worker", "hub-"),
    "worker-plan": ("worker", "plan-"),
    "worker-agents": ("worker", "agents"),
    "sweeper": ("manage.py", "sweeper"),
    "postgres": ("postgres", "-D"),
    "redis": ("redis-server",),
}


class Installation:
    """``manage.py up`` in a folder of its own, on a free port."""

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir
        self.port = _free_port()
        self.base = f"http://localhost:{self.port}"
        self.lines: list[str] = []
        self._ready = threading.Event()
        self._process: subprocess.Popen[str] | None = None

    def start(self, seconds: float = 120) -> None:
        environment = {**os.environ, "VAR_DIR": str(self.var_dir), "PORT": str(self.port)}
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "ADMIN_PASSWORD", "DJANGO_SETTINGS_MODULE"):
            environment.pop(name, None)
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--follow-parent"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        if not self._ready.wait(seconds):
            self.stop()
            raise RuntimeError("It did not get READY:\n" + "\n".join(self.lines[-30:]))

    def _listen(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip())
            if "READY" in line:
                self._ready.set()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)

    def find(self, name: str) -> psutil.Process:
        """The running process of this installation with that role."""
        assert self._process is not None
        for child in psutil.Process(self._process.pid).children(recursive=True):
            try:
                line = child.cmdline()
            except psutil.Error:
                continue
            if all(any(mark in part for part in line) for mark in MARKS[name]):
                return child
        raise LookupError(f"no process {name}")

    def harm(self, name: str, number: int) -> None:
        """Send a signal to the process with that role, found by its id among our own children."""
        self.find(name).send_signal(number)

    def addresses(self) -> dict[str, str]:
        """Where its services are: what its web process was given (it is ours, so its environment may be read)."""
        given = self.find("web").environ()
        return {name: given[name] for name in ("DATABASE_URL", "REDIS_URL", "VAR_DIR") if name in given}


@contextmanager
def installation(var_dir: Path) -> Iterator[Installation]:
    one = Installation(var_dir)
    one.start()
    try:
        yield one
    finally:
        one.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
