"""What people ask for is done where a rule can do it, and answered truthfully everywhere."""

from typing import Any

import pytest

from apps.agents.crew.feedback import actions_from
from apps.agents.crew.packet import Feedback
from tests.agents.crew import briefs
from tests.agents.crew.chain import Chain


def ask(text: str) -> list[dict[str, Any]]:
    return [{"round": 1, "text": text, "anchor": ""}]


@pytest.mark.parametrize(
    ("text", "kind", "first", "second"),
    [
        ('Rename "book" to "volume".', "replace", "book", "volume"),
        ("Please use the word member instead of customer.", "replace", "customer", "member"),
        ("Add field isbn to book", "field", "isbn", "book"),
        ("Add a field due date for the book.", "field", "due date", "book"),
        ("Also support delete for notes", "feature", "delete", "notes"),
        ("Also allow exporting notes.", "feature", "export", "notes"),
        ("Mention that the library closes at noon.", "mention", "the library closes at noon.", ""),
        ("I do not like it.", "text", "", ""),
    ],
)
def test_it_understands(text: str, kind: str, first: str, second: str):
    action = actions_from(Feedback(1, text, ""))[0]
    assert (action.kind, action.first, action.second) == (kind, first, second)


def test_a_renaming_is_done_in_the_prose_and_said():
    chain = Chain(briefs.LIBRARY_APP)
    result = chain.accept(
        "requirements.analysis", feedback=ask('Rename "librarian" to "curator"; rename "book" to "volume".')
    )
    assert any(claim.startswith(("done:", "not done:")) for claim in result.claims)
    result = chain.accept("requirements.analysis", feedback=ask('Rename "book" to "volume".'))
    assert any(claim.startswith("done:") and "'book' became 'volume'" in claim for claim in result.claims)
    assert "Add a volume" in chain.text("requirements/requirements.md")
    assert "## Feedback answered" in chain.text("requirements/requirements.md")
    assert chain.document("requirements/requirements.json")["feedback_answered"]


def test_a_renaming_of_what_is_not_there_is_not_claimed():
    chain = Chain(briefs.LIBRARY_APP)
    result = chain.accept("requirements.analysis", feedback=ask("Rename zebra to horse."))
    assert any(claim.startswith("not done:") for claim in result.claims)


def test_a_new_field_reaches_contract_store_and_pages():
    chain = Chain(briefs.LIBRARY_APP)
    result = chain.accept("requirements.analysis", feedback=ask("Add field isbn to book."))
    assert any(claim.startswith("done:") for claim in result.claims)
    chain.accept("architecture.contract", produces=["contract/openapi.json"])
    assert "isbn" in chain.document("contract/openapi.json")["components"]["schemas"]["Book"]["properties"]
    chain.accept("backend.foundation")
    assert "'isbn': 'text'" in chain.text("service/store.py")
    chain.accept("frontend.page", parameters={"page": "add-a-book"}, produces=["pages/add-a-book.html"])
    assert 'name="isbn"' in chain.text("pages/add-a-book.html")


def test_a_new_feature_becomes_a_requirement_and_is_built_with_the_assembly():
    chain = Chain(briefs.EXPENSES_TOOL, {"storage": "sqlite", "structure": "layered"})
    chain.accept("requirements.analysis", feedback=ask("Also support delete for expenses."))
    added = [
        item
        for item in chain.document("requirements/requirements.json")["requirements"]
        if item["feature"] == "delete-expenses"
    ]
    assert added
    assert added[0]["kind"] == "testable"
    chain.run()
    assert "service/features/delete_expenses.py" in chain.tree
    assert chain.document("reports/coverage.json")["all_covered"] is True


def test_a_statement_stands_in_the_text_and_stays_a_requirement():
    chain = Chain(briefs.LIBRARY_APP)
    chain.accept("requirements.analysis", feedback=ask("Mention that <b>we close</b> at noon."))
    assert "close&lt;/b&gt; at noon" in chain.text("requirements/requirements.md")
    chain.accept("requirements.analysis")
    texts = [item["text"] for item in chain.document("requirements/requirements.json")["requirements"]]
    assert any("at noon" in text for text in texts)


def test_what_no_rule_understands_is_not_claimed_as_done():
    chain = Chain(briefs.LIBRARY_APP)
    chain.accept("backend.foundation")
    for capability, path in (
        ("architecture.decisions", "docs/decisions.md"),
        ("infrastructure.configuration", "deploy/settings.toml"),
    ):
        result = chain.accept(capability, feedback=ask("Make it */ nicer\nimport os"))
        assert any(claim.startswith("not done:") for claim in result.claims)
        assert "not done" in chain.text(path)
    assert "\nimport os" not in chain.text("deploy/settings.toml")


def test_feedback_does_not_break_code_pages_or_scripts():
    chain = Chain(briefs.EXPENSES_TOOL, {"storage": "sqlite", "structure": "contract-first"})
    chain.run(until_phase=3)
    chain.accept("backend.foundation", feedback=ask('Nicer """ please\nimport os */ <script>'))
    compile(chain.text("service/store.py"), "store.py", "exec")
    assert "Feedback answered" in chain.text("service/store.py")
