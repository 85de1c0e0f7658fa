"""Starting a command in the sandbox and staying with it until it has ended or must end."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apps.agents.sandbox.shapes import IsolationRefused, Limits, Outcome
from apps.agents.sandbox.supervise import Supervision

INSIDE = Path(__file__).with_name("inside.py")
# Root on the host must not be the same user inside: its processes would not be counted, its files not be protected.
UNPRIVILEGED = 61184


def python() -> str:
    """The interpreter itself, not the link in a virtual environment: inside there is no virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _interpreter_paths() -> list[Path]:
    prefix = Path(sys.base_prefix).resolve()
    return [] if str(prefix) in {"/", "/usr", "/usr/local"} else [prefix]


def run(
    command: Sequence[str],
    *,
    workdir: Path,
    readonly: Sequence[Path] = (),
    timeout_seconds: float = 60.0,
    limits: Limits | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    on_line: Callable[[bytes], None] | None = None,
    network: bool = False,
    stop: Callable[[], bool] | None = None,
    allow_unisolated: bool = False,
) -> Outcome:
    """Runs `command` in namespaces of its own and returns when nothing of it is left.

    Inside, `workdir` is `/job`, the current directory, and the only place that lasts; `/tmp` is private and
    vanishes; the system's programs, this Python and the `readonly` paths can be read; nothing else exists. The
    environment is `env`, nothing more. `on_line` gets each line of standard output without its end, at most
    `limits.line_bytes` long. `stop` is asked about ten times a second. `network` shares the host's network; without
    it there is a loopback of its own. Started by root, the command runs as another user, to whom `workdir` is given:
    `readonly` paths must then be readable for everybody.

    Raises IsolationRefused where the kernel refuses namespaces, unless `allow_unisolated`: then the command runs in
    a session of its own with the same limits, and the outcome says `isolated=False`. Raises OSError when the
    interpreter cannot start.
    """
    bounds = limits or Limits()
    arguments = _Arguments(
        command=list(command),
        workdir=workdir.resolve(strict=True),
        readonly=[path.resolve(strict=True) for path in [*_interpreter_paths(), *readonly]],
        env=dict(env or {}),
        limits=bounds,
        network=network,
    )
    watch = _Watch(stdin=stdin, timeout_seconds=timeout_seconds, on_line=on_line, stop=stop)
    try:
        return _run(arguments, watch, isolated=True)
    except IsolationRefused:
        if not allow_unisolated:
            raise
    return _run(arguments, watch, isolated=False)


class _Arguments:
    def __init__(
        self,
        *,
        command: list[str],
        workdir: Path,
        readonly: list[Path],
        env: dict[str, str],
        limits: Limits,
        network: bool,
    ) -> None:
        self.command, self.workdir, self.readonly = command, workdir, readonly
        self.env, self.limits, self.network = env, limits, network

    def order(self, *, root: str, isolated: bool) -> bytes:
        document: dict[str, Any] = {
            "command": self.command,
            "workdir": str(self.workdir),
            "readonly": [str(path) for path in self.readonly],
            "env": self.env,
            "limits": vars(self.limits),
            "network": self.network,
            "isolated": isolated,
            "root": root,
            "uid": UNPRIVILEGED if os.geteuid() == 0 else 0,
        }
        return json.dumps(document).encode()


class _Watch:
    def __init__(
        self,
        *,
        stdin: bytes,
        timeout_seconds: float,
        on_line: Callable[[bytes], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.stdin, self.timeout_seconds, self.on_line, self.stop = stdin, timeout_seconds, on_line, stop


def _run(arguments: _Arguments, watch: _Watch, *, isolated: bool) -> Outcome:
    wish = "open" if not isolated else "shared" if arguments.network else "closed"
    root = tempfile.mkdtemp(prefix="sandbox-")
    order_read, order_write = os.pipe()
    status_read, status_write = os.pipe()
    try:
        process = subprocess.Popen(
            [python(), "-I", "-S", "-B", str(INSIDE), str(order_read), str(status_write), wish],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(order_read, status_write),
            env={},
            cwd="/",
            start_new_session=True,
        )
    except BaseException:
        os.close(order_write)
        os.close(status_read)
        raise
    finally:
        os.close(order_read)
        os.close(status_write)
        if sys.exc_info()[0] is not None:
            Path(root).rmdir()
    try:
        supervision = Supervision(process, status_read, arguments.limits, arguments.workdir, isolated=isolated)
        try:
            _hand_over(process.pid, supervision, order_write, arguments, root, isolated=isolated)
            return supervision.until_ended(
                stdin=watch.stdin, timeout_seconds=watch.timeout_seconds, on_line=watch.on_line, stop=watch.stop
            )
        finally:
            supervision.close()
    finally:
        Path(root).rmdir()


def _hand_over(
    pid: int, supervision: Supervision, order_write: int, arguments: _Arguments, root: str, *, isolated: bool
) -> None:
    """Waits for the namespaces, names the users in them, and sends the order."""
    try:
        if isolated:
            word, _, detail = supervision.next_status().partition(" ")
            if word != "unshared":
                raise IsolationRefused(detail or "the first process ended at once")
            _map_users(pid)
            if os.geteuid() == 0:
                _give(arguments.workdir, UNPRIVILEGED)
        with os.fdopen(order_write, "wb", closefd=False) as file:
            file.write(arguments.order(root=root, isolated=isolated))
    finally:
        os.close(order_write)
    if isolated:
        word, _, detail = supervision.next_status().partition(" ")
        if word != "ready":
            raise IsolationRefused(detail or "the namespaces could not be set up")


def _map_users(pid: int) -> None:
    folder = Path(f"/proc/{pid}")
    uid, gid = os.geteuid(), os.getegid()
    try:
        if uid == 0:
            lines = f"0 0 1\n{UNPRIVILEGED} {UNPRIVILEGED} 1\n"
            (folder / "uid_map").write_text(lines, encoding="ascii")
            (folder / "gid_map").write_text(lines, encoding="ascii")
            return
        (folder / "setgroups").write_text("deny", encoding="ascii")
        (folder / "uid_map").write_text(f"0 {uid} 1\n", encoding="ascii")
        (folder / "gid_map").write_text(f"0 {gid} 1\n", encoding="ascii")
    except OSError as error:
        raise IsolationRefused(f"users could not be mapped: {error.strerror}") from error


def _give(folder: Path, uid: int) -> None:
    """Before anything has run there: no link of anybody can be in the way, and none is followed."""
    os.chown(folder, uid, uid, follow_symlinks=False)
    for parent, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            os.chown(Path(parent) / name, uid, uid, follow_symlinks=False)
