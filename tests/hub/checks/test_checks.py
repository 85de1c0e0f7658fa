"""The checks of the gates: what passes, what fails, and that nothing missing or hostile ever passes or raises."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.gates.definitions import CODES, DEFINITIONS
from apps.hub.checks import Material, checks_for
from apps.hub.checks.material import ApproachFact, ConditionFact, QuestionFact, RequirementFact, TaskFact

GOOD: dict[str, Any] = {
    "strategic_prompt.txt": b"People add notes. Notes are kept.",
    "requirements/requirements.json": {
        "requirements": [{"number": 1, "text": "Add a note.", "kind": "testable", "sentences": [1], "feature": "add"}],
        "assumptions": [{"number": 1, "text": "Nobody answered, so the default is taken: A file.", "sentence": 1}],
    },
    "requirements/requirements.md": b"# Requirements",
    "requirements/acceptance.json": {
        "acceptance": [{"requirement": 1, "given": "g", "when": "w", "then": "t", "test": "tests/test_add.py::T::t"}]
    },
    "requirements/assumptions.md": b"# Assumptions\n\n- A note has a title.\n",
    "docs/decisions.md": b"# Decisions\n\n## Decision 1\n\nBecause.\n",
    "architecture/specification.md": b"# Specification",
    "architecture/threats.md": b"# Threats\n\n- Loss of data.\n",
    "architecture/estimate.json": {"hours": 3},
    "deploy/settings.toml": b'name = "x"\n',
    "infrastructure/cost.json": {"monthly": "6.00", "assumed": True},
    "infrastructure/plan.md": b"# Plan",
    "service/app.py": b"x = 1\n",
    "tests/test_add.py": b"x = 1\n",
    "pages/index.html": b'<!doctype html><html lang="en"><head><title>T</title></head><body><h1>H</h1></body></html>',
    "reports/integration.json": {"passed": True, "tests": 4, "command": "python -m unittest"},
    "reports/coverage.json": {
        "requirements": [{"requirement": 1, "tests": ["tests/test_add.py"], "fails_without_it": True}]
    },
    "reports/rollback.json": {"tried": True, "passed": True, "steps": [{"step": "back", "passed": True}]},
    "docs/runbook.md": b"# Runbook",
}
REVIEW = {
    "code": ["tests_pass", "contract_matches", "compiles"],
    "security": ["no_dangerous_calls"],
    "performance": ["requests_fast"],
}


def encoded(files):
    return {path: json.dumps(value).encode() if isinstance(value, dict) else value for path, value in files.items()}


def material(phase, files=None, **extra):
    """A phase with one finished task, where everything is as it should be."""
    from hashlib import sha256

    definition = DEFINITIONS[phase - 1]
    tree = encoded({**GOOD, **(files or {})})
    reviews = {
        f"reviews/phase{phase}/{name}.json": json.dumps(
            {"checks": [{"name": one, "result": "passed", "blocking": True, "sentence": "ok"} for one in checks]}
        ).encode()
        for name, checks in REVIEW.items()
    }
    tree = {path: content for path, content in {**reviews, **tree}.items() if content is not None}
    made = Material(
        code=definition.code,
        phase=phase,
        goal_kind="web_application",
        files=tree,
        brief=GOOD["strategic_prompt.txt"],
        facts={"sentences": [{"number": 1, "text": "People add notes.", "asks": True}, {"number": 2, "text": "x"}]},
        blocking=definition.blocking_checks,
        advisory=definition.advisory_checks,
        required_artifacts=definition.required_artifacts,
        reviews=definition.reviews,
        fresh_reviews=frozenset(reviews),
        requirements=(RequirementFact(1, "testable", "Add a note."),),
        questions=(QuestionFact("storage", "Where to?", "A file."),),
        approaches=(ApproachFact("a", True, {"total": 1}), ApproachFact("b", False, {"total": 0.5})),
        tasks=(TaskFact("t", "T", phase, "completed", produces=("docs/decisions.md",)),),
        recorded={path: sha256(content).hexdigest() for path, content in tree.items()},
    )
    return replace(made, **extra)


def results(made):
    """The worst result of each name."""
    order = ("passed", "not_run", "failed")
    found: dict[str, str] = {}
    for one in checks_for(made.code, made):
        if one.blocking or one.name not in found:
            found[one.name] = max(found.get(one.name, "passed"), one.result, key=order.index)
    return found


@pytest.mark.parametrize("phase", range(1, 8))
def test_where_everything_is_right_every_blocking_check_passes(phase):
    made = material(phase)
    bad = [
        (one.name, one.source, one.sentence)
        for one in checks_for(made.code, made)
        if one.blocking and one.result != "passed"
    ]
    assert bad == []
    assert set(made.blocking) <= {one.name for one in checks_for(made.code, made)}


FAULTS = [
    (1, "sentences-traced", "failed", {"requirements/requirements.json": {"requirements": []}}, {}),
    (1, "sentences-traced", "failed", {}, {"facts": {"sentences": [{"number": n, "asks": True} for n in (1, 2)]}}),
    (1, "sentences-traced", "failed", {}, {"facts": {"sentences": [{"number": 5, "asks": False}]}}),
    (1, "acceptance-complete", "failed", {"requirements/acceptance.json": {"acceptance": []}}, {}),
    (1, "questions-settled", "failed", {}, {"questions": (QuestionFact("q", "Who?", "Nobody at all."),)}),
    (1, "artifacts-present", "failed", {"requirements/requirements.md": None}, {}),
    (2, "approaches-compared", "failed", {}, {"approaches": (ApproachFact("a", True, {"t": 1}),)}),
    (2, "decisions-recorded", "failed", {"docs/decisions.md": b"# Decisions\n"}, {}),
    (2, "threats-listed", "failed", {"architecture/threats.md": b"# Threats\n\nNone.\n"}, {}),
    (2, "estimate-present", "failed", {"architecture/estimate.json": b"[]"}, {}),
    (3, "configuration-parses", "failed", {"deploy/settings.toml": b"= ["}, {}),
    (3, "no-secrets", "failed", {"deploy/key.pem": b"-----BEGIN RSA PRIVATE KEY-----\n"}, {}),
    (3, "no-secrets", "failed", {"service/app.py": b'password = "hunter2hunter2"\n'}, {}),
    (4, "tests-pass", "not_run", {}, {"fresh_reviews": frozenset()}),
    (4, "contract-matches", "not_run", {"reviews/phase4/code.json": b"{"}, {}),
    (4, "code-parses", "failed", {"service/app.py": b"def ("}, {}),
    (5, "pages-accessible", "failed", {"pages/index.html": b"<html><body><img src=x><input></body></html>"}, {}),
    (6, "end-to-end", "not_run", {"reports/integration.json": None}, {}),
    (6, "end-to-end", "failed", {"reports/integration.json": {"passed": True, "tests": 0}}, {}),
    (
        6,
        "requirements-tested",
        "failed",
        {"reports/coverage.json": {"requirements": [{"requirement": 1, "tests": ["x"]}]}},
        {},
    ),
    (6, "manual-ticked", "failed", {}, {"requirements": (RequirementFact(2, "manual", "Looks good."),)}),
    (7, "validate-completion", "failed", {}, {"tasks": (TaskFact("t", "T", 7, "ready"),)}),
    (7, "rollback-tried", "not_run", {"reports/rollback.json": None}, {}),
    (
        7,
        "rollback-tried",
        "failed",
        {"reports/rollback.json": {"tried": True, "passed": True, "steps": [{"passed": False}]}},
        {},
    ),
    (7, "manifest-complete", "failed", {}, {"recorded": {}}),
    (7, "conditions-closed", "failed", {}, {"conditions": (ConditionFact("Later.", 7),)}),
    (2, "conditions-closed", "failed", {}, {"conditions": (ConditionFact("Now.", 2),)}),
]


@pytest.mark.parametrize(("phase", "name", "result", "files", "extra"), FAULTS)
def test_each_fault_is_found(phase, name, result, files, extra):
    assert results(material(phase, files, **extra))[name] == result


def test_a_condition_of_a_later_phase_does_not_hold_this_gate_up():
    assert results(material(2, conditions=(ConditionFact("Later.", 3),)))["conditions-closed"] == "passed"


def test_a_phase_without_tasks_says_why_there_is_nothing_to_review():
    made = material(5, tasks=(), notes={5: "A library has no pages."}, files={"pages/index.html": None})
    found = [one for one in checks_for(made.code, made) if one.blocking]
    assert {one.result for one in found} == {"passed"}
    assert "Nothing to review, because: A library has no pages." in {one.sentence for one in found}


def test_a_phase_without_tasks_and_without_a_reason_fails():
    assert results(material(5, tasks=()))["pages-accessible"] == "failed"


@pytest.mark.parametrize("phase", [1, 6, 7])
def test_requirements_integration_and_deployment_are_never_nothing(phase):
    made = material(phase, files=dict.fromkeys(GOOD), tasks=(), notes={phase: "Nothing to do."})
    assert "failed" in results(made).values()


class TestReviews:
    def review(self, *checks):
        return {"reviews/phase4/security.json": {"checks": list(checks)}}

    def test_a_blocking_failure_of_a_review_blocks_under_its_own_name_too(self):
        bad = {"name": "no_dangerous_calls", "result": "failed", "blocking": True, "sentence": "eval in app.py"}
        found = results(material(4, self.review(bad)))
        assert (found["no-dangerous-calls"], found["security-findings"]) == ("failed", "failed")

    def test_a_failure_is_not_hidden_behind_a_success_of_the_same_name(self):
        twice = [{"name": "x", "result": result, "blocking": True} for result in ("failed", "passed")]
        assert results(material(4, self.review(*twice)))["x"] == "failed"

    def test_what_a_review_had_nothing_to_look_at_for_does_not_block(self):
        made = material(
            4, self.review({"name": "x", "result": "not_run", "blocking": True}, {"name": "y", "result": "passed"})
        )
        assert [one.blocking for one in checks_for(made.code, made) if one.name == "x"] == [False]

    @pytest.mark.parametrize("word", ["PASSED", "ok", None, True, ["passed"], {}])
    def test_an_unknown_result_is_not_run(self, word):
        assert results(material(4, self.review({"name": "x", "result": word, "blocking": True})))["x"] == "not_run"


HOSTILE = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [b"[" * 100_000, b'{"checks": NaN}', b'{"a":1,"a":2}', b"\xff\xfe", b"null", b'{"requirements": 7}']
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["checks", "requirements", "number", "sentences", "steps", "passed", "acceptance", "name", "result"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(range(1, 8)), HOSTILE)
def test_whatever_files_contain_the_answer_is_a_list_of_results(phase, content):
    made = material(phase)
    attacked = replace(made, files=dict.fromkeys(made.files, content))
    found = checks_for(made.code, attacked)
    assert all(one.sentence and one.result in {"passed", "failed", "not_run"} for one in found)
    assert set(made.blocking) <= {one.name for one in found}
    assert found == checks_for(made.code, attacked)


@pytest.mark.parametrize("code", CODES)
def test_nothing_passes_out_of_an_empty_tree_but_what_says_nothing_is_due(code):
    made = Material(
        code=code,
        phase=CODES.index(code) + 1,
        goal_kind="web_application",
        files={},
        blocking=DEFINITIONS[CODES.index(code)].blocking_checks,
        tasks=(TaskFact("t", "T", CODES.index(code) + 1, "completed", produces=("x",)),),
    )
    passed = {name for name, result in results(made).items() if result == "passed"} & set(made.blocking)
    assert passed <= {"conditions-closed", "no-secrets", "manual-ticked"}
