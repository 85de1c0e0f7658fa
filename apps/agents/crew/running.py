"""The finished service as a process, for those who measure it or prove that it can be put back."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
START_SECONDS = 15


class NotStarted(Exception):
    """The service did not say where it serves."""


@contextmanager
def serving(folder: Path, data: Path) -> Iterator[str]:
    """The service of `folder`, started by its own start script on a free port, as its address. Raises NotStarted."""
    environment = {**ENVIRONMENT, "PYTHON": sys.executable, "PORT": "0", "DATA": str(data)}
    command = ["sh", "deploy/start.sh"]
    if not (folder / "deploy/start.sh").is_file():
        command = [sys.executable, "-m", "service.app", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout
    try:
        os.set_blocking(process.stdout.fileno(), False)
        yield _address(process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _address(process: "subprocess.Popen[bytes]") -> str:
    assert process.stdout
    said = b""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and b"\n" not in said:
        said += process.stdout.read() or b""
        if process.poll() is not None:
            break
        time.sleep(0.01)
    line = said.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
    if not line[0].startswith("serving on http://"):
        raise NotStarted(f"The service did not start: {said[-400:].decode('utf-8', 'replace')}")
    return line[0].rpartition(" ")[2]


def ask(
    address: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """(status, content); a refusal is a status, not an exception."""
    request = urllib.request.Request(address, body, dict(headers or {}), method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
