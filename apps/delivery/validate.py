"""`ValidateCompletion`: is everything there that was promised, asked and agreed? Pure; the caller brings the facts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.core.disclosures import disclosures
from apps.delivery import reading
from apps.delivery.reading import Unreadable
from apps.gates.results import CheckResult

_DONE = {"completed", "skipped", "cancelled"}
_MARKERS = re.compile(rb"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)
_UNFINISHED = re.compile(rb"^\s*raise NotImplementedError\b", re.MULTILINE)
# A word that the brief itself uses is the subject of the work, not a gap in it: think of a to-do list.
_PLACEHOLDERS = (
    "lorem ipsum",
    "TODO:",
    "FIXME",
    "TBD",
    "XXX:",
    "to be written",
    "insert text here",
    "placeholder text",
)
_MOST = 50


@dataclass(frozen=True, slots=True)
class PromisedTask:
    """A task of the active plan: what it was to produce, and where it stands."""

    key: str
    title: str
    status: str
    produces: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CompletionFacts:
    """What is validated. `files`: the workspace tree with contents; `sentences`: numbers of those of the brief that ask
    for something; `additions`: what was added to the brief since; `ticked`: manual requirements a person has ticked;
    `declined_agreed`: QG-PHASE1 has passed.
    """

    brief: bytes
    tasks: Sequence[PromisedTask]
    files: Mapping[str, bytes]
    sentences: Sequence[int] = ()
    ticked: frozenset[int] = field(default=frozenset())
    declined_agreed: bool = True
    additions: bytes = b""


def validate_completion(facts: CompletionFacts) -> list[CheckResult]:
    """Every check of completion, in the order in which people should read them. Never raises for what agents wrote."""
    checks: tuple[tuple[str, Callable[[CompletionFacts], CheckResult]], ...] = (
        ("tasks-finished", _tasks),
        ("artifacts-promised", _artifacts),
        ("brief-unchanged", _brief),
        ("requirements-traced", _traced),
        ("requirements-answered", _answered),
        ("acceptance-answered", _accepted),
        ("no-conflict-markers", _no_markers),
        ("no-secrets", _no_secrets),
        ("no-unfinished-code", _no_unfinished),
        ("placeholder-words", _placeholders),
    )
    return [_guarded(name, check, facts) for name, check in checks]


def _guarded(name: str, check: Callable[[CompletionFacts], CheckResult], facts: CompletionFacts) -> CheckResult:
    try:
        return check(facts)
    except Unreadable as error:
        return _failed(name, str(error))


def _tasks(facts: CompletionFacts) -> CheckResult:
    name = "tasks-finished"
    open_tasks = [task.title for task in facts.tasks if task.status not in _DONE]
    if open_tasks:
        return _failed(name, f"Not finished: {_listed(open_tasks)}.", tasks=open_tasks[:_MOST])
    return _passed(name, f"All {len(facts.tasks)} tasks are completed, skipped or cancelled.")


def _artifacts(facts: CompletionFacts) -> CheckResult:
    name = "artifacts-promised"
    promised = [path for task in facts.tasks if task.status == "completed" for path in task.produces]
    missing = sorted({path for path in promised if path not in facts.files})
    empty = sorted({path for path in promised if facts.files.get(path) == b"" and not path.endswith("__init__.py")})
    if missing or empty:
        sentence = (
            f"Promised, and missing: {_listed(missing)}." if missing else f"Promised, and empty: {_listed(empty)}."
        )
        return _failed(name, sentence, missing=missing[:_MOST], empty=empty[:_MOST])
    return _passed(name, f"All {len(set(promised))} promised artifacts are there.")


def _brief(facts: CompletionFacts) -> CheckResult:
    if facts.files.get("strategic_prompt.txt") != facts.brief:
        return _failed("brief-unchanged", "strategic_prompt.txt is not the brief that was submitted, byte for byte.")
    return _passed("brief-unchanged", "strategic_prompt.txt is the brief, byte for byte.")


def _requirements(facts: CompletionFacts) -> dict[int, Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    for row in reading.rows(reading.document(facts.files, reading.REQUIREMENTS), "requirements"):
        number = reading.whole(row.get("number"))
        if number is None or number in found:
            raise Unreadable(f"{reading.REQUIREMENTS}: each requirement needs a number of its own.")
        found[number] = row
    if not found:
        raise Unreadable(f"{reading.REQUIREMENTS} names not a single requirement.")
    return found


def _traced(facts: CompletionFacts) -> CheckResult:
    name = "requirements-traced"
    requirements = _requirements(facts)
    untraced = [number for number, row in requirements.items() if not reading.wholes(row.get("sentences"))]
    told = {sentence for row in requirements.values() for sentence in reading.wholes(row.get("sentences"))}
    unheard = sorted(set(facts.sentences) - told)
    if untraced:
        return _failed(
            name, f"Traced to no sentence of the brief: {_numbers(untraced)}.", requirements=untraced[:_MOST]
        )
    if unheard:
        words = f"Sentences that ask for something and have no requirement: {_listed(map(str, unheard))}."
        return _failed(name, words, sentences=unheard[:_MOST])
    return _passed(name, f"{len(requirements)} requirements are traced to sentences, and no request is left out.")


def _answered(facts: CompletionFacts) -> CheckResult:
    name = "requirements-answered"
    requirements = _requirements(facts)
    tests = traced_tests(facts.files)
    open_ones = {
        number: why for number, row in requirements.items() if (why := _open(number, row, tests.get(number, ()), facts))
    }
    if open_ones:
        first, why = next(iter(open_ones.items()))
        more = f" {len(open_ones) - 1} more are open." if len(open_ones) > 1 else ""
        return _failed(name, f"R{first} {why}.{more}", open={f"R{key}": words for key, words in open_ones.items()})
    return _passed(name, f"All {len(requirements)} requirements are tested, ticked or declined.")


def _open(number: int, row: Mapping[str, Any], tests: Sequence[str], facts: CompletionFacts) -> str:
    kind = row.get("kind")
    if kind == "declined":
        return "" if facts.declined_agreed else "is declined, and nobody has agreed to that yet"
    if kind == "manual":
        return "" if number in facts.ticked else "is to be ticked by a person, and is not"
    if kind != "testable":
        return "is neither testable nor manual nor declined"
    if not tests:
        return "is testable, and no test is named for it"
    missing = [test for test in tests if test.partition("::")[0] not in facts.files]
    return f"is said to be tested by {missing[0][:80]}, which is not in the workspace" if missing else ""


def traced_tests(files: Mapping[str, bytes]) -> dict[int, tuple[str, ...]]:
    """Tests by requirement number, from acceptance and coverage; empty for what can't be read."""
    found: dict[int, list[str]] = {}
    for path, key, column in ((reading.ACCEPTANCE, "acceptance", "test"), (reading.COVERAGE, "requirements", "tests")):
        try:
            listed = reading.rows(reading.document(files, path), key)
        except Unreadable:
            continue
        for row in listed:
            number = reading.whole(row.get("requirement"))
            tests = [test for test in reading.texts(row.get(column)) if test != "manual"]
            if number is not None:
                found.setdefault(number, []).extend(test for test in tests if test not in found[number])
    return {number: tuple(tests) for number, tests in found.items()}


