"""The method library as pages show it: tasks with their methods in words, versions, and a draft with its findings."""

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from apps.accounts.models import Person
from apps.agents.selectors import capabilities_known
from apps.dashboard.pages.controls import refusal
from apps.engine.facts import KINDS
from apps.engine.methods import PHASES, Compound, Library, Method, Primitive
from apps.goals.models import Goal
from apps.planning.library import InvalidLibrary, load_library
from apps.planning.library.reader import Problem
from apps.planning.library.soundness import summary_of
from apps.planning.models import MethodLibrary

VERSIONS = 50
GOALS = 50
LONGEST_DIFF = 400


@dataclass(frozen=True)
class StepShown:
    """One step of a method: a link to the task it names, and for a primitive what it needs."""

    name: str
    title: str
    each: str
    capability: str
    missing: bool


@dataclass(frozen=True)
class MethodShown:
    method: Method
    when: tuple[str, ...]
    chooses: tuple[str, ...]
    steps: tuple[StepShown, ...]


@dataclass(frozen=True)
class TaskShown:
    """``level`` is how far it lies below the root."""

    task: Compound
    methods: tuple[MethodShown, ...]
    level: int


@lru_cache(maxsize=4)
def _loaded(content: str) -> Library | None:
    try:
        return load_library(content)
    except InvalidLibrary:
        return None


def whole(version: MethodLibrary, person: Person) -> dict[str, Any]:
    """One version, readable; the list of all; what this person may do. A fixed number of queries."""
    library = _loaded(version.content)
    able = set(capabilities_known())
    rows = list(MethodLibrary.objects.select_related("changed_by").defer("content").order_by("-version")[:VERSIONS])
    active = next((row for row in rows if row.active), None)
    return {
        "version": version,
        "library": library,
        "figures": summary_of(library) if library else {},
        "tasks": list(tasks(library, able)) if library else [],
        "primitives": list(primitives(library, able)) if library else [],
        "empty": list(_empty(library)) if library else [],
        "versions": rows,
        "active": active,
        "edit_why_not": refusal(person, "library.edit"),
        "diff": against(active, version) if active and active.pk != version.pk else None,
    }


def tasks(library: Library, able: Collection[str]) -> Iterator[TaskShown]:
    """Compound tasks in the order in which the root's methods come to them; then those that nothing leads to."""
    seen: set[str] = set()
    waiting = [(library.root, 0)]
    while waiting:
        name, level = waiting.pop(0)
        task = library.compounds.get(name)
        if task is None or name in seen:
            continue
        seen.add(name)
        yield TaskShown(task, tuple(_method(library, one, able) for one in task.methods), level)
        waiting = [(step.task, level + 1) for method in task.methods for step in method.steps] + waiting
    for name in library.compounds:
        if name not in seen:
            one = library.compounds[name]
            yield TaskShown(one, tuple(_method(library, each, able) for each in one.methods), -1)


def _method(library: Library, method: Method, able: Collection[str]) -> MethodShown:
    steps = []
    for step in method.steps:
        primitive = library.primitives.get(step.task)
        task = library.compounds.get(step.task) or primitive
        capability = primitive.capability if primitive else ""
        missing = bool(capability) and capability not in able
        steps.append(StepShown(step.task, task.title if task else step.task, step.for_each, capability, missing))
    chooses = tuple(f"{name}: {value}" for name, value in method.chooses.items())
    return MethodShown(method, tuple(str(one) for one in method.when), chooses, tuple(steps))


def primitives(library: Library, able: Collection[str]) -> Iterator[dict[str, Any]]:
    """By phase, then as the library has them."""
    rows: list[tuple[str, Primitive]] = sorted(library.primitives.items(), key=lambda pair: pair[1].phase)
    for name, one in rows:
        yield {"name": name, "primitive": one, "phase": PHASES[one.phase], "missing": one.capability not in able}


def _empty(library: Library) -> Iterator[dict[str, Any]]:
    for kind in KINDS:
        for phase, why in sorted(library.phase_without_tasks.get(kind, {}).items()):
            yield {"kind": kind.replace("_", " "), "phase": phase, "why": why}


def against(active: MethodLibrary, other: MethodLibrary) -> dict[str, Any]:
    """The lines in which ``other`` differs from the active version; shortened where they are too many."""
    now = MethodLibrary.objects.values_list("content", flat=True).get(pk=active.pk)
    return _diff(now, other.content, f"version {other.version} against version {active.version}")


def _diff(before: str, after: str, path: str) -> dict[str, Any]:
    """What ``components/diff.html`` shows: one file with its lines, shortened where they are too many."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[dict[str, Any]] = []
    added = removed = 0
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(2):
        lines.append({"kind": "hunk", "text": f"from line {group[0][3] + 1}"})
        for tag, first, last, start, stop in group:
            if tag == "equal":
                lines += [
                    {"kind": "same", "old": n + 1, "new": start + n - first + 1, "text": old[n]}
                    for n in range(first, last)
                ]
                continue
            lines += [{"kind": "removed", "old": n + 1, "text": old[n]} for n in range(first, last)]
            lines += [{"kind": "added", "new": n + 1, "text": new[n]} for n in range(start, stop)]
            removed, added = removed + last - first, added + stop - start
    more = max(0, len(lines) - LONGEST_DIFF)
    return {"files": [{"path": path, "added": added, "removed": removed, "lines": lines[:LONGEST_DIFF]}], "more": more}


def draft(active: MethodLibrary, person: Person, *, content: str, base: int, given: dict[str, Any]) -> dict[str, Any]:
    """The editor: the text as it was left, and goals to try it on."""
    goals = Goal.objects.exclude(status="draft").order_by("-created_at").only("id", "title")[:GOALS]
    changed = content.replace("\r\n", "\n") != active.content
    return {
        "active": active,
        "content": content,
        "base": base,
        "goals": list(goals),
        "diff": _diff(active.content, content.replace("\r\n", "\n"), f"your draft against version {active.version}")
        if changed
        else None,
        "kinds": [kind.replace("_", " ") for kind in KINDS],
        **given,
    }


def grouped(problems: Collection[Problem]) -> dict[str, list[Problem]]:
    """What keeps the text from being saved, and what is only said."""
    return {
        "errors": [one for one in problems if not one.warning],
        "warnings": [one for one in problems if one.warning],
    }
