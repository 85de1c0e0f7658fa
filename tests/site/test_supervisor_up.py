"""``manage.py up``: from nothing to READY, through a death, a second start and kill -9, with no process left behind."""

import socket
import urllib.error
import urllib.request

import psutil
import pytest

from tests.site.running import all_gone, family_of, lines_until, manage, site_environment


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A VAR_DIR and a free port that the tests of this file share, so that only the first start begins from nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    var_dir = tmp_path_factory.mktemp("up") / "var"
    return site_environment(var_dir, PORT=str(port), ALLOW_FSYNC_OFF="1", WORKER_CONCURRENCY="2"), var_dir, port


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def test_it_comes_up_mends_itself_and_dies_without_orphans(place):
    environment, var_dir, port = place
    with manage("up", environment=environment) as process:
        lines = lines_until(process, "READY")
        password = (var_dir / "admin_password").read_text(encoding="utf-8").strip()
        assert any(password in line for line in lines)
        assert (var_dir / "admin_password").stat().st_mode & 0o777 == 0o600
        assert _healthy(port)

        with manage("up", environment=environment) as second:
            assert "already runs" in lines_until(second, "already runs")[-1]

        web = next(one for one in family_of(process) if "uvicorn" in " ".join(one.cmdline()))
        web.kill()
        lines_until(process, "web ended with code -9; it starts again")

        family = family_of(process)
        process.kill()
        process.wait()
        assert all_gone(family)

    with manage("up", environment=environment) as process:
        lines = lines_until(process, "READY")
        assert not any(password in line for line in lines)  # shown once
        assert _healthy(port)
        family = family_of(process)
        assert len({one.pid for one in family}) >= 6
        process.terminate()
        lines_until(process, "Stopped")
        assert process.wait(60) == 0
        assert all_gone(family)


def test_a_port_in_use_is_said_in_words(place):
    environment, _, port = place
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the last tenant's connections linger
        other.bind(("127.0.0.1", port))
        other.listen()
        with manage("up", environment=environment) as process:
            said = lines_until(process, "can't be used")[-1]
            assert f"Port {port}" in said
            assert f"PORT={port + 1} make run" in said
            assert process.wait(30) == 1
    assert psutil.pid_exists(process.pid) is False
