"""Addresses in the forms that Django, Celery and Channels want."""

import pytest

from orchestrator_site import connections
from orchestrator_site.env import ConfigurationError


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3", "unix:///run/redis.sock?db=5"),
        ("redis://u:p@host:6379/0", "redis://u:p@host:6379/0", "redis://u:p@host:6379/2"),
        ("rediss://host", "rediss://host/0", "rediss://host/2"),
    ],
)
def test_one_redis_url_gives_three_databases(url, broker, cache):
    assert connections.broker_url(url) == broker
    assert connections.redis_url(url, connections.CACHE) == cache


@pytest.mark.parametrize("url", ["redis://host/zero", "unix:///run/redis.sock?db=0&x=1"])
def test_a_redis_url_that_would_be_misread_is_refused(url):
    with pytest.raises(ConfigurationError, match="REDIS_URL must end with a database number"):
        connections.broker_url(url)


def test_a_database_url_is_taken_apart():
    found = connections.database_settings("postgresql://me:p%40ss@/db?host=/run/pg&sslmode=disable", pool_size=4)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["NAME"]) == ("me", "p@ss", "/run/pg", "db")
    assert found["OPTIONS"]["sslmode"] == "disable"
    assert found["OPTIONS"]["pool"]["max_size"] == 4
    assert found["CONN_MAX_AGE"] == 0  # what a pool demands


def test_no_pool_unless_asked_for():
    assert "pool" not in connections.database_settings("postgresql://me@host/db")["OPTIONS"]


def test_a_database_url_that_can_not_be_read_is_refused_without_its_password():
    with pytest.raises(ConfigurationError, match="percent-encoded") as caught:
        connections.database_settings("postgresql://me:hunter2%zz@host/db")
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__  # psycopg's own message repeats it


def test_the_environment_comes_before_what_the_supervisor_left(tmp_path, monkeypatch):
    file = connections.service_file(tmp_path, "REDIS_URL")
    file.parent.mkdir()
    file.write_text("redis://left/0\n", encoding="utf-8")

    def find() -> str:
        return connections.service_url(
            "REDIS_URL", var_dir=tmp_path, schemes=connections.REDIS_SCHEMES, absent="redis://absent/0"
        )

    monkeypatch.setenv("REDIS_URL", "redis://given/0")
    assert find() == "redis://given/0"
    monkeypatch.delenv("REDIS_URL")
    assert find() == "redis://left/0"
    file.unlink()
    assert find() == "redis://absent/0"
