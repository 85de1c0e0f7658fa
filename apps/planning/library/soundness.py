"""What the schema can't see: whether a library as a whole can plan, and what of it can never be used."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.engine.conditions import Condition
from apps.engine.facts import KINDS
from apps.engine.methods import Library, Method
from apps.engine.templates import PLACEHOLDER, PLURALS
from apps.planning.library.loader import read_library
from apps.planning.library.reader import InvalidLibrary, Problem


@dataclass(frozen=True)
class _Looked:
    """A library with the lines of its names, and the capabilities that agents have."""

    library: Library
    lines: Mapping[str, int]
    capabilities: Collection[str]

    def problem(self, name: str, field: str, text: str, *, warning: bool = True) -> Problem:
        is_task = name in self.library.compounds
        place = f"{'task' if is_task else 'primitive'} '{name}'" if name else ""
        return Problem("library", place, field, text, self.lines.get(name, 0), warning)


def soundness(library: Library, lines: Mapping[str, int], capabilities: Collection[str]) -> list[Problem]:
    """Problems first, then warnings, each by line.

    A problem: an input that nothing makes. Warnings: a capability that no agent has, an optional input that nothing
    makes, a task that no method leads to, a task that leads to itself, a kind of goal without a method, a choice that
    is asked for and never made, a sentence for a kind that there is not.
    """
    looked = _Looked(library, lines, capabilities)
    found = [
        *_inputs(looked),
        *_capabilities(looked),
        *_reached(looked),
        *_kinds(looked),
        *_choices(looked),
    ]
    return sorted(found, key=lambda one: (one.warning, one.line, one.place, one.text))


def _shape(template: str) -> str:
    """A path with its placeholders in the singular: ``{features.slug}`` reads what ``{feature.slug}`` writes."""

    def singular(match: re.Match[str]) -> str:
        name, attribute = match.group(1), match.group(2)
        attribute = attribute.removeprefix("entity_") if attribute and name in ("feature", "features") else attribute
        name = "entity" if (match.group(2) or "").startswith("entity_") else PLURALS.get(name, name)
        return f"{{{name}.{attribute}}}" if attribute else f"{{{name}}}"

    return PLACEHOLDER.sub(singular, template)


def _inputs(looked: _Looked) -> Iterator[Problem]:
    library = looked.library
    made = {_shape(path) for one in library.primitives.values() for path in one.produces} | set(library.given)
    patterns = [re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^{}]*\}", path)))) for path in made if "{" in path]
    for name, one in library.primitives.items():
        for field, paths in (("consumes", one.consumes), ("optional", one.optional)):
            for path in paths:
                shape = _shape(path)
                if shape not in made and not any(pattern.fullmatch(path) for pattern in patterns):
                    text = f"no task produces {path}"
                    yield looked.problem(name, field, text, warning=field == "optional")


def _capabilities(looked: _Looked) -> Iterator[Problem]:
    for name, one in looked.library.primitives.items():
        if one.capability not in looked.capabilities:
            text = f"no agent has the capability '{one.capability}': plans with it will wait for one"
            yield looked.problem(name, "capability", text)


def _reached(looked: _Looked) -> Iterator[Problem]:
    library = looked.library
    leads = {
        name: [step.task for method in task.methods for step in method.steps]
        for name, task in library.compounds.items()
    }
    seen: set[str] = set()
    waiting = [library.root]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += leads.get(name, [])
    for name in [*library.compounds, *library.primitives]:
        if name not in seen:
            yield looked.problem(name, "", f"no method leads to it from '{library.root}'")
    for name in library.compounds:
        if name in _below(name, leads):
            yield looked.problem(name, "", "it leads to itself: planning ends at the depth limit")


def _below(name: str, leads: Mapping[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(leads.get(name, []))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += leads.get(one, [])
    return seen


def _kinds(looked: _Looked) -> Iterator[Problem]:
    library = looked.library
    root = library.compounds.get(library.root)
    for kind in KINDS:
        if root and not any(_takes(method, kind) for method in root.methods):
            yield looked.problem(library.root, "", f"no method takes a goal of the kind {kind}")
    for kind in library.phase_without_tasks:
        if kind not in KINDS:
            yield looked.problem("", "phase_without_tasks", f"there is no kind '{kind}'")


def _takes(method: Method, kind: str) -> bool:
    return all(kind in condition.value for condition in method.when if condition.op == "kind")


def _choices(looked: _Looked) -> Iterator[Problem]:
    library = looked.library
    made: dict[str, set[str]] = {}
    for task in library.compounds.values():
        for method in task.methods:
            for name, value in method.chooses.items():
                made.setdefault(name, set()).add(value)
    for task_name, task in library.compounds.items():
        for method in task.methods:
            for wanted in (pair for condition in method.when for pair in _chosen(condition)):
                unknown = [value for value in wanted[1] if value not in made.get(wanted[0], set())]
                if unknown:
                    text = f"no method chooses {wanted[0]}: {', '.join(unknown)}"
                    yield looked.problem(task_name, f"when of {method.name}", text)


def _chosen(condition: Condition) -> Iterator[tuple[str, tuple[str, ...]]]:
    if condition.op == "chosen":
        yield from condition.value
    elif condition.op in ("any", "all"):
        for inner in condition.value:
            yield from _chosen(inner)
    elif condition.op == "not":
        yield from _chosen(condition.value)


def check_text(text: str, capabilities: Collection[str]) -> tuple[Library | None, list[Problem]]:
    """The library in a text, or nothing where it can't be used, with all that is to be said about it."""
    try:
        library, lines = read_library(text)
    except InvalidLibrary as error:
        return None, sorted(error.problems, key=lambda one: one.line)
    found = soundness(library, lines, capabilities)
    return (None if any(not one.warning for one in found) else library), found


def summary_of(library: Library) -> dict[str, Any]:
    """How much there is of what."""
    methods = sum(len(task.methods) for task in library.compounds.values())
    return {
        "tasks": len(library.compounds),
        "methods": methods,
        "primitives": len(library.primitives),
        "capabilities": len(library.capabilities()),
    }
