"""What the settings make of the environment, each time in a fresh process."""

import json
import subprocess
import sys

import pytest

from tests.site.running import PROJECT, site_environment

_SHOW = "import json; from orchestrator_site import settings as s; print(json.dumps({n: getattr(s, n) for n in %r}))"


@pytest.fixture
def read(tmp_path):
    """A function that gives settings by name, under the given variables."""

    def read(*names: str, **variables: str):
        command = [sys.executable, "-c", _SHOW % (list(names),)]
        environment = site_environment(tmp_path / "var", **variables)
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout).values())

    return read


def test_plain_http_has_plain_cookies(read):
    assert read("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS") == [False, False, 0]


def test_https_has_secure_cookies_and_trusts_its_own_origin(read):
    secure, hsts, origins, hosts = read(
        *("SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS", "ALLOWED_HOSTS"),
        PUBLIC_URL="https://command.example.org/",
    )
    assert secure
    assert hsts > 0
    assert origins == ["https://command.example.org"]
    assert "command.example.org" in hosts


def test_the_secret_key_is_made_once(read):
    (first,), (second,) = read("SECRET_KEY"), read("SECRET_KEY")
    assert first == second
    assert read("SECRET_KEY", SECRET_KEY="given") == ["given"]


def test_only_who_asks_for_it_connects_as_the_owner(read):
    urls = {"DATABASE_URL": "postgresql://app:a@host/db", "DATABASE_OWNER_URL": "postgresql://owner:o@host/db"}
    (plain,) = read("DATABASES", **urls)
    (owner,) = read("DATABASES", **urls, DB_ROLE="owner")
    assert (plain["default"]["USER"], owner["default"]["USER"]) == ("app", "owner")


def test_a_wrong_value_stops_with_a_sentence_and_no_trace(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env=site_environment(tmp_path / "var", PORT="eighty"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Command Post can't start: PORT is 'eighty', but must be a whole number")
    assert "Traceback" not in done.stderr
