"""The crew in the sandbox: a fresh folder with the tree, the packet on standard input, events from standard output."""

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import apps
from apps.agents import crew
from apps.agents.runtimes.base import Event, Result, Surroundings
from apps.agents.runtimes.events import LAST_WORDS, MOST_EVENTS, BadEvent, event_from
from apps.agents.sandbox import CollectError, IsolationRefused, Limits, Outcome, collect, fill, remove_tree, run
from apps.agents.sandbox.launch import python

ROOT = Path(apps.__path__[0]).resolve().parent
# Only what the crew needs to start: none of the models, settings or secrets of this installation.
SHOWN = (ROOT / "apps/__init__.py", ROOT / "apps/agents/__init__.py", Path(crew.__path__[0]).resolve())
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",  # noqa: S108  the sandbox's own, private and vanishing
    "LANG": "C.UTF-8",
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
}


class CrewRuntime:
    """`command` is the program that is run."""

    def __init__(self, surroundings: Surroundings, *, limits: Limits | None = None) -> None:
        self.surroundings = surroundings
        self.limits = limits or Limits(cpu_seconds=240)
        self.command = [python(), "-s", "-B", "-m", "apps.agents.crew"]

    def start(
        self,
        packet: Mapping[str, Any],
        tree: Mapping[str, bytes],
        *,
        on_event: Callable[[Event], None],
        stop: Callable[[], bool],
    ) -> Result:
        scratch = self.surroundings.scratch
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        workdir = Path(tempfile.mkdtemp(prefix="attempt-", dir=scratch))
        try:
            return self._in(workdir, packet, tree, on_event, stop)
        except IsolationRefused as error:
            return Result(outcome="failed", error=str(error))
        except CollectError as error:
            return Result(outcome="failed", error=f"What the agent left behind is not taken in: {error}")
        finally:
            remove_tree(workdir)

    def _in(
        self,
        workdir: Path,
        packet: Mapping[str, Any],
        tree: Mapping[str, bytes],
        on_event: Callable[[Event], None],
        stop: Callable[[], bool],
    ) -> Result:
        before = fill(workdir, tree)
        listener = _Listener(on_event)
        outcome = run(
            self.command,
            workdir=workdir,
            readonly=SHOWN,
            timeout_seconds=self.surroundings.timeout_seconds,
            limits=self.limits,
            stdin=json.dumps(packet).encode(),
            env=ENVIRONMENT,
            on_line=listener.line,
            stop=stop,
            allow_unisolated=self.surroundings.allow_unisolated,
        )
        if error := _error(outcome, listener):
            return Result(outcome="failed", error=error, isolated=outcome.isolated)
        if listener.last["type"] == "task.needs_decomposition":
            return Result(
                outcome="waiting",
                summary=str(listener.last["reason"]),
                parts=tuple(listener.last["tasks"]),
                isolated=outcome.isolated,
            )
        harvest = collect(workdir, before)
        return Result(
            outcome="succeeded",
            tree=harvest.files,
            deleted=harvest.deleted,
            summary=str(listener.last.get("summary", "")),
            claims=tuple(listener.last.get("claims", ())),
            isolated=outcome.isolated,
        )


class _Listener:
    """Passes on what is an event, counts what is not, keeps the last word."""

    def __init__(self, on_event: Callable[[Event], None]) -> None:
        self.on_event = on_event
        self.last: Event = {}
        self.count = 0
        self.refused: list[str] = []

    def line(self, line: bytes) -> None:
        if not line.strip() or self.count >= MOST_EVENTS or self.last:
            return
        self.count += 1
        try:
            event = event_from(line)
        except BadEvent as error:
            self.refused.append(str(error))
            return
        if event["type"] in LAST_WORDS:
            self.last = event
        self.on_event(event)


KILLED = {
    "time": "The attempt took longer than it may and was ended.",
    "stopped": "The attempt was ended because it is no longer wanted.",
    "output": "The attempt wrote more than it may and was ended.",
    "memory": "The attempt needed more memory than it may and was ended.",
    "processes": "The attempt started more processes than it may and was ended.",
    "disk": "The attempt left more data than it may and was ended.",
}


def _error(outcome: Outcome, listener: _Listener) -> str:
    """Why the attempt failed, for a person; empty when it did not."""
    if outcome.killed_reason:
        return KILLED[outcome.killed_reason]
    if listener.last.get("type") == "task.failed":
        return str(listener.last.get("reason") or "The agent failed without saying why.")
    tail = outcome.stderr[-500:].decode("utf-8", "replace").strip()
    if outcome.returncode != 0:
        return f"The agent ended with code {outcome.returncode}. {tail}".strip()
    if not listener.last:
        refused = f" {len(listener.refused)} lines were no events: {listener.refused[0]}" if listener.refused else ""
        return f"The agent ended without saying that it had completed.{refused}"
    return ""
