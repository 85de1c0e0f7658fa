"""PostgreSQL and Redis under supervision: started from nothing, stopped, killed, started again."""

import signal
import subprocess

import psycopg
import pytest

from orchestrator_site.connections import service_file
from tests.site.running import all_gone, family_of, lines_until, manage, site_environment


@pytest.fixture
def environment(tmp_path):
    return site_environment(tmp_path / "var", ALLOW_FSYNC_OFF="1")


def _app_url(tmp_path) -> str:
    return service_file(tmp_path / "var", "DATABASE_URL").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_cleanly(environment, number):
    with manage("services", environment=environment) as process:
        lines_until(process, "READY")
        family = family_of(process)
        assert {one.name() for one in family} >= {"postgres", "redis-server"}
        process.send_signal(number)
        assert process.wait(60) == 0
        assert all_gone(family)


def test_kill_9_of_the_parent_leaves_no_process_and_no_damage(environment, tmp_path):
    with manage("services", environment=environment) as process:
        lines_until(process, "READY")
        owner = service_file(tmp_path / "var", "DATABASE_OWNER_URL").read_text(encoding="utf-8").strip()
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        family = family_of(process)
        process.kill()
        process.wait()
        assert all_gone(family)
    with manage("services", environment=environment) as process:
        lines_until(process, "READY")
        with psycopg.connect(owner) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_a_second_one_on_the_same_folder_says_so(environment, tmp_path):
    with manage("services", environment=environment) as first:
        lines_until(first, "READY")
        with manage("services", environment=environment) as second:
            assert "already runs" in lines_until(second, str(tmp_path / "var"))[-1]
            assert second.wait(30) == 1
        psycopg.connect(_app_url(tmp_path)).close()  # the first one is untouched


def test_a_stale_pid_file_that_names_a_stranger_is_no_obstacle(environment, tmp_path):
    with manage("services", environment=environment) as process:
        lines_until(process, "READY")
        process.terminate()
        process.wait(60)
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        for pid_file in ("postgres/data/postmaster.pid", "redis/redis.pid"):
            (tmp_path / "var" / pid_file).write_text(f"{stranger.pid}\n", encoding="utf-8")
        with manage("services", environment=environment) as process:
            lines_until(process, "READY")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_app_role_gets_in_with_its_password_only(environment, tmp_path):
    with manage("services", environment=environment) as process:
        lines_until(process, "READY")
        url = _app_url(tmp_path)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("commandpost",)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace("commandpost:", "commandpost_owner:", 1))
