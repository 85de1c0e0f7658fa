"""The local runtime: events are validated, files are collected, nothing is left behind, whatever the program does."""

import time
from pathlib import Path
from typing import Any

import pytest

from apps.agents.runtimes import BadConfig, Result, Surroundings, UnknownRuntime, runtime_for
from apps.agents.runtimes.events import BadEvent, event_from
from apps.agents.runtimes.local.crew import CrewRuntime
from apps.agents.sandbox.launch import python

DONE = 'print(\'{"type": "task.completed", "summary": "s", "claims": ["c"]}\', flush=True)\n'


@pytest.fixture
def play(tmp_path: Path):
    """Runs a program in the crew's place; returns the result and the events."""

    def start(source: str, tree: dict[str, bytes] | None = None, **options) -> tuple[Result, list[dict[str, Any]]]:
        surroundings = Surroundings(scratch=tmp_path / "scratch", timeout_seconds=options.pop("timeout", 20))
        runtime = CrewRuntime(surroundings)
        runtime.command = [python(), "-c", source]
        events: list[dict[str, Any]] = []
        result = runtime.start({"x": 1}, tree or {}, on_event=events.append, stop=options.pop("stop", lambda: False))
        assert list((tmp_path / "scratch").iterdir()) == []
        return result, events

    return start


def test_it_brings_what_changed_and_the_agents_words(play):
    source = (
        "import os, sys, json\nassert json.load(sys.stdin) == {'x': 1}\nopen('new', 'w').write('n')\nos.remove('old')\n"
        + DONE
    )
    result, events = play(source, {"old": b"o", "kept": b"k"})
    assert (result.outcome, result.tree, result.deleted) == ("succeeded", {"new": b"n"}, {"old"})
    assert (result.summary, result.claims, result.isolated) == ("s", ("c",), True)
    assert [event["type"] for event in events] == ["task.completed"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "without saying that it had completed"),
        ("raise SystemExit(3)", "ended with code 3"),
        ("print('not json')", "lines were no events"),
        ('print(\'{"type": "task.failed", "reason": "no idea"}\')', "no idea"),
        (DONE + "raise SystemExit(1)", "ended with code 1"),
        ("import os\nos.symlink('/etc/passwd', 'x')\n" + DONE, "not taken in"),
        ("import os\nos.makedirs('.git/hooks'); open('.git/hooks/x', 'w')\n" + DONE, "not taken in"),
        ("while True: print('x' * 1000)", "wrote more than it may"),
    ],
)
def test_a_bad_agent_is_a_failed_result_with_words(play, source: str, words: str):
    result, _ = play(source)
    assert result.outcome == "failed"
    assert words in result.error
    assert result.tree == {}


def test_broken_lines_do_not_hide_the_good_ones(play):
    lines = ["b'\\xff\\xfe'", "b'{\"type\": NaN}'", "b'[' * 50000", 'b\'{"type": "task.progress", "percent": 1e999}\'']
    source = (
        "import sys\n"
        + "".join(f"sys.stdout.buffer.write({line} + b'\\n')\n" for line in lines)
        + "sys.stdout.flush()\n"
        + DONE
    )
    result, events = play(source)
    assert result.outcome == "succeeded"
    assert [event["type"] for event in events] == ["task.completed"]


def test_nothing_counts_after_the_last_word(play):
    _, events = play(DONE + 'print(\'{"type": "task.failed", "reason": "late"}\')')
    assert [event["type"] for event in events] == ["task.completed"]


def test_it_is_stopped_when_no_longer_wanted(play):
    before = time.monotonic()
    result, _ = play("import time; time.sleep(60)", stop=lambda: True)
    assert "no longer wanted" in result.error
    assert time.monotonic() - before < 10


def test_it_is_ended_when_it_takes_too_long(play):
    result, _ = play("import time; time.sleep(60)", timeout=0.5)
    assert "took longer" in result.error


def test_the_crew_sees_itself_and_nothing_else_of_the_project(play):
    source = (
        "import apps.agents.crew, os, pathlib\nroot = pathlib.Path(apps.__path__[0])\n"
        "seen = sorted(p.name for p in root.iterdir()) + sorted(p.name for p in (root / 'agents').iterdir())\n"
        "assert seen == ['__init__.py', 'agents', '__init__.py', 'crew'], seen\n"
        "assert not (root.parent / 'manage.py').exists() and not (root.parent / 'var').exists()\n"
    )
    result, _ = play(source + DONE)
    assert result.outcome == "succeeded", result.error


def test_doing_nothing_succeeds_at_once():
    result = runtime_for("local", {"entry": "noop"}).start({}, {}, on_event=lambda event: None, stop=lambda: False)
    assert (result.outcome, result.tree) == ("succeeded", {})


def test_unknown_kinds_and_entries_are_named():
    with pytest.raises(UnknownRuntime, match="carrier-pigeon"):
        runtime_for("carrier-pigeon")
    with pytest.raises(BadConfig, match="crew or noop"):
        runtime_for("local", {"entry": "evil"})


NO_EVENTS = [
    b"",
    b"1",
    b"[]",
    b"{}",
    b'{"type": 1}',
    b'{"type": "task.progress", "percent": 101}',
    b'{"type": "task.progress", "percent": true}',
    b'{"type": "task.completed", "claims": "x"}',
    b'{"type": "task.failed", "reason": []}',
    b'{"type": "a", "type": "b"}',
]


@pytest.mark.parametrize("line", NO_EVENTS)
def test_what_is_no_event_is_refused(line: bytes):
    with pytest.raises(BadEvent):
        event_from(line)


def test_unknown_types_are_kept_apart_and_texts_are_clean():
    assert event_from(b'{"type": "task.dancing"}') == {"type": "task.dancing", "unknown": True}
    assert event_from(b'{"type": "task.failed", "reason": "a\\u0000b\\ud800"}') == {
        "type": "task.failed",
        "reason": "ab?",
    }
