"""``ValidateCompletion``: promised artifacts present, requirements traced, acceptance criteria answered."""

from collections.abc import Mapping
from typing import Any

from apps.gates.results import CheckResult
from apps.hub.checks.material import Material
from apps.hub.checks.reading import Unreadable, document, entries, failed, listed, passed, whole, words
from apps.hub.checks.requirements import ACCEPTANCE, REQUIREMENTS, sentences_traced

DONE = ("completed", "skipped", "cancelled")


def validate_completion(material: Material) -> CheckResult:
    """All that is wrong, the first of it in the sentence."""
    problems = [*_unfinished(material), *_absent(material), *_untraced(material), *_unanswered(material)]
    if problems:
        return failed("validate-completion", problems[0], problems=problems[:100])
    promised = sum(len(material.promised(phase)) for phase in range(1, 8))
    return passed(
        "validate-completion", f"All {promised} promised artifacts are there and every requirement is answered."
    )


def _unfinished(material: Material) -> list[str]:
    open_tasks = [task.title for task in material.tasks if task.kind == "work" and task.status not in DONE]
    return [f"Not done yet: {listed(open_tasks)}."] if open_tasks else []


def _absent(material: Material) -> list[str]:
    promised = sorted({path for phase in range(1, 8) for path in material.promised(phase)})
    missing = [path for path in promised if path not in material.files]
    return [f"Promised, but missing: {listed(missing)}."] if missing else []


def _untraced(material: Material) -> list[str]:
    trace = sentences_traced(material)
    return [] if trace.result == "passed" else [trace.sentence]


def _unanswered(material: Material) -> list[str]:
    requirements, acceptance = document(material, REQUIREMENTS), document(material, ACCEPTANCE)
    for read in (requirements, acceptance):
        if isinstance(read, Unreadable):
            return [read.sentence]
    answers = {whole(one.get("requirement")): one for one in entries(acceptance, "acceptance")}
    ticked = {one.number for one in material.requirements if one.ticked}
    open_ones = [
        number
        for one in entries(requirements, "requirements")
        if (number := whole(one.get("number"))) is not None
        and one.get("kind") != "declined"
        and not _answered(number, str(one.get("kind")), answers.get(number, {}), ticked, material)
    ]
    return [f"Requirements whose acceptance nobody answered: {listed(open_ones)}."] if open_ones else []


def _answered(number: int, kind: str, answer: Mapping[str, Any], ticked: set[int], material: Material) -> bool:
    """A manual requirement by a person's tick, a testable one by a test whose file is in the tree."""
    if kind == "manual":
        return number in ticked
    return words(answer.get("test")).partition("::")[0] in material.files
