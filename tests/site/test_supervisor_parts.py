"""The parts of the supervisor, each on its own: children, restarts, the lock, folders, the checks before a start."""

import os
import re
import signal
import socket
import sys
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from orchestrator_site.env import ConfigurationError
from orchestrator_site.private_files import kept_secret, write_private
from orchestrator_site.supervisor import preflight
from orchestrator_site.supervisor.layout import SOCKET_PATH_LIMIT, folder, layout_of
from orchestrator_site.supervisor.lock import only_one
from orchestrator_site.supervisor.process import Child, wait_until
from orchestrator_site.supervisor.watch import FIRST_PAUSE, GOOD_RUN, LONGEST_PAUSE, Watched

# Says when it is ready by making the file, and has a grandchild in a session of its own.
_STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
open(sys.argv[1], "w").write(str(grandchild.pid))
time.sleep(600)
"""


def _child(tmp_path: Path, *command: str, **more) -> Child:
    return Child("example", [sys.executable, "-c", *command], log=tmp_path / "example.log", **more)


def test_a_child_that_ignores_its_signal_is_ended_with_its_grandchildren(tmp_path):
    ready = tmp_path / "ready"
    child = _child(tmp_path, _STUBBORN, str(ready), stop_signals=((signal.SIGTERM, 0.2),))
    child.start()
    wait_until(lambda: ready.exists() and bool(ready.read_text()), child=child, seconds=30, what="not ready")
    grandchild = psutil.Process(int(ready.read_text()))
    child.stop()
    assert not child.running
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_waiting_for_a_child_that_dies_shows_its_last_words(tmp_path):
    child = _child(tmp_path, "import sys; print('no coffee left'); sys.exit(3)")
    child.start()
    with pytest.raises(RuntimeError, match=r"(?s)example ended with code 3.*no coffee left"):
        wait_until(lambda: False, child=child, seconds=30, what="not ready")


def test_the_last_words_are_those_of_this_run(tmp_path):
    (tmp_path / "example.log").write_text("words of an earlier run\n", encoding="utf-8")
    child = _child(tmp_path, "print('now')")
    child.start()
    with pytest.raises(RuntimeError) as caught:
        wait_until(lambda: False, child=child, seconds=30, what="not ready")
    assert "now" in str(caught.value)
    assert "earlier" not in str(caught.value)


class _Dead:
    """A child that dies at once, whenever it is started."""

    name = "web"
    running = False
    exit_code = 1

    def last_lines(self) -> str:
        return ""


def test_a_dead_child_is_started_again_with_growing_pauses():
    now, starts = [0.0], []
    watched = Watched(_Dead(), lambda: starts.append(now[0]), lambda line: None, clock=lambda: now[0])  # type: ignore[arg-type]
    while now[0] < 200:
        watched.look()
        now[0] += 0.25
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert starts[0] == FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert LONGEST_PAUSE <= pauses[-1] <= LONGEST_PAUSE + 0.5


def test_after_a_good_run_the_pauses_begin_anew():
    now, starts = [0.0], []
    watched = Watched(_Dead(), lambda: starts.append(now[0]), lambda line: None, clock=lambda: now[0])  # type: ignore[arg-type]
    watched.pause = LONGEST_PAUSE
    now[0] = GOOD_RUN + 1
    watched.look()
    now[0] += FIRST_PAUSE
    watched.look()
    assert starts == [GOOD_RUN + 1 + FIRST_PAUSE]


def test_the_lock_is_held_by_one_and_names_its_holder(tmp_path):
    refused = pytest.raises(ConfigurationError, match=f"already runs on .*process {os.getpid()}, at http://here")
    with only_one(tmp_path / "lock", note="at http://here"), refused, only_one(tmp_path / "lock", note="second"):
        pytest.fail("two held it")
    with only_one(tmp_path / "lock", note="third"):
        pass


def test_sockets_lie_in_var_dir_unless_that_is_too_long_for_the_kernel():
    assert layout_of(Path("/srv/cp")).sockets == Path("/srv/cp/run")
    long = layout_of(Path("/srv") / ("x" * 100))
    other = layout_of(Path("/srv") / ("y" * 100))
    assert long.sockets != other.sockets
    assert len(os.fsencode(long.postgres_socket_dir / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT


def test_a_socket_folder_laid_by_somebody_else_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigurationError, match="is not a folder of this user"):
        folder(tmp_path / "run", mode=0o700)


def test_a_socket_path_that_is_too_long_is_said_with_its_length(tmp_path):
    with pytest.raises(ConfigurationError, match=r"bytes, but the kernel takes \d+\. Set VAR_DIR"):
        preflight.socket_check(tmp_path / ("x" * 100))


def test_an_old_python_is_refused():
    preflight.python_check((3, 11))
    with pytest.raises(ConfigurationError, match=re.escape("This is Python 3.10, but 3.11 or newer is needed")):
        preflight.python_check((3, 10))


def test_var_dir_must_be_a_folder_of_its_own(tmp_path):
    for unsuited in (Path("/"), Path.home(), tmp_path, tmp_path.parent):
        with pytest.raises(ConfigurationError, match="must be a folder of its own"):
            preflight.var_dir_check(unsuited, project=tmp_path)
    preflight.var_dir_check(tmp_path / "var", project=tmp_path)
    assert list((tmp_path / "var").iterdir()) == []


def test_var_dir_below_a_file_can_not_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="set VAR_DIR to a folder of its own"):
        preflight.var_dir_check(tmp_path / "file" / "var", project=Path("/srv/project"))


def test_a_file_system_without_hard_links_is_unsuited(tmp_path, monkeypatch):
    def refuse(*paths: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(ConfigurationError, match="is unsuited: Operation not permitted"):
        preflight.var_dir_check(tmp_path / "var", project=Path("/srv/project"))


def test_a_busy_port_is_refused_and_a_free_one_is_not():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"Port {port} on 127.0.0.1 can't be used"):
            preflight.port_check("127.0.0.1", port, seconds=0)
    preflight.port_check("127.0.0.1", port)


def test_a_database_without_its_owner_is_refused():
    with pytest.raises(ConfigurationError, match="DATABASE_OWNER_URL is not"):
        preflight.database_check("postgresql://app@host/db", "", fsync_may_be_off=False)


def test_a_database_that_does_not_answer_is_named():
    with pytest.raises(ConfigurationError, match="The database of DATABASE_OWNER_URL can't be reached"):
        preflight.database_check(
            "postgresql://a@127.0.0.1:1/db", "postgresql://o@127.0.0.1:1/db", fsync_may_be_off=True
        )


@pytest.mark.usefixtures("django_db_setup")
def test_fsync_off_and_a_role_that_is_too_strong_are_refused(services):
    check = preflight.database_check
    check(services.app_url, services.owner_url, fsync_may_be_off=True)
    with pytest.raises(ConfigurationError, match="the quality gates could be bypassed"):
        check(services.owner_url, services.owner_url, fsync_may_be_off=True)
    if services.owns_postgres:
        with pytest.raises(ConfigurationError, match="fsync off: a power cut would lose"):
            check(services.app_url, services.owner_url, fsync_may_be_off=False)


def test_a_secret_is_made_once_and_private(tmp_path):
    file = tmp_path / "deep" / "secret"
    secret = kept_secret(file)
    assert kept_secret(file) == secret
    assert len(secret) >= 48
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret"]


def test_an_empty_secret_is_refused(tmp_path):
    (tmp_path / "secret").touch()
    with pytest.raises(ConfigurationError, match="is empty"):
        kept_secret(tmp_path / "secret")


def test_a_private_file_is_private_whatever_was_there(tmp_path):
    file = tmp_path / "password"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o644)
    write_private(file, "new")
    assert file.read_text(encoding="utf-8") == "new\n"
    assert file.stat().st_mode & 0o777 == 0o600
