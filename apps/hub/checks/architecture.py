"""QG-PHASE2: is this how we want it?"""

from apps.gates.results import CheckResult
from apps.hub.checks.material import Material
from apps.hub.checks.reading import Unreadable, document, failed, listed, passed, text

DECISIONS, THREATS, ESTIMATE = "docs/decisions.md", "architecture/threats.md", "architecture/estimate.json"


def checks(material: Material) -> list[CheckResult]:
    return [
        approaches_compared(material),
        decisions_recorded(material),
        threats_listed(material),
        estimate_present(material),
    ]


def approaches_compared(material: Material) -> CheckResult:
    """At least two approaches were scored, and exactly one of them is chosen."""
    name = "approaches-compared"
    scored = [one.name for one in material.approaches if one.scores]
    chosen = [one.name for one in material.approaches if one.chosen]
    if len(scored) < 2:
        return failed(name, f"Only {len(scored)} approaches were scored; a choice needs at least two.")
    if len(chosen) != 1:
        return failed(name, f"{len(chosen)} approaches are marked as chosen.")
    return passed(
        name, f"{len(scored)} approaches were compared: {listed(scored)}. Chosen: {chosen[0]}.", chosen=chosen[0]
    )


def decisions_recorded(material: Material) -> CheckResult:
    return _sections(material, "decisions-recorded", DECISIONS, "decision")


def threats_listed(material: Material) -> CheckResult:
    """Threats stand in a list or a table."""
    name = "threats-listed"
    read = text(material, THREATS)
    if isinstance(read, Unreadable):
        return failed(name, read.sentence)
    rows = [line for line in read.splitlines() if line.lstrip().startswith(("- ", "* ", "| "))]
    threats = [line for line in rows if set(line) - set("|-: ")]
    if not threats:
        return failed(name, f"{THREATS} lists no threat.")
    return passed(name, f"{THREATS} lists what can go wrong in {len(threats)} lines.", lines=len(threats))


def estimate_present(material: Material) -> CheckResult:
    name = "estimate-present"
    read = document(material, ESTIMATE)
    if isinstance(read, Unreadable):
        return failed(name, read.sentence)
    if not read:
        return failed(name, f"{ESTIMATE} is empty.")
    return passed(name, "An estimate is there.", keys=sorted(read)[:20])


def _sections(material: Material, name: str, path: str, what: str) -> CheckResult:
    read = text(material, path)
    if isinstance(read, Unreadable):
        return failed(name, read.sentence)
    headings = [line for line in read.splitlines() if line.startswith("## ") and line[3:].strip()]
    if not headings:
        return failed(name, f"{path} records no {what}: it has no section.")
    return passed(
        name, f"{path} has {len(headings)} sections.", sections=[line[3:].strip()[:120] for line in headings[:30]]
    )
