"""QG-PHASE3: can it run, and at what price?"""

import tomllib

from apps.core.disclosures import disclosures
from apps.gates.results import CheckResult
from apps.hub.checks.material import Material
from apps.hub.checks.reading import Unreadable, document, failed, listed, not_run, passed

COST = "infrastructure/cost.json"
CONFIGURATION, READ = ("deploy/", "infrastructure/"), (".toml", ".json")


def checks(material: Material) -> list[CheckResult]:
    return [configuration_parses(material), no_secrets(material), cost_assumed(material)]


def configuration_parses(material: Material) -> CheckResult:
    """Every TOML and JSON file of the deployment can be read."""
    name = "configuration-parses"
    paths = [
        path for path in sorted(material.files) if path.startswith(CONFIGURATION) and path.endswith((".toml", ".json"))
    ]
    if not paths:
        return not_run(name, "There is no configuration to read.")
    for path in paths:
        if problem := _problem(material, path):
            return failed(name, problem, path=path)
    return passed(name, f"{len(paths)} files can be read: {listed(paths)}.", paths=paths)


def _problem(material: Material, path: str) -> str:
    if path.endswith(".json"):
        read = document(material, path)
        return read.sentence if isinstance(read, Unreadable) else ""
    try:
        tomllib.loads(material.files[path].decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return f"{path} can't be read: {str(error)[:200]}."
    return ""


def no_secrets(material: Material) -> CheckResult:
    """No file of the tree holds what looks like a secret."""
    name = "no-secrets"
    found = [
        {"path": path, "line": line, "what": what} for path, what, line in disclosures(sorted(material.files.items()))
    ]
    if found:
        first = found[0]
        return failed(name, f"{first['path']} has {first['what']} in line {first['line']}.", findings=found[:50])
    return passed(name, f"None of {len(material.files)} files holds what looks like a secret.")


def cost_assumed(material: Material) -> CheckResult:
    """A monthly cost is shown and says what it assumes."""
    name = "cost-assumed"
    read = document(material, COST)
    if isinstance(read, Unreadable):
        return failed(name, read.sentence)
    if "monthly" not in read or read.get("assumed") is not True:
        return failed(name, f"{COST} gives no monthly cost that is labelled as assumed.")
    return passed(name, f"About {str(read['monthly'])[:40]} a month, assumed.", monthly=str(read["monthly"])[:40])
