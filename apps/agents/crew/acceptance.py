"""An acceptance test for each requirement: given, when, then, and the test that answers it."""

from typing import Any

from apps.agents.crew.domain import Domain, Feature
from apps.agents.crew.migration.rules import MOVE_CLASS, rule_of
from apps.agents.crew.work import Work

TEST_CLASS = "FeatureTest"
PLACE_CLASS = "PlacesTest"

# operation: (given, when, then); {e} is the entity, {s} a state.
WORDS = {
    "create": ("a store without any {e}", "a {e} with all its fields is given", "it is kept and has a number"),
    "list": ("two of {e} are kept", "the list is asked for", "both stand in it, in the order in which they were kept"),
    "show": (
        "one {e} is kept",
        "it is asked for by its number",
        "all its fields are given; an unknown number is refused",
    ),
    "search": ("two of {e} with other words are kept", "one word is looked for", "only the {e} that has it is found"),
    "update": ("one {e} is kept", "one field is changed", "the change is kept and the other fields stay"),
    "delete": ("one {e} is kept", "it is deleted", "it is gone, and deleting it again is refused"),
    "count": ("two of {e} are kept", "the count is asked for", "the answer is 2"),
    "total": ("two of {e} are kept", "the total is asked for", "count and sums are right"),
    "sort": ("two of {e} are kept", "they are asked for in the order of a field", "they come in that order"),
    "export": ("two of {e} are kept", "they are exported", "each stands in the text, as CSV and as JSON"),
    "import": ("CSV text with two of {e}", "it is imported", "both are kept; a bad line keeps none"),
    "mark": ("one {e} is kept", "it is marked", "its state is '{s}', also when it is read again"),
    "label": ("one {e} is kept", "it gets a label", "the label is its state, also when it is read again"),
}


def acceptance(work: Work) -> str:
    found = work.document("requirements/requirements.json")
    entries = [_entry(work.domain, item) for item in found.get("requirements", [])]
    work.write_json(work.produces(".json", "requirements/acceptance.json"), {"acceptance": entries})
    tests = sum(entry["test"] != "manual" for entry in entries)
    work.claim(f"Each of the {len(entries)} requirements has an acceptance test; {tests} are programs.")
    return f"{tests} acceptance tests by program, {len(entries) - tests} by a person."


def _entry(domain: Domain, item: dict[str, Any]) -> dict[str, Any]:
    number = item.get("number")
    if item.get("kind") == "declined":
        return _manual(number, "the proposal to decline it", "QG-PHASE1 decides", "it is agreed or the plan is changed")
    if item.get("kind") != "testable":
        return _manual(
            number, "the finished work", f"a person looks at: {item.get('text', '')}", "they tick it at QG-PHASE6"
        )
    feature = domain.feature(str(item.get("feature") or ""))
    if domain.is_migration:
        given, when, then = rule_of(domain, feature).acceptance
        return {"requirement": number, "given": given, "when": when, "then": then, "test": move_test(feature)}
    if not domain.has_code:
        given, when, then = (
            "the finished text",
            f"'{feature.title}' is looked for",
            "a heading and a text of its own stand there",
        )
        return {"requirement": number, "given": given, "when": when, "then": then, "test": place_test(feature)}
    words = {"e": feature.entity_name, "s": feature.state}
    given, when, then = (part.format(**words) for part in WORDS[feature.operation])
    return {"requirement": number, "given": given, "when": when, "then": then, "test": feature_test(feature)}


def _manual(number: Any, given: str, when: str, then: str) -> dict[str, Any]:
    return {"requirement": number, "given": given, "when": when, "then": then, "test": "manual"}


def feature_test(feature: Feature) -> str:
    return f"tests/test_{feature.module}.py::{TEST_CLASS}::test_it_works"


def move_test(feature: Feature) -> str:
    return f"tests/test_end_to_end.py::{MOVE_CLASS}::test_{feature.module}"


def place_test(feature: Feature) -> str:
    return f"tests/test_end_to_end.py::{PLACE_CLASS}::test_{feature.module}"
