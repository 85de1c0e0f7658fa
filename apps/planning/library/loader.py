"""Loading a method library from its folder, one file or a text."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from apps.engine.methods import PHASES, Compound, Library, Primitive
from apps.engine.templates import ATTRIBUTES, PLACEHOLDER, PLURALS
from apps.planning.library.reader import InvalidLibrary, Problem, Reader
from apps.planning.library.schema import read_compound, read_primitive
from apps.planning.library.text import Marked, documents

DEFAULT_PATH = Path(__file__).parent
HEAD = ("name", "version", "root", "given", "phase_without_tasks")


def load_library(source: Path | str = DEFAULT_PATH) -> Library:
    """The library in a folder of YAML files, in one file, or in the text of one (of several parts between ``---``).

    Its digest is the SHA-256 of its content as canonical JSON: comments and layout don't change it.
    Raises InvalidLibrary with every problem found.
    """
    return read_library(source)[0]


def read_library(source: Path | str) -> tuple[Library, Mapping[str, int]]:
    """The library, and the line on which each of its tasks and primitives begins. Raises InvalidLibrary."""
    problems: list[Problem] = []
    parts = [(file, part) for file, text in _texts(source) for part in documents(file, text, problems)]
    if problems:
        raise InvalidLibrary(problems)
    merged = _Merged(problems)
    library = merged.read(parts)
    if problems:
        raise InvalidLibrary(problems)
    return library, merged.lines


def _texts(source: Path | str) -> Iterator[tuple[str, str]]:
    if isinstance(source, str):
        yield "library", source
    elif source.is_dir():
        files = sorted(source.glob("*.yaml"))
        if not files:
            raise InvalidLibrary([Problem(source.name, "", "", "the folder has no .yaml files")])
        for file in files:
            yield file.name, file.read_text(encoding="utf-8")
    else:
        yield source.name, source.read_text(encoding="utf-8")


class _Merged:
    """The files put together, then checked as a whole."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.head = Marked()
        self.lines: dict[str, int] = {}
        self.step_lines: dict[tuple[str, int], int] = {}
        self.head_file = "library"
        self.compounds: dict[str, Compound] = {}
        self.primitives: dict[str, Primitive] = {}
        self.files: dict[str, str] = {}

    def read(self, documents: list[tuple[str, Any]]) -> Library:
        for file, document in documents:
            self._read_file(file, document)
        reader = Reader(self.head, self.head_file, "", self.problems)
        library = Library(
            name=reader.text("name"),
            version=reader.text("version"),
            root=reader.text("root"),
            given=reader.texts("given", required=True),
            phase_without_tasks=self._reasons(reader),
            compounds=self.compounds,
            primitives=self.primitives,
            digest=digest_of(documents),
        )
        if library.root and library.root not in self.compounds:
            reader.note("root", f"the task '{library.root}' is not defined")
        self._check_names()
        return library

    def _read_file(self, file: str, document: dict[str, Any]) -> None:
        reader = Reader(document, file, "", self.problems)
        for field in HEAD:
            if field not in document:
                continue
            if field in self.head:
                reader.note(field, "another file says it already")
            self.head[field] = reader.raw(field)
            self.head.lines[field] = getattr(document, "lines", {}).get(field, 0)
            self.head_file = file
        tasks, primitives = reader.table("tasks"), reader.table("primitives")
        for name, data in tasks.items():
            if self._is_new(name, file, reader, tasks):
                self._steps_found(name, data)
                self.compounds[name] = read_compound(name, reader.inside(data, f"task '{name}'"))
        for name, data in primitives.items():
            if self._is_new(name, file, reader, primitives):
                self.primitives[name] = read_primitive(name, reader.inside(data, f"primitive '{name}'"))
        reader.taken.update(HEAD)
        reader.done()

    def _steps_found(self, name: str, data: Any) -> None:
        methods = data.get("methods") if isinstance(data, dict) else None
        for at, method in enumerate(methods if isinstance(methods, list) else []):
            lines = getattr(method, "lines", {})
            self.step_lines[name, at] = lines.get("steps", getattr(method, "line", 0))

    def _is_new(self, name: str, file: str, reader: Reader, table: Any) -> bool:
        if name in self.files:
            reader.inside(table, "").note(name, f"the name is defined in {self.files[name]} already")
            return False
        self.files[name] = file
        self.lines[name] = getattr(table, "lines", {}).get(name, 0)
        return True

    def _reasons(self, reader: Reader) -> dict[str, dict[int, str]]:
        reasons: dict[str, dict[int, str]] = {}
        for kind, phases in reader.table("phase_without_tasks").items():
            inner = reader.inside(phases, f"phase_without_tasks of '{kind}'")
            for phase, sentence in inner.data.items():
                if phase not in PHASES or not isinstance(sentence, str):
                    inner.note(str(phase), "a phase from 1 to 7 with a sentence is wanted")
                else:
                    reasons.setdefault(kind, {})[phase] = sentence
        return reasons

    def _check_names(self) -> None:
        """Every step names a task, and every placeholder something that can fill it."""
        choices = {name for task in self.compounds.values() for method in task.methods for name in method.chooses}
        for task in self.compounds.values():
            for at, method in enumerate(task.methods):
                for step in method.steps:
                    if step.task not in self.files:
                        place = f"method '{method.name}' of '{task.name}'"
                        text = f"the task '{step.task}' is not defined"
                        line = self.step_lines.get((task.name, at), 0)
                        self.problems.append(Problem(self.files[task.name], place, "steps", text, line))
        for primitive in self.primitives.values():
            for field, template in _templates(primitive):
                for name, attribute in PLACEHOLDER.findall(template):
                    if not _can_fill(name, attribute, choices):
                        shown = f"{name}.{attribute}" if attribute else name
                        text = f"nothing fills '{{{shown}}}'"
                        place = f"primitive '{primitive.name}'"
                        line = self.lines.get(primitive.name, 0)
                        self.problems.append(Problem(self.files[primitive.name], place, field, text, line))


def _templates(primitive: Primitive) -> Iterator[tuple[str, str]]:
    yield "title", primitive.title
    yield "description", primitive.description
    for field in ("consumes", "optional", "produces", "acceptance"):
        for template in getattr(primitive, field):
            yield field, template
    for template in primitive.parameters.values():
        yield "parameters", template


def _can_fill(name: str, attribute: str, choices: set[str]) -> bool:
    if attribute:
        return attribute in ATTRIBUTES.get(PLURALS.get(name, name), ())
    return name in choices


def digest_of(parts: list[tuple[str, Any]]) -> str:
    """SHA-256 of the content, in hexadecimal. The files' names and order don't matter."""
    merged: dict[str, Any] = {}
    for _, document in parts:
        for key, value in document.items():
            before = merged.get(key)
            both = isinstance(value, dict) and isinstance(before, dict)
            merged[key] = {**before, **value} if both and before is not None else value
    text = json.dumps(_plain(merged), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _plain(value: Any) -> Any:
    """With texts as keys, so that keys of several types can be put in an order."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
