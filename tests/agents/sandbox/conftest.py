"""A sandbox to attack. The attacks run for real: where this machine refuses namespaces, these tests fail and say so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apps.agents.sandbox import Limits, Outcome, run
from apps.agents.sandbox.launch import python

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}
SMALL = Limits(cpu_seconds=20, memory_bytes=256 * 1024 * 1024, processes=24, output_bytes=200_000)

Attack = Callable[..., Outcome]


@pytest.fixture
def workdir(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def attack(workdir: Path) -> Attack:
    def start(source: str, **options) -> Outcome:
        chosen = {"timeout_seconds": 20.0, "limits": SMALL, "env": ENVIRONMENT, **options}
        return run([python(), "-c", source], workdir=workdir, **chosen)

    return start
