"""One attempt from the inside: the tree, the packet, what was written, what is claimed."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from apps.agents.crew.domain import Domain
from apps.agents.crew.feedback import Action, actions_from
from apps.agents.crew.packet import BadPacket, Packet, strict_json
from apps.agents.crew.reading import domain_from

TEST_SECONDS = 90


class CannotDo(Exception):
    """The task cannot be fulfilled; the sentence says why and becomes the reason of the failure."""


class Work:
    """What a capability's function gets: reads and writes by path in the tree, facts, choices, claims."""

    def __init__(self, packet: Packet, root: Path, progress: Callable[[int, str], None]) -> None:
        self.packet, self.root, self.progress = packet, root, progress
        self.actions: list[Action] = [action for item in packet.feedback for action in actions_from(item)]
        self.claims: list[str] = []
        self.written: list[str] = []
        self._domain: Domain | None = None

    @property
    def domain(self) -> Domain:
        if self._domain is None:
            self._domain = domain_from(self.packet.facts, self.amendments())
        return self._domain

    @property
    def facts(self) -> dict[str, Any]:
        return self.packet.facts

    def amendments(self) -> list[dict[str, str]]:
        """What people's feedback added to the facts: kept in the requirements, and asked for in this packet."""
        kept = self.document("requirements/requirements.json").get("amendments", [])
        found = [item for item in kept if isinstance(item, dict)] if isinstance(kept, list) else []
        for action in self.actions:
            if action.amendment and action.amendment not in found:
                found.append(action.amendment)
        return found

    def listed(self, name: str) -> list[dict[str, Any]]:
        value = self.facts.get(name)
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    def produces(self, ending: str, default: str) -> str:
        """The promised path that ends so, or the default of the method library."""
        for path in self.packet.produces:
            if path.endswith(ending):
                return path
        return default

    def path(self, name: str) -> Path:
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts:
            raise CannotDo(f"'{name}' is no path of this workspace.")
        return self.root / pure

    def has(self, name: str) -> bool:
        return self.path(name).is_file()

    def text(self, name: str, default: str = "") -> str:
        try:
            return self.path(name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return default

    def document(self, name: str) -> dict[str, Any]:
        """A JSON object of the tree, or an empty one when it is missing or is none."""
        if not self.has(name):
            return {}
        try:
            value = strict_json(self.path(name).read_bytes())
        except BadPacket:
            return {}
        return value if isinstance(value, dict) else {}

    def files(self, pattern: str) -> list[str]:
        found = (path for path in self.root.glob(pattern) if path.is_file() and not path.is_symlink())
        return sorted(path.relative_to(self.root).as_posix() for path in found if "__pycache__" not in path.parts)

    def write(self, name: str, text: str) -> None:
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
        if name.endswith(".sh"):
            target.chmod(0o755)
        if name not in self.written:
            self.written.append(name)

    def write_json(self, name: str, document: Any) -> None:
        self.write(name, json.dumps(document, ensure_ascii=False, indent=2))

    def claim(self, sentence: str) -> None:
        self.claims.append(sentence)

    def python(self, arguments: Sequence[str], *, cwd: Path | None = None, seconds: int = TEST_SECONDS) -> "Ran":
        """Runs this Python on the tree in a process of its own; too long is a failure, not an exception."""
        try:
            done = subprocess.run(
                [sys.executable, "-B", *arguments],
                cwd=cwd or self.root,
                env={"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ran(-1, f"It took longer than {seconds} seconds.")
        return Ran(done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")[-6000:])


class Ran:
    def __init__(self, returncode: int, output: str) -> None:
        self.returncode, self.output = returncode, output

    @property
    def ok(self) -> bool:
        return self.returncode == 0
