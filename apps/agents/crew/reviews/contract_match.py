"""Whether contract and facts, and contract and code, say the same."""

import ast
from typing import Any

from apps.agents.crew.assembled_tests import way_of
from apps.agents.crew.naming import identifier, slug
from apps.agents.crew.reviews.checks import Check, check, not_run
from apps.agents.crew.work import Work

FILES = {"http": "contract/openapi.json", "cli": "contract/cli.json", "library": "contract/interface.json"}


def contract_matches(work: Work) -> Check:
    domain = work.domain
    if domain.is_migration:
        return _mapping_matches(work)
    if not domain.has_code:
        slugs = {str(item.get("slug")) for item in work.document("contract/outline.json").get("sections", [])}
        faults = [f"'{f.title}' is not in the outline." for f in domain.features if f.slug not in slugs]
        return check("contract_matches", faults, f"All {len(slugs)} places are in the outline.", tool="outline.json")
    way = way_of(domain)
    document = work.document(FILES[way])
    if not document:
        return check("contract_matches", [f"{FILES[way]} is missing or is no JSON object."], "", tool="json")
    promised = _promised(document, way)
    faults = [f"'{f.title}' is not in the contract." for f in domain.features if _key(f, way) not in promised]
    served = _served(work, way)
    if served is None:
        if work.packet.phase >= 4 and domain.features:
            faults.append("No feature's code is there to compare with.")
        return check(
            "contract_matches", faults, f"All {len(domain.features)} features are in the contract.", tool="contract"
        )
    faults += [f"The contract promises {_shown(key)}, which no code serves." for key in sorted(promised - served)]
    faults += [f"The code serves {_shown(key)}, which the contract does not have." for key in sorted(served - promised)]
    return check("contract_matches", faults, f"{len(served)} features are served as the contract says.", tool="ast")


def _mapping_matches(work: Work) -> Check:
    """Each field of the facts is mapped, and the script's plan has exactly the fields of the mapping."""
    mapped = {
        str(one.get("entity")): set(one.get("columns", {}))
        for one in work.document("contract/mapping.json").get("entities", [])
    }
    wanted = {entity.slug: {field.name for field in entity.fields} for entity in work.domain.entities}
    faults = [
        f"'{name}' is not mapped as the facts have it." for name, fields in wanted.items() if mapped.get(name) != fields
    ]
    for name in work.files("migration/plan.py") + work.files("migration/steps/*.py"):
        for plan in _plans(work.text(name)):
            if mapped.get(str(plan.get("entity"))) != set(plan.get("columns", {})):
                faults.append(f"{name} moves other fields of '{plan.get('entity')}' than the mapping says.")
    return check(
        "contract_matches", faults, f"{len(mapped)} things are moved as the mapping says.", tool="mapping.json"
    )


def _plans(text: str) -> list[dict[str, Any]]:
    try:
        values = [ast.literal_eval(node.value) for node in ast.parse(text).body if isinstance(node, ast.Assign)]
    except (SyntaxError, ValueError):
        return []
    found = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return [one for one in found if isinstance(one, dict)]


def _shown(key: tuple[str, ...]) -> str:
    return " ".join(key)


def _key(feature: Any, way: str) -> tuple[str, ...]:
    if way == "http":
        return (feature.method, feature.path)
    return (slug(feature.slug),) if way == "cli" else (identifier(feature.module),)


def _promised(document: dict[str, Any], way: str) -> set[tuple[str, ...]]:
    if way == "http":
        return {
            (method.upper(), path)
            for path, methods in document.get("paths", {}).items()
            for method, operation in methods.items()
            if isinstance(operation, dict) and "x-feature" in operation
        }
    return {(str(item.get("name")),) for item in document.get("commands" if way == "cli" else "functions", [])}


def _served(work: Work, way: str) -> set[tuple[str, ...]] | None:
    """What the code has, read from its constants without running it; None when there is no code yet."""
    files = work.files("service/features/*.py")
    if not files:
        return None
    found: set[tuple[str, ...]] = set()
    for name in files:
        constants = _constants(work.text(name))
        if way == "http":
            found.add((constants.get("METHOD", ""), constants.get("PATH", "")))
        elif way == "cli":
            found.add((constants.get("COMMAND", ""),))
        else:
            found.add((identifier(name.rpartition("/")[2].removesuffix(".py")),))
    return found


def _constants(text: str) -> dict[str, str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return {}
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def nothing(name: str, why: str) -> Check:
    return not_run(name, why, tool="contract")