def _accepted(facts: CompletionFacts) -> CheckResult:
    name = "acceptance-answered"
    requirements = _requirements(facts)
    criteria = reading.rows(reading.document(facts.files, reading.ACCEPTANCE), "acceptance")
    covered = {reading.whole(row.get("requirement")) for row in criteria}
    without = [n for n, row in requirements.items() if row.get("kind") != "declined" and n not in covered]
    if without:
        return _failed(name, f"Without an acceptance criterion: {_numbers(without)}.", requirements=without[:_MOST])
    integration = reading.document(facts.files, reading.INTEGRATION)
    if integration.get("passed") is not True:
        return _failed(name, f"{reading.INTEGRATION} does not say that the tests passed.")
    failing = [
        str(row.get("file"))[:120] for row in reading.rows(integration, "files") if row.get("passed") is not True
    ]
    if failing:
        return _failed(name, f"Tests fail in {_listed(failing)}.", files=failing[:_MOST])
    coverage = reading.rows(reading.document(facts.files, reading.COVERAGE), "requirements")
    proven = {reading.whole(row.get("requirement")) for row in coverage if row.get("fails_without_it") is True}
    unproven = [n for n, row in requirements.items() if row.get("kind") == "testable" and n not in proven]
    if unproven:
        words = f"No test is known to fail without {_numbers(unproven)}."
        return _failed(name, words, requirements=unproven[:_MOST])
    return _passed(name, f"{len(criteria)} acceptance criteria are answered by tests that ran, or by people.")


