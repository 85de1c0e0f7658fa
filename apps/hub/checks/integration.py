"""QG-PHASE6: does it hold together?"""

from collections.abc import Mapping
from typing import Any

from apps.gates.results import CheckResult
from apps.hub.checks.material import Material
from apps.hub.checks.reading import Unreadable, document, entries, failed, listed, not_run, passed, whole, words

INTEGRATION, COVERAGE = "reports/integration.json", "reports/coverage.json"
REQUIREMENTS = "requirements/requirements.json"


def checks(material: Material) -> list[CheckResult]:
    return [end_to_end(material), requirements_tested(material), manual_ticked(material)]


def end_to_end(material: Material) -> CheckResult:
    """The report of the end-to-end run says that tests ran and passed."""
    name = "end-to-end"
    read = document(material, INTEGRATION)
    if isinstance(read, Unreadable):
        return not_run(name, f"No result of an end-to-end run: {read.sentence}")
    tests = whole(read.get("tests")) or 0
    if read.get("passed") is not True:
        return failed(name, f"The end-to-end tests do not pass. {words(read.get('output'), 200)}".strip())
    if tests < 1:
        return failed(name, "The end-to-end run did not run a single test.")
    return passed(name, f"{tests} tests of the whole passed.", tests=tests, command=words(read.get("command")))


def requirements_tested(material: Material) -> CheckResult:
    """Each testable requirement has a test that was seen to fail without the feature."""
    name = "requirements-tested"
    requirements, coverage = document(material, REQUIREMENTS), document(material, COVERAGE)
    if isinstance(requirements, Unreadable):
        return failed(name, requirements.sentence)
    if isinstance(coverage, Unreadable):
        return not_run(name, f"Nobody looked which test covers which requirement: {coverage.sentence}")
    testable = {
        number
        for one in entries(requirements, "requirements")
        if one.get("kind") == "testable" and (number := whole(one.get("number"))) is not None
    }
    covered = {whole(one.get("requirement") or one.get("number")): one for one in entries(coverage, "requirements")}
    without = sorted(number for number in testable if number not in covered or not _tests(covered[number]))
    if without:
        return failed(name, f"Requirements without a test: {listed(without)}.", requirements=without)
    unproven = sorted(number for number in testable if not _proven(covered[number]))
    if unproven:
        return failed(
            name, f"Their tests were not seen to fail without the feature: {listed(unproven)}.", requirements=unproven
        )
    return passed(
        name,
        f"Each of {len(testable)} testable requirements has a test that fails without it.",
        requirements=sorted(testable),
    )


def _tests(entry: Mapping[str, Any]) -> bool:
    found = entry.get("tests")
    return bool(words(entry.get("test"))) or (isinstance(found, list) and any(words(one) for one in found))


def _proven(entry: Mapping[str, Any]) -> bool:
    return any(entry.get(key) is True for key in ("fails_without", "fails_without_it"))


def manual_ticked(material: Material) -> CheckResult:
    """A person has ticked each manual requirement."""
    name = "manual-ticked"
    manual = [one for one in material.requirements if one.kind == "manual"]
    left = [one for one in manual if not one.ticked]
    if left:
        first = f"{left[0].number}. {words(left[0].text, 120)}"
        sentence = f"{len(left)} of {len(manual)} manual requirements wait for a person's tick: {first}"
        return failed(name, sentence, requirements=[one.number for one in left])
    return passed(name, f"{len(manual)} manual requirements are ticked.", requirements=[one.number for one in manual])
