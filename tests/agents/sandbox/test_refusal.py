"""Where namespaces are refused nothing runs, unless the operator has said otherwise."""

import os
from pathlib import Path

import pytest

from apps.agents.sandbox import IsolationRefused, available, launch, probe, run
from tests.agents.sandbox.conftest import ENVIRONMENT, SMALL, Attack
from tests.agents.sandbox.test_attacks import DAEMON


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch):
    def refuse(pid: int) -> None:
        raise IsolationRefused("users could not be mapped: Operation not permitted")

    monkeypatch.setattr(launch, "_map_users", refuse)
    probe.available.cache_clear()
    yield
    probe.available.cache_clear()


def test_it_is_available_here():
    assert available().ok, available().reason


def test_nothing_runs_and_the_words_say_how_to_mend_it(refusing, attack: Attack, workdir: Path):
    with pytest.raises(IsolationRefused, match="ALLOW_UNISOLATED") as caught:
        attack("open('made', 'w')")
    assert "user namespaces" in str(caught.value)
    assert list(workdir.iterdir()) == []


def test_the_probe_says_why(refusing):
    assert not available().ok
    assert "Operation not permitted" in available().reason


def test_where_it_is_allowed_it_runs_and_says_that_it_is_not_isolated(refusing, attack: Attack, workdir: Path):
    outcome = attack("import os; open('made', 'w'); print(sorted(os.environ))", allow_unisolated=True)
    assert outcome.returncode == 0
    assert not outcome.isolated
    assert (workdir / "made").exists()
    assert b"DJANGO" not in outcome.stdout


@pytest.mark.parametrize("ending", ["", "time.sleep(60)"])
def test_even_then_a_daemonised_child_is_ended(refusing, attack: Attack, workdir: Path, ending: str):
    attack(DAEMON + ending, timeout_seconds=3, allow_unisolated=True)
    assert not any(os.path.realpath(link) == str(workdir) for link in Path("/proc").glob("[0-9]*/cwd"))


def test_even_then_limits_hold(refusing, attack: Attack):
    assert b"MemoryError" in attack("bytearray(1024 ** 3)", allow_unisolated=True).stderr
    assert attack("while True: print('x' * 1000)", allow_unisolated=True).killed_reason == "output"


def test_a_missing_readonly_path_is_named(workdir: Path):
    with pytest.raises(FileNotFoundError):
        run(["true"], workdir=workdir, readonly=[workdir / "gone"], env=ENVIRONMENT, limits=SMALL)
