"""What hostile code tries, and what it gets."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from apps.agents.sandbox import Limits
from tests.agents.sandbox.conftest import ENVIRONMENT, SMALL, Attack

PROJECT = Path(__file__).resolve().parents[3]


def test_it_runs_a_plain_program_and_keeps_what_it_writes(attack: Attack, workdir: Path):
    outcome = attack("open('made.txt', 'w').write('hello'); print('done')")
    assert (outcome.returncode, outcome.stdout, outcome.isolated) == (0, b"done\n", True)
    assert (workdir / "made.txt").read_text() == "hello"


def test_it_sees_no_home_no_project_and_no_other_goal(attack: Attack, tmp_path: Path):
    other = tmp_path / "other-goal"
    other.mkdir()
    (other / "secret.txt").write_text("secret of another goal")
    (other / "secret.txt").chmod(0o644)
    hidden = [str(other / "secret.txt"), str(PROJECT / "pyproject.toml"), str(PROJECT / "var")]
    hidden += ["/etc/shadow", "/home", "/var", "/sys", "/run"]
    outcome = attack(
        f"""
import os
for path in {hidden!r}:
    print(path, os.path.exists(path))
print([name for name in os.listdir('/root') if name != '.pyenv'] if os.path.isdir('/root') else [])
"""
    )
    assert outcome.returncode == 0, outcome.stderr
    assert b"True" not in outcome.stdout
    assert outcome.stdout.endswith(b"[]\n")


@pytest.mark.parametrize("target", ["/made", "/usr/lib/made", "/etc/made", "/bin/made", "/dev/made"])
def test_it_writes_nowhere_but_in_its_work_and_temporary_folder(attack: Attack, target: str):
    outcome = attack(f"open({target!r}, 'w')")
    assert outcome.returncode == 1
    assert b"Read-only file system" in outcome.stderr or b"Permission denied" in outcome.stderr


def test_its_temporary_folder_vanishes(attack: Attack):
    attack("open('/tmp/left-behind', 'w').write('x')")
    outcome = attack("import os; print(os.listdir('/tmp'))")
    assert outcome.stdout == b"[]\n"


def test_it_cannot_reach_a_socket_of_the_host_by_path(attack: Attack, tmp_path: Path):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        path.chmod(0o777)
        server.listen()
        outcome = attack(f"import socket; socket.socket(socket.AF_UNIX).connect({str(path)!r})")
    assert b"FileNotFoundError" in outcome.stderr


def test_it_cannot_reach_an_abstract_socket_of_the_host(attack: Attack):
    name = f"\0command-post-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        outcome = attack(f"import socket; socket.socket(socket.AF_UNIX).connect({name!r})")
    assert b"ConnectionRefusedError" in outcome.stderr


def test_it_cannot_reach_a_port_of_the_host(attack: Attack):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        outcome = attack(f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)")
    assert b"ConnectionRefusedError" in outcome.stderr


def test_it_has_a_loopback_of_its_own(attack: Attack):
    outcome = attack(
        "from socket import *; s = create_server(('127.0.0.1', 8000)); create_connection(s.getsockname()); print('up')"
    )
    assert outcome.stdout == b"up\n"


def test_it_sees_no_process_of_the_host(attack: Attack):
    outcome = attack("import os; print(sorted(int(n) for n in os.listdir('/proc') if n.isdigit()))")
    assert len(outcome.stdout.split(b",")) <= 3
    assert str(os.getpid()).encode() not in outcome.stdout


def test_it_gets_only_the_environment_that_is_given(attack: Attack, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    outcome = attack("import os; print(sorted(os.environ)); print(open('/proc/1/cmdline').read())", env={"GIVEN": "1"})
    assert b"SECRET" not in outcome.stdout
    assert b"GIVEN" in outcome.stdout
    spied = attack("print(open('/proc/1/environ').read())")
    assert b"hunter2" not in spied.stdout


def test_it_holds_no_capability_and_gains_none(attack: Attack):
    outcome = attack(
        """
import ctypes, os
status = open('/proc/self/status').read()
print([line for line in status.splitlines() if line.startswith(('CapEff', 'CapPrm', 'CapBnd', 'NoNewPrivs'))])
print(ctypes.CDLL(None).unshare(0x10000000))
"""
    )
    assert outcome.stdout.count(b"0000000000000000") == 3
    assert b"NoNewPrivs:\\t1" in outcome.stdout
    assert outcome.stdout.endswith(b"-1\n")


def test_a_fork_bomb_is_bounded(attack: Attack):
    outcome = attack("import os\nwhile True:\n    os.fork()", timeout_seconds=5)
    assert outcome.returncode != 0
    assert outcome.killed_reason in {"", "time", "processes"}


def test_it_cannot_have_more_processes_than_allowed(attack: Attack):
    outcome = attack(
        """
import os, time
made = 0
try:
    while made < 200:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        made += 1
except BlockingIOError:
    pass
