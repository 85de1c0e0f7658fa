"""Loading a method library from its folder, one file or a text."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from apps.engine.methods import PHASES, Compound, Library, Primitive
from apps.engine.templates import ATTRIBUTES, PLACEHOLDER, PLURALS
from apps.planning.library.reader import InvalidLibrary, Problem, Reader, kind_of
from apps.planning.library.schema import read_compound, read_primitive

DEFAULT_PATH = Path(__file__).parent
LONGEST = 1_000_000  # characters of one file
HEAD = ("name", "version", "root", "given", "phase_without_tasks")


def load_library(source: Path | str = DEFAULT_PATH) -> Library:
    """The library in a folder of YAML files, in one file, or in the text of one.

    Its digest is the SHA-256 of its content as canonical JSON: comments and layout don't change it.
    Raises InvalidLibrary with every problem found.
    """
    problems: list[Problem] = []
    documents = [(file, _parse(file, text, problems)) for file, text in _texts(source)]
    if problems:
        raise InvalidLibrary(problems)
    library = _Merged(problems).read(documents)
    if problems:
        raise InvalidLibrary(problems)
    return library


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


def _parse(file: str, text: str, problems: list[Problem]) -> Any:
    if len(text) > LONGEST:
        problems.append(Problem(file, "", "", f"it is longer than {LONGEST} characters"))
        return {}
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        problems.append(Problem(file, "", "", f"it is no YAML: {error}".replace("\n", " ")))
        return {}
    if not isinstance(data, dict):
        problems.append(Problem(file, "", "", f"a mapping is wanted, not {kind_of(data)}"))
        return {}
    return data


class _Loader(yaml.SafeLoader):
    """YAML's safe subset, where a key that stands twice in a mapping is an error rather than the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key != "<<" and key in seen and key_node.start_mark.line >= node.start_mark.line:
                raise yaml.MarkedYAMLError(problem=f"'{key}' stands twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


class _Merged:
    """The files put together, then checked as a whole."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.head: dict[str, Any] = {}
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
            self.head_file = file
        for name, data in reader.table("tasks").items():
            if self._is_new(name, file, reader):
                self.compounds[name] = read_compound(name, reader.inside(data, f"task '{name}'"))
        for name, data in reader.table("primitives").items():
            if self._is_new(name, file, reader):
                self.primitives[name] = read_primitive(name, reader.inside(data, f"primitive '{name}'"))
        reader.taken.update(HEAD)
        reader.done()

    def _is_new(self, name: str, file: str, reader: Reader) -> bool:
        if name in self.files:
            reader.note(name, f"the name is defined in {self.files[name]} already")
            return False
        self.files[name] = file
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
            for method in task.methods:
                for step in method.steps:
                    if step.task not in self.files:
                        place = f"method '{method.name}' of '{task.name}'"
                        text = f"the task '{step.task}' is not defined"
                        self.problems.append(Problem(self.files[task.name], place, "steps", text))
        for primitive in self.primitives.values():
            for field, template in _templates(primitive):
                for name, attribute in PLACEHOLDER.findall(template):
                    if not _can_fill(name, attribute, choices):
                        shown = f"{name}.{attribute}" if attribute else name
                        text = f"nothing fills '{{{shown}}}'"
                        place = f"primitive '{primitive.name}'"
                        self.problems.append(Problem(self.files[primitive.name], place, field, text))


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


def digest_of(documents: list[tuple[str, Any]]) -> str:
    """SHA-256 of the content, in hexadecimal. The files' names and order don't matter."""
    merged: dict[str, Any] = {}
    for _, document in documents:
        for key, value in document.items():
            merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    text = json.dumps(merged, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
