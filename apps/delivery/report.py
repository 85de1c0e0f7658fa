"""The summary report of a deliverable, as Markdown and as one self-contained HTML page.

Both are rendered from the same plain data. The page has no script and fetches nothing; agents' words are escaped and
their invisible characters spelled out.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from apps.core.untrusted import reveal

_TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One requirement. `kind`: testable, manual or declined; `traces`: tests, or who ticked or agreed, in words."""

    number: int
    text: str
    kind: str
    sentences: tuple[int, ...]
    traces: tuple[str, ...]
    answered: bool


@dataclass(frozen=True, slots=True)
class GateLine:
    """How one gate passed: `decided_by` as 'name for group'; `marks`: solo, override; `at` in words."""

    code: str
    title: str
    outcome: str
    rounds: int
    decided_by: tuple[str, ...]
    at: str
    marks: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name, its value in words and units, and a sentence on what it means."""

    name: str
    value: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One group of files that was built: a path, who made it, for which task."""

    path: str
    task: str
    agent: str


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything the summary report says."""

    title: str
    goal_id: str
    kind: str
    outcome: str
    created: str
    brief: str
    approach: str = ""
    built: tuple[FileLine, ...] = ()
    not_built: tuple[str, ...] = ()
    requirements: tuple[RequirementLine, ...] = ()
    gates: tuple[GateLine, ...] = ()
    figures: tuple[Figure, ...] = ()
    costs: tuple[Figure, ...] = ()
    assumptions: tuple[str, ...] = ()
    open_points: tuple[str, ...] = ()
    audit: str = ""

    @property
    def answered(self) -> int:
        return sum(requirement.answered for requirement in self.requirements)


def html(data: ReportData) -> str:
    """The report as one page: light, dark and print; no script, no request."""
    engine = Engine(dirs=[str(_TEMPLATES)], autoescape=True)
    context = {"report": _revealed(asdict(data)), "answered": data.answered}
    return str(engine.get_template("delivery/summary.html").render(Context(context, use_l10n=False, use_tz=False)))


def markdown(data: ReportData) -> str:
    """The report as Markdown; every word from outside is escaped, so that it can't become structure."""
    lines = [f"# {_text(data.title)}", "", _text(data.outcome), ""]
    lines += [f"Goal `{data.goal_id}` · {_text(data.kind)} · {_text(data.created)}", ""]
    if data.approach:
        lines += ["## How it was reached", "", _text(data.approach), ""]
    lines += ["## What was asked", "", *(f"> {_text(line)}" for line in data.brief.strip().splitlines()), ""]
    lines += ["## What was built", "", *_table(("File", "Task", "Agent"), [_file(file) for file in data.built])]
    lines += ["## What was not built", "", *_bullets(data.not_built, "Nothing that was asked for is missing.")]
    lines += [f"## Requirements: {data.answered} of {len(data.requirements)} answered", ""]
    head = ("No.", "Requirement", "Kind", "Sentences", "Answered by")
    lines += _table(head, [_requirement(requirement) for requirement in data.requirements])
    lines += ["## Gates", "", *_table(("Gate", "Outcome", "Rounds", "Decided by", "When", "Marks"), _gates(data))]
    lines += ["## Conditions", "", *_bullets([words for gate in data.gates for words in gate.conditions], "None.")]
    for title, figures in (("Time", data.figures), ("Cost", data.costs)):
        rows = [(_cell(figure.name), _cell(figure.value), _cell(figure.meaning)) for figure in figures]
        lines += [f"## {title}", "", *_table(("Figure", "Value", "Meaning"), rows)]
    lines += ["## Assumptions", "", *_bullets(data.assumptions, "None.")]
    lines += ["## Open points", "", *_bullets(data.open_points, "None.")]
    lines += ["## Proof", "", _text(data.audit or "See manifest.json and gates.json."), ""]
    return "\n".join(lines)


def _file(file: FileLine) -> tuple[str, ...]:
    return (_cell(file.path), _cell(file.task), _cell(file.agent))


def _requirement(line: RequirementLine) -> tuple[str, ...]:
    traces = "; ".join(line.traces) or "not answered"
    sentences = ", ".join(str(number) for number in line.sentences)
    return (f"R{line.number}", _cell(line.text), _cell(line.kind), sentences, _cell(traces))


def _gates(data: ReportData) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for gate in data.gates:
        marks = ", ".join(f"**{_cell(mark)}**" for mark in gate.marks)
        people = _cell("; ".join(gate.decided_by))
        title = _cell(f"{gate.code} {gate.title}")
        rows.append((title, _cell(gate.outcome), str(gate.rounds), people, _cell(gate.at), marks))
    return rows


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return ["None.", ""]
    return [_row(head), _row(("---",) * len(head)), *(_row(row) for row in rows), ""]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _bullets(items: tuple[str, ...] | list[str], none: str) -> list[str]:
    return [*(f"- {_cell(item)}" for item in items), ""] if items else [none, ""]


def _text(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", reveal(words))


def _cell(words: str) -> str:
    return " ".join(_text(words).split())


def _revealed(value: Any) -> Any:
    if isinstance(value, str):
        return reveal(value)
    if isinstance(value, dict):
        return {key: _revealed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_revealed(item) for item in value]
    return value