def _no_markers(facts: CompletionFacts) -> CheckResult:
    found = [_place(path, data, hit) for path, data in _own(facts) if (hit := _marker(data))]
    if found:
        return _failed("no-conflict-markers", f"A merge was left unresolved in {_listed(found)}.", places=found[:_MOST])
    return _passed("no-conflict-markers", "No file has conflict markers.")


def _marker(data: bytes) -> re.Match[bytes] | None:
    # A row of equals signs underlines headings; it counts only between the other two.
    found = list(_MARKERS.finditer(data)) if b"<<<<<<< " in data and b">>>>>>> " in data else []
    return next((hit for hit in found if hit.group().startswith(b"<")), None)


def _no_secrets(facts: CompletionFacts) -> CheckResult:
    found = [f"{what} in {path}:{line}" for path, what, line in disclosures(_own(facts))]
    if found:
        return _failed("no-secrets", f"Looks like a secret: {_listed(found)}.", places=found[:_MOST])
    return _passed("no-secrets", f"None of {len(facts.files)} files holds what looks like a secret.")


def _no_unfinished(facts: CompletionFacts) -> CheckResult:
    code = [(path, data) for path, data in _own(facts) if path.endswith(".py")]
    found = [_place(path, data, hit) for path, data in code if (hit := _UNFINISHED.search(data))]
    if found:
        return _failed("no-unfinished-code", f"Code that was never written: {_listed(found)}.", places=found[:_MOST])
    return _passed("no-unfinished-code", f"No gap was found in {len(code)} files of code.")


def _placeholders(facts: CompletionFacts) -> CheckResult:
    name = "placeholder-words"
    asked = (facts.brief + facts.additions).lower()
    words = [word.encode() for word in _PLACEHOLDERS if word.rstrip(":").lower().encode() not in asked]
    pattern = re.compile(b"|".join(rb"(?<!\w)" + re.escape(word) for word in words) or rb"(?!)")
    found = [_place(path, data, hit) for path, data in _own(facts) if (hit := pattern.search(data))]
    if found:
        return CheckResult(
            name, "failed", f"Placeholder words in {_listed(found)}.", blocking=False, proof={"places": found[:_MOST]}
        )
    return CheckResult(name, "passed", "No placeholder words were found.", blocking=False)


def _own(facts: CompletionFacts) -> list[tuple[str, bytes]]:
    """What agents wrote, without the brief: people may write what they like."""
    return [(path, data) for path, data in sorted(facts.files.items()) if path != "strategic_prompt.txt"]


def _place(path: str, data: bytes, hit: re.Match[bytes]) -> str:
    return f"{path}:{data.count(bytes([10]), 0, hit.start()) + 1}"


def _passed(name: str, sentence: str, **proof: Any) -> CheckResult:
    return CheckResult(name, "passed", sentence, proof=proof)


def _failed(name: str, sentence: str, **proof: Any) -> CheckResult:
    return CheckResult(name, "failed", sentence, proof=proof)


def _numbers(numbers: Sequence[int]) -> str:
    return _listed(f"R{number}" for number in numbers)


def _listed(names: Any, most: int = 5) -> str:
    found = [str(name)[:160] for name in names]
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")
