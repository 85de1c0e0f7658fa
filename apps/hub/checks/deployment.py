"""QG-PHASE7: shall we ship?"""

from hashlib import sha256

from apps.gates.results import CheckResult
from apps.hub.checks.completion import validate_completion
from apps.hub.checks.material import Material
from apps.hub.checks.reading import Unreadable, document, entries, failed, listed, not_run, passed, words

ROLLBACK = "reports/rollback.json"


def checks(material: Material) -> list[CheckResult]:
    return [*validate_completion(material), rollback_tried(material), manifest_complete(material)]


def rollback_tried(material: Material) -> CheckResult:
    """Going back was rehearsed, and every step of it passed."""
    name = "rollback-tried"
    read = document(material, ROLLBACK)
    if isinstance(read, Unreadable):
        return not_run(name, f"Going back was not tried: {read.sentence}")
    steps = entries(read, "steps")
    bad = [words(step.get("step"), 120) or "unnamed" for step in steps if step.get("passed") is not True]
    if bad:
        return failed(name, f"Going back does not work: {listed(bad)}.", steps=bad)
    if read.get("tried") is not True or read.get("passed") is not True or not steps:
        return failed(name, "The report does not say that going back was tried and worked.")
    proof = [words(step.get("step"), 120) for step in steps[:30]]
    return passed(
        name, f"Going back was tried in {len(steps)} steps, all passed.", steps=proof, to=words(read.get("previous"))
    )


def manifest_complete(material: Material) -> CheckResult:
    """A trial manifest: each file of the tree is an accepted artifact with this digest, and none is missing."""
    name = "manifest-complete"
    digests = {path: sha256(content).hexdigest() for path, content in material.files.items()}
    missing = sorted(set(material.recorded) - set(digests))
    if missing:
        return failed(name, f"Accepted, but not in the tree: {listed(missing)}.", paths=missing)
    foreign = sorted(path for path, digest in digests.items() if material.recorded.get(path) != digest)
    if foreign or not digests:
        sentence = f"Nobody is known to have made this: {listed(foreign)}." if foreign else "The tree is empty."
        return failed(name, sentence, paths=foreign)
    return passed(name, f"All {len(digests)} files have their digest and their origin.", files=len(digests))
