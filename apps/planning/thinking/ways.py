"""Ways that a model proposes, from typed data to methods of the library: checked by the reader that admins' files pass.

The model gives no points to its ways: risk and misfit are set here, never better than those of the ways beside it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import mean
from typing import Any

from apps.engine.conditions import Condition
from apps.engine.methods import Compound, Library, Method, Primitive
from apps.planning.library.reader import Problem, Reader
from apps.planning.library.schema import read_compound, read_primitive
from apps.planning.thinking.answers import SaidTask, SaidWay

LEAST_RISK = 0.1
MISFIT = 0.3
UNTRIED = "A model proposed this way, and no goal has been reached by it yet."
_PLACE = "your answer"
_BRACES = re.compile(r"[{}]")


@dataclass(frozen=True)
class Way:
    """A proposed method of the compound task ``of``, with the primitive tasks that it brings."""

    of: str
    method: Method
    primitives: Mapping[str, Primitive]


def way_of(library: Library, said: SaidWay, model: str) -> tuple[Way | None, list[str]]:
    """The way as the library's types, or what is wrong with its shape, in the words of the library's reader."""
    problems: list[Problem] = []
    primitives = {task.name: _primitive(task, problems) for task in said.tasks}
    method = _method(said, problems)
    words = [str(problem).removeprefix(f"{_PLACE}, ") for problem in problems]
    if len(primitives) < len(said.tasks):
        words.append("Two of the new tasks have the same name.")
    for name in primitives:
        if name in library.primitives or name in library.compounds:
            words.append(f"The task '{name}' is known already; a new task needs a name of its own.")
    if words or method is None:
        return None, words
    return Way(said.of, _scored(library.compounds[said.of], said, method, model), primitives), []


def extended(library: Library, ways: list[Way]) -> Library:
    """The library with the ways beside its own methods, as approaches that people see side by side."""
    compounds: dict[str, Compound] = dict(library.compounds)
    primitives: dict[str, Primitive] = dict(library.primitives)
    for way in ways:
        compound = compounds[way.of]
        compounds[way.of] = replace(compound, methods=(*compound.methods, way.method), distinguishes=True)
        primitives.update(way.primitives)
    return replace(library, compounds=compounds, primitives=primitives)


def _primitive(task: SaidTask, problems: list[Problem]) -> Primitive:
    data = task.model_dump(exclude={"name"})
    # Titles and sentences are shown as they are; only paths may have placeholders, which the reader checks.
    data["title"] = _BRACES.sub("", task.title)
    data["description"] = _BRACES.sub("", task.description)
    data["acceptance"] = [_BRACES.sub("", line) for line in task.acceptance]
    return read_primitive(task.name, Reader(data, _PLACE, f"task '{task.name}'", problems))


def _method(said: SaidWay, problems: list[Problem]) -> Method | None:
    steps: list[Any] = [
        {"task": step.task, "for_each": step.for_each} if step.for_each else step.task for step in said.steps
    ]
    method = {
        "name": said.name,
        "title": said.title,
        "summary": said.summary or said.title,
        "steps": steps,
        "assumptions": said.assumptions,
        "risks": said.risks,
        "when": [{"chosen": {choice: values}} for choice, values in said.only_with.items()],
    }
    reader = Reader({"title": said.title, "methods": [method]}, _PLACE, f"the way '{said.name}'", problems)
    compound = read_compound(said.of, reader)
    return compound.methods[0] if compound.methods else None


def _scored(compound: Compound, said: SaidWay, method: Method, model: str) -> Method:
    """With the points that symbols give it, and a choice of its own, so that people see it beside the others."""
    beside = compound.methods
    misfits = [one.misfit for one in beside if one.chooses]
    return replace(
        method,
        chooses={said.of: said.name},
        risk=max([LEAST_RISK, *(one.risk for one in beside)]),
        misfit=max(MISFIT, mean(misfits) if misfits else 0.0),
        risks=(*method.risks, UNTRIED),
        assumptions=(*method.assumptions, f"Proposed by {model}; checked by the planner."),
        fits=(),
    )


def only_with(method: Method) -> dict[str, tuple[str, ...]]:
    """The choices that a method asks for."""
    conditions: list[Condition] = [condition for condition in method.when if condition.op == "chosen"]
    return {name: values for condition in conditions for name, values in condition.value}
