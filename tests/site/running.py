"""Programs under test: started with an environment of their own, read line by line, never left behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import psutil

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0


def site_environment(var_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a newcomer: nothing set but what the test says."""
    ours = ("TESTS_", "DATABASE_", "REDIS_", "SECRET_KEY", "ALLOW_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings", "VAR_DIR": str(var_dir), **more}


@contextmanager
def manage(*arguments: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """``manage.py`` with its output to read; killed, with all that it started, when the block or the patience ends."""
    command = [sys.executable, "manage.py", *arguments]
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    guard = Timer(PATIENCE, process.kill)
    guard.start()
    try:
        yield process
    finally:
        guard.cancel()
        family = family_of(process)
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        psutil.wait_procs(family, timeout=20)


def lines_until(process: subprocess.Popen[str], word: str) -> list[str]:
    """What it prints, up to a line that holds ``word``. Fails with all of it when the program ends first."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if word in line:
            return lines
    raise AssertionError(f"ended without {word!r}:\n" + "\n".join(lines))


def family_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """All that it started, directly or not."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def all_gone(family: list[psutil.Process], *, seconds: float = 30.0) -> bool:
    """Whether they all end within that time. A zombie that waits for its reaper has ended."""
    _, alive = psutil.wait_procs(family, timeout=seconds)
    return not [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