print(made)
"""
    )
    assert outcome.killed_reason == "processes" or int(outcome.stdout) < SMALL.processes


def test_a_memory_bomb_ends_itself(attack: Attack):
    outcome = attack("x = bytearray(1024 * 1024 * 1024)")
    assert b"MemoryError" in outcome.stderr


def test_memory_in_many_processes_counts_together(attack: Attack):
    outcome = attack(
        """
import os, time
for _ in range(8):
    if os.fork() == 0:
        x = bytearray(os.urandom(1)) * (100 * 1024 * 1024)
        time.sleep(30)
time.sleep(30)
"""
    )
    assert outcome.killed_reason == "memory"


def test_endless_output_is_cut_and_the_program_ended(attack: Attack):
    outcome = attack("while True: print('spam' * 1000)")
    assert outcome.killed_reason == "output"
    assert len(outcome.stdout) < SMALL.output_bytes + 100


def test_a_huge_file_is_refused(attack: Attack, workdir: Path):
    outcome = attack("f = open('huge', 'wb')\nfor _ in range(100): f.write(b'x' * 1024 * 1024)")
    assert outcome.returncode != 0
    assert (workdir / "huge").stat().st_size <= SMALL.file_bytes


def test_many_files_are_ended_as_too_much_disk(attack: Attack):
    limits = Limits(disk_bytes=20 * 1024 * 1024, processes=24)
    outcome = attack("for n in range(30): open(f'f{n}', 'wb').write(b'x' * 1024 * 1024)", limits=limits)
    assert outcome.killed_reason == "disk"


def test_it_is_ended_when_its_time_is_over(attack: Attack):
    outcome = attack("import time; time.sleep(60)", timeout_seconds=0.5)
    assert outcome.timed_out
    assert outcome.killed_reason == "time"


def test_it_is_ended_when_told_to_stop(attack: Attack):
    asked = threading.Event()

    def stop() -> bool:
        return asked.is_set()

    outcome = attack(
        "print('begun', flush=True); import time; time.sleep(60)", stop=stop, on_line=lambda line: asked.set()
    )
    assert outcome.killed_reason == "stopped"
    assert outcome.stdout == b"begun\n"


DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in (0, 1, 2): os.close(descriptor)
        while True:
            open('pulse', 'a').write('x')
            time.sleep(0.01)
    os._exit(0)
while not os.path.exists('pulse'): time.sleep(0.01)
"""


@pytest.mark.parametrize("ending", ["", "time.sleep(60)"])
def test_a_daemonised_child_does_not_outlive_it(attack: Attack, workdir: Path, ending: str):
    attack(DAEMON + ending, timeout_seconds=3)
    # Whoever still wrote would hold the file open.
    assert not _open_by_anybody(workdir / "pulse")
    size = (workdir / "pulse").stat().st_size
    assert size > 0
    assert not [1 for _ in range(2000) if (workdir / "pulse").stat().st_size != size]


def _open_by_anybody(path: Path) -> bool:
    """Whether any process of this machine works in the folder of `path`, seen from any namespace."""
    inode = path.parent.stat().st_ino
    for folder in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if folder.stat().st_ino == inode:
                return True
        except OSError:
            continue
    return False


def test_nothing_survives_the_death_of_the_worker_that_started_it(workdir: Path):
    source = (
        "from pathlib import Path\nfrom apps.agents.sandbox import run\n"
        f"run(['sh', '-c', 'echo begun; sleep 60'], workdir=Path({str(workdir)!r}), env={ENVIRONMENT!r}, "
        "on_line=lambda line: print(line.decode(), flush=True), timeout_seconds=60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", source], cwd=PROJECT, stdout=subprocess.PIPE)
    assert worker.stdout
    with worker.stdout:
        assert worker.stdout.readline() == b"begun\n"
        assert _open_by_anybody(workdir / "pulse")
        worker.kill()
        worker.wait()
    deadline = time.monotonic() + 10
    while _open_by_anybody(workdir / "pulse"):
        assert time.monotonic() < deadline


def test_lines_are_handed_over_as_they_come_and_bounded(attack: Attack):
    lines: list[bytes] = []
    outcome = attack("print('a'); print('b' * 100000); print('c', end='')", on_line=lines.append)
    assert outcome.returncode == 0
    assert lines[0] == b"a"
    assert len(lines[1]) == SMALL.line_bytes
    assert lines[2] == b"c"


def test_standard_input_arrives_whole(attack: Attack):
    outcome = attack("import sys; print(len(sys.stdin.buffer.read()))", stdin=b"x" * 1_000_000)
    assert outcome.stdout == b"1000000\n"


def test_a_program_that_does_not_read_its_input_does_not_hang_us(attack: Attack):
    assert attack("print('no')", stdin=b"x" * 1_000_000).stdout == b"no\n"


def test_an_unknown_command_is_an_outcome_not_a_crash(attack: Attack, workdir: Path):
    from apps.agents.sandbox import run

    assert run(["no-such-program"], workdir=workdir, env={"PATH": "/usr/bin"}).returncode == 127
