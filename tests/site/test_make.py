"""The Makefile and the continuous check offer what the README promises."""

import re
import subprocess

from tests.site.running import PROJECT

TARGETS = {"install", "run", "test", "check", "smoke", "faults", "bench-hub", "help"}


def test_every_target_is_there_and_explains_itself():
    text = (PROJECT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert explained >= TARGETS - {"help"}


def test_an_old_python_is_named_before_anything_is_installed(tmp_path):
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\necho 'Python 3.11 or newer is needed' >&2\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "install", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}"], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "3.11 or newer" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_the_continuous_check_is_a_valid_script_that_demands_chromium():
    script = PROJECT / ".ci" / "run"
    assert subprocess.run(["bash", "-n", str(script)]).returncode == 0
    assert script.stat().st_mode & 0o111
    assert "CHROMIUM_REQUIRED=1" in script.read_text(encoding="utf-8")


def test_lock_files_carry_hashes_and_no_address():
    for lock in (PROJECT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        pinned = re.findall(r"^\S+==\S+", text, re.MULTILINE)
        assert len(pinned) > 30
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "://" not in text
