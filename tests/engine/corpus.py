"""Briefs of very different kinds with what must and must not be in their plans: read from files, or made here where a
file would be nothing but repetition."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.engine.planner import Settings
from apps.engine.work import Worker
from apps.planning.library import load_library

FOLDER = Path(__file__).parent / "briefs" / "corpus"
LIBRARY = load_library()
LIMIT = 200 * 1024


@dataclass(frozen=True)
class Brief:
    """``must`` are keys of tasks, ``must_not`` parts of keys, capabilities and paths. ``slow``: 200 KB."""

    name: str
    title: str
    text: str
    kind: str
    language: str
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    asked: tuple[str, ...]
    choices: dict[str, str] = field(default_factory=dict)
    slow: bool = False


def crew() -> tuple[Worker, ...]:
    """Agents like those of an installation: for each capability one, who can do two things at once."""
    return tuple(Worker(f"agent-{number}", frozenset({name}), 2) for number, name in enumerate(LIBRARY.capabilities()))


SETTINGS = Settings(workers=crew())


def _read(path: Path) -> Brief:
    wanted: dict[str, Any] = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    lists: dict[str, Any] = {name: tuple(wanted.pop(name)) for name in ("must", "must_not", "asked")}
    text = path.read_text(encoding="utf-8")
    return Brief(path.stem, path.stem.replace("-", " ").capitalize(), text, **lists, **wanted)


def _filled(unit: str) -> str:
    return unit * ((LIMIT - 40) // len(unit))


_HOSTILE = ("writing.", "event-part", "process-part", "\x00", "\u202e", "\u2066", "\x1b", "\x07")
_NOTES = ("feature-add-note",)
MADE = (
    Brief(
        "controls",
        "Notes\u202e\u2066 of ours",
        "A web app.\x00 Users can add\u202e a note with a title\x07 and a text.\u2069 Users can\x1b[31m delete a note.",
        "web_application", "en", (*_NOTES, "feature-delete-note"), _HOSTILE, ("storage", "pages"),
    ),
    Brief(
        "one-word", "Report", _filled("tomato "), "web_application", "en", ("assemble-service",), _HOSTILE,
        ("kind", "storage"), slow=True,
    ),
    Brief(
        "repetition", "Notes", "A web app. " + _filled("Users can add a note with a title and a text. "),
        "web_application", "en", _NOTES, (*_HOSTILE, "-2"), ("storage",), slow=True,
    ),
    Brief(
        "endless-list", "Things", "A web app.\n" + _filled("- add a thing (((((((( with a name\n"),
        "web_application", "en", ("feature-add-thing",), (*_HOSTILE, "-2"), ("storage",), slow=True,
    ),
)  # fmt: skip
BRIEFS = {brief.name: brief for brief in (*(_read(path) for path in sorted(FOLDER.glob("*.txt"))), *MADE)}
HOSTILE = ("injection", "markup", "contradictions", *(brief.name for brief in MADE))
