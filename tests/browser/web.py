"""A real web process beside the tests, on the database of this test process."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command

from tests.environment import TestEnvironment
from tests.support.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]


@contextmanager
def web_process(environment: TestEnvironment) -> Iterator[str]:
    """Gives the address. The socket is bound before the process starts: no port can be lost to another."""
    # Once for all tests: the server answers static files out of this folder only.
    call_command("collectstatic", interactive=False, verbosity=0)
    variables = {**os.environ, **environment.variables(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    variables.update(PROCESS_NAME="web", DB_POOL_SIZE="8")
    log_path = Path(variables["VAR_DIR"]) / "logs" / "web.log"
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as listening, log_path.open("ab") as log:
        number = listening.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.serve", str(number)],
            cwd=PROJECT,
            env=variables,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[number],
        )
        base = f"http://localhost:{listening.getsockname()[1]}"
        try:
            wait_until(lambda: _answers(process, base, log_path), what="the web process to answer")
            yield base
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(process: "subprocess.Popen[bytes]", base: str, log: Path) -> bool:
    assert process.poll() is None, f"the web process ended:\n{log.read_text(errors='replace')[-3000:]}"
    try:
        with urllib.request.urlopen(f"{base}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
