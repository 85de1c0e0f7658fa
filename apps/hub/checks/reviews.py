"""What the governance agents found: ``reviews/phase<n>/<name>.json``, read as claims of somebody untrusted."""

from collections.abc import Mapping
from typing import Any

from apps.core.strictjson import canonical
from apps.gates.results import RESULTS, CheckResult
from apps.hub.checks.material import Material
from apps.hub.checks.reading import Unreadable, document, entries, plain, words

MOST_CHECKS = 200
LARGEST_PROOF = 20_000
# The one result in which a gate asks for a whole review.
SUMMARIES: Mapping[str, str] = {
    "review.code": "code-quality",
    "review.security": "security-findings",
    "review.performance": "performance",
}
# Other words that reviewers use for the checks that gates ask for.
ALIASES: Mapping[str, str] = {
    "tests": "tests-pass",
    "tests pass": "tests-pass",
    "unit tests": "tests-pass",
    "contract": "contract-matches",
    "contract matches": "contract-matches",
    "accessibility": "pages-accessible",
    "pages accessible": "pages-accessible",
}


def results(material: Material) -> list[CheckResult]:
    """The checks of every review that was asked for; one that is missing or unreadable says so as 'not run'."""
    found: list[CheckResult] = []
    for capability in material.reviews:
        found += _of(material, capability)
    return found


def path_of(phase: int, capability: str) -> str:
    return f"reviews/phase{phase}/{capability.rpartition('.')[2]}.json"


def _of(material: Material, capability: str) -> list[CheckResult]:
    path, who = path_of(material.phase, capability), capability.rpartition(".")[2]
    absent = CheckResult(f"{who}-review", "not_run", "", blocking=False, source=capability)
    if path not in material.fresh_reviews:
        return [_with(absent, f"The {who} review did not come in time for this round.")]
    read = document(material, path)
    if isinstance(read, Unreadable):
        return [_with(absent, f"The {who} review can't be read. {read.sentence}")]
    listed = entries(read, "checks")[:MOST_CHECKS]
    if not listed:
        return [_with(absent, f"The {who} review names no checks.")]
    worst: dict[str, CheckResult] = {}
    for entry in listed:
        one = _result(entry, capability)
        # Two results of one name: the worse one counts, so that a failure can't be hidden behind a success.
        if one.name not in worst or _badness(one) > _badness(worst[one.name]):
            worst[one.name] = one
    summed = _summary(capability, list(worst.values()))
    return [*worst.values(), *([summed] if summed.name not in worst else [])]


def _summary(capability: str, found: list[CheckResult]) -> CheckResult:
    """The review in one result: what its blocking checks found, or all of them where the gate only wants to know."""
    name = SUMMARIES.get(capability, f"{capability.rpartition('.')[2]}-review")
    bad = [one for one in found if one.result == "failed" and one.blocking]
    ran = [one for one in found if one.result != "not_run"]
    if bad:
        return CheckResult(name, "failed", bad[0].sentence, blocking=False, source=capability)
    if not ran:
        return CheckResult(name, "not_run", "None of its checks could be run.", blocking=False, source=capability)
    minor = sum(one.result == "failed" for one in ran)
    words_of = (
        f"{len(ran)} checks ran, {minor} advisory ones failed." if minor else f"{len(ran)} checks ran and passed."
    )
    return CheckResult(name, "passed", words_of, blocking=False, source=capability)


def _with(result: CheckResult, sentence: str) -> CheckResult:
    return CheckResult(result.name, result.result, sentence, blocking=False, source=result.source)


def _badness(one: CheckResult) -> int:
    return ("passed", "not_run", "failed").index(one.result)


def _result(entry: Mapping[str, Any], capability: str) -> CheckResult:
    name = words(entry.get("name"), 60) or "unnamed"
    name = ALIASES.get(plain(name), "-".join(plain(name).split()) or "unnamed")
    result = entry.get("result")
    sentence = words(entry.get("sentence"), 1000) or "The review gives no sentence."
    proof = entry.get("proof")
    return CheckResult(
        name=name[:80],
        result=result if isinstance(result, str) and result in RESULTS else "not_run",
        sentence=sentence,
        blocking=entry.get("blocking") is True,
        proof={"tool": words(entry.get("tool"), 120), "claimed": _small(proof)},
        source=capability,
    )


def _small(proof: Any) -> Any:
    if not isinstance(proof, Mapping):
        return {}
    return proof if len(canonical(proof)) <= LARGEST_PROOF else {"left out": f"more than {LARGEST_PROOF} bytes"}
