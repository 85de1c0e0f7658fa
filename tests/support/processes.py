"""A real worker and a real sweeper beside the tests, on the databases of this test process."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.environment import TestEnvironment
from tests.support.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
THREADS = 6


@contextmanager
def hub_processes(environment: TestEnvironment) -> Iterator[None]:
    """One Celery worker for all queues, and the sweeper, until the block ends."""
    variables = {**os.environ, **environment.variables(), "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings"}
    variables["DB_POOL_SIZE"] = str(THREADS + 4)
    logs = Path(variables["VAR_DIR"]) / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    worker = [
        *(sys.executable, "-m", "celery", "-A", "orchestrator_site.celery:app", "worker", "--loglevel", "INFO"),
        *("--queues", "hub,plan,agents", "--pool", "threads", "--concurrency", str(THREADS)),
        *("--without-gossip", "--without-mingle", "--hostname", f"tests-{environment.worker}@localhost"),
    ]
    commands = {"worker": worker, "sweeper": [sys.executable, "manage.py", "sweeper"]}
    running = []
    try:
        for name, command in commands.items():
            with (logs / f"{name}.log").open("ab") as log:
                made = subprocess.Popen(command, cwd=PROJECT, env=variables, stdout=log, stderr=subprocess.STDOUT)
                running.append(made)
        wait_until(lambda: _ready(running, logs / "worker.log"), what="the worker to be ready")
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ready(running: Sequence[subprocess.Popen[bytes]], log: Path) -> bool:
    """Whether the worker has said so. A process that died says why in the failure."""
    words = log.read_text(errors="replace")
    assert all(process.poll() is None for process in running), f"a process of the hub ended:\n{words[-3000:]}"
    return " ready." in words
