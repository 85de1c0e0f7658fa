"""The whole chain for briefs of several kinds: every capability in the sandbox, the generated tests really run."""

import ast
import json

import pytest

from tests.agents.crew import briefs
from tests.agents.crew.chain import Chain

CHAINS = {
    "web, layered, sqlite": (
        briefs.LIBRARY_APP,
        {"storage": "sqlite", "structure": "layered", "pages": "page-per-feature"},
    ),
    "tool, contract first, files": (
        briefs.EXPENSES_TOOL,
        {"storage": "files", "structure": "contract-first", "verification": "acceptance-first"},
    ),
    "report": (briefs.HEATING_REPORT, {"structure": "by-question"}),
    "site": (briefs.BAKERY_SITE, {"pages": "single-page"}),
    "library, layered, memory": (briefs.TASKS_LIBRARY, {"storage": "memory", "structure": "layered"}),
    "hostile words, event log": (
        briefs.HOSTILE,
        {"storage": "memory", "structure": "event-log", "verification": "acceptance-first", "pages": "single-page"},
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_goal_goes_through_every_phase_and_review(name: str):
    facts, choices = CHAINS[name]
    chain = Chain(facts, choices)
    chain.run()
    assert chain.document("reports/integration.json")["passed"] is True
    assert chain.document("reports/coverage.json")["all_covered"] is True
    assert chain.document("reports/rollback.json")["passed"] is True
    # Every phase's reviews once; for the other kinds those that run what was made.
    for phase in range(1, 8) if name == "web, layered, sqlite" else (6,):
        failed = [c for kind in ("code", "security") for c in chain.review(phase, kind) if c["result"] == "failed"]
        assert failed == []
    assert all(check["result"] != "failed" for check in chain.review(7, "performance"))
    for path, content in chain.tree.items():
        if path.endswith(".py"):
            ast.parse(content)
        if path.endswith(".json"):
            json.loads(content)


def test_every_asking_sentence_is_traced_and_what_is_not_built_is_said():
    chain = Chain(briefs.LIBRARY_APP)
    chain.run(until_phase=1)
    found = chain.document("requirements/requirements.json")
    traced = {number for item in found["requirements"] for number in item["sentences"]}
    assert traced == set(range(1, 13))
    assert found["untraced"] == []
    by_feature = {item["feature"]: item for item in found["requirements"] if item["feature"]}
    assert by_feature["send-an-email-reminder"]["kind"] == "manual"
    assert "Not built" in by_feature["send-an-email-reminder"]["why"]
    overdue = [item["kind"] for item in found["requirements"] if item["feature"] == "list-overdue-books"]
    assert overdue == ["testable", "manual"]
    declined = [item["text"] for item in found["requirements"] if item["kind"] == "declined"]
    assert declined == ["It must use React."]
    assumed = " ".join(item["text"] for item in found["assumptions"])
    assert "Nobody signs in." in assumed
    assert "'member' has the fields name, notes: the brief names none." in assumed
    tests = {
        entry["requirement"]: entry["test"] for entry in chain.document("requirements/acceptance.json")["acceptance"]
    }
    assert set(tests) == {item["number"] for item in found["requirements"]}


def test_an_answer_takes_the_place_of_the_default():
    chain = Chain(briefs.LIBRARY_APP)
    chain.accept("requirements.analysis", answers={"sign_in": "Only librarians."})
    found = chain.document("requirements/requirements.json")
    assert found["questions"][0]["answer"] == "Only librarians."
    assert not any("default is taken" in item["text"] for item in found["assumptions"])


def test_words_of_the_brief_that_no_sentence_has_do_not_vanish():
    chain = Chain(briefs.EXPENSES_TOOL, brief="The auditors want a quarterly statement as well, signed by two.")
    chain.accept("requirements.analysis")
    assumed = " ".join(item["text"] for item in chain.document("requirements/requirements.json")["assumptions"])
    assert "quarterly statement" in assumed


def test_markup_of_a_brief_never_becomes_markup():
    chain = Chain(briefs.HOSTILE)
    chain.run(until_phase=5)
    for path, content in chain.tree.items():
        if path.endswith((".md", ".html")):
            assert b"<script" not in content, path


def test_a_very_long_brief_is_read_in_time():
    sentences = [f"Sentence {n} says that item {n} of the list must be kept for {n} years." for n in range(2500)]
    long = briefs.facts("api_service", "Long", sentences, features=briefs.EXPENSES_TOOL["features"], entities=[])
    chain = Chain(long, brief="\n".join(sentences) * 1)
    assert len(chain.tree["strategic_prompt.txt"]) > 150_000
    chain.run(until_phase=2)
    assert chain.document("requirements/requirements.json")["untraced"] == []


def test_a_goal_without_features_still_becomes_something_that_runs():
    bare = briefs.facts("api_service", "Bare", ["Something for the office."])
    chain = Chain(bare, {"storage": "sqlite", "structure": "contract-first"})
    chain.run()
    assert chain.document("reports/integration.json")["passed"] is True


def test_an_unknown_capability_or_feature_fails_with_words():
    chain = Chain(briefs.EXPENSES_TOOL)
    assert "no agent for 'cooking.soup'" in chain.attempt("cooking.soup").error
    assert "no feature 'fly'" in chain.attempt("backend.feature", parameters={"feature": "fly"}).error


def test_assembling_without_a_feature_names_what_is_missing():
    chain = Chain(briefs.EXPENSES_TOOL)
    chain.accept("backend.foundation")
    result = chain.attempt("backend.assembly")
    assert result.outcome == "failed"
    assert "service/features/record_expenses.py is missing" in result.error


def test_the_contract_is_valid_openapi():
    from openapi_spec_validator import OpenAPIV31SpecValidator

    for facts in (briefs.LIBRARY_APP, briefs.HOSTILE):
        chain = Chain(facts)
        chain.accept("architecture.contract", produces=["contract/openapi.json"])
        OpenAPIV31SpecValidator(chain.document("contract/openapi.json")).validate()


def test_a_price_list_and_a_budget_are_used():
    chain = Chain(briefs.LIBRARY_APP)
    chain.accept("architecture.threats")
    chain.accept("infrastructure.cost", constraints={"budget": "5 EUR", "prices": {"server": "4.00"}})
    cost = chain.document("infrastructure/cost.json")
    assert cost["within_budget"] is True
    assert cost["prices"]["server"] == {"price": "4.00", "assumed": False}
    assert cost["prices"]["traffic_gb"]["assumed"] is True
    assert cost["sizes"]["records"] == {"value": 300, "assumed": False}
