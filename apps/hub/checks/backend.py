"""QG-PHASE4: does it do the work? Reviews ran the code; here it is only asked whether there is any."""

import ast

from apps.gates.results import CheckResult
from apps.hub.checks.material import Material
from apps.hub.checks.reading import failed, listed, passed

TEXT_KINDS = ("report", "static_site", "event", "process_change")


def checks(material: Material) -> list[CheckResult]:
    if material.goal_kind in TEXT_KINDS:
        return texts_written(material)
    return [code_parses(material)]


def code_parses(material: Material) -> CheckResult:
    """Every Python file of the tree is Python. Tests can't be believed where the code does not even parse."""
    paths = [path for path in sorted(material.files) if path.endswith(".py")]
    if not paths:
        return failed("code-parses", "There is no code.")
    broken = [path for path in paths if not _parses(material.files[path])]
    if broken:
        return failed("code-parses", f"Not Python: {listed(broken)}.", paths=broken)
    return passed("code-parses", f"{len(paths)} files are Python.")


def _parses(content: bytes) -> bool:
    try:
        ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def texts_written(material: Material) -> list[CheckResult]:
    """A report has no tests and no contract to run: its sections are there and say something."""
    promised = [path for path in material.promised() if path.endswith(".md")]
    thin = [path for path in promised if len(material.files.get(path, b"").split()) < 20]
    if thin or not promised:
        sentence = f"Too thin to review: {listed(thin)}." if thin else "No text was promised in this phase."
        return [failed("tests-pass", sentence), failed("contract-matches", sentence)]
    sentence = f"There is no code to test; {len(promised)} texts are there."
    return [passed("tests-pass", sentence, paths=promised), passed("contract-matches", sentence, paths=promised)]
