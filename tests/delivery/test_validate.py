import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.delivery.validate import CompletionFacts, PromisedTask, traced_tests, validate_completion

BRIEF = b"Keep notes. Make it pretty. Fly.\n"


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


REQUIREMENTS = [
    {"number": 1, "text": "Keep notes", "kind": "testable", "sentences": [1], "feature": "note", "why": ""},
    {"number": 2, "text": "Be pretty", "kind": "manual", "sentences": [2], "feature": "", "why": ""},
    {"number": 3, "text": "Fly", "kind": "declined", "sentences": [3], "feature": "", "why": "software can't"},
]
ACCEPTANCE = [
    {"requirement": 1, "given": "g", "when": "w", "then": "t", "test": "tests/test_note.py::NoteTest::test_add"},
    {"requirement": 2, "given": "g", "when": "w", "then": "t", "test": "manual"},
]
FILES = {
    "strategic_prompt.txt": BRIEF,
    "requirements/requirements.json": encoded({"requirements": REQUIREMENTS}),
    "requirements/acceptance.json": encoded({"acceptance": ACCEPTANCE}),
    "reports/integration.json": encoded({"passed": True, "files": [{"file": "tests/test_note.py", "passed": True}]}),
    "reports/coverage.json": encoded(
        {
            "requirements": [
                {"requirement": 1, "kind": "testable", "tests": ["tests/test_note.py::x"], "fails_without_it": True}
            ]
        }
    ),
    "tests/test_note.py": b"x = 1\n",
    "service/__init__.py": b"",
}
FACTS = CompletionFacts(
    brief=BRIEF,
    tasks=(PromisedTask("note", "Notes", "completed", ("tests/test_note.py", "service/__init__.py")),),
    files=FILES,
    sentences=(1, 2, 3),
    ticked=frozenset({2}),
)


def failing(facts: CompletionFacts) -> dict[str, str]:
    return {check.name: check.sentence for check in validate_completion(facts) if check.result != "passed"}


def with_file(path: str, data: bytes | None) -> CompletionFacts:
    return replace(FACTS, files={name: found for name, found in {**FILES, path: data}.items() if found is not None})


def test_a_complete_workspace_passes_every_check() -> None:
    checks = validate_completion(FACTS)
    assert failing(FACTS) == {}
    assert len({check.name for check in checks}) == len(checks) == 10
    assert all(check.sentence.endswith(".") for check in checks)
    assert [check.name for check in checks if not check.blocking] == ["placeholder-words"]


@pytest.mark.parametrize(
    ("path", "data", "name", "words"),
    [
        ("tests/test_note.py", None, "artifacts-promised", "missing: tests/test_note.py"),
        ("tests/test_note.py", b"", "artifacts-promised", "empty: tests/test_note.py"),
        ("tests/test_note.py", None, "requirements-answered", "not in the workspace"),
        ("strategic_prompt.txt", BRIEF + b" ", "brief-unchanged", "byte for byte"),
        ("requirements/requirements.json", encoded({"requirements": REQUIREMENTS[:2]}), "requirements-traced", "3"),
        (
            "requirements/requirements.json",
            encoded({"requirements": [{**REQUIREMENTS[0], "sentences": []}]}),
            "requirements-traced",
            "no sentence of the brief: R1",
        ),
        ("requirements/acceptance.json", encoded({"acceptance": ACCEPTANCE[:1]}), "acceptance-answered", "R2"),
        ("reports/integration.json", encoded({"passed": False}), "acceptance-answered", "does not say"),
        (
            "reports/integration.json",
            encoded({"passed": True, "files": [{"file": "tests/t.py", "passed": False}]}),
            "acceptance-answered",
            "tests/t.py",
        ),
        (
            "reports/coverage.json",
            encoded({"requirements": [{"requirement": 1, "fails_without_it": False}]}),
            "acceptance-answered",
            "fail without R1",
        ),
        ("a.py", b"x\n<<<<<<< ours\n1\n=======\n2\n>>>>>>> theirs\n", "no-conflict-markers", "a.py:2"),
        ("a.toml", b"[x]\npassword = 'hunter2hunter2'\n", "no-secrets", "a.toml:2"),
        ("a.pem", b"-----BEGIN RSA PRIVATE KEY-----\n", "no-secrets", "a private key"),
        ("a.py", b"def f():\n    raise NotImplementedError\n", "no-unfinished-code", "a.py:2"),
        ("a.md", b"Lorem\nlorem ipsum\n", "placeholder-words", "a.md:2"),
        ("a.py", b"# TODO: later\n", "placeholder-words", "a.py:1"),
    ],
)
def test_each_gap_fails_its_check_with_words(path: str, data: bytes | None, name: str, words: str) -> None:
    assert words in failing(with_file(path, data))[name]


def test_each_kind_of_requirement_needs_its_own_answer() -> None:
    assert "R2 is to be ticked" in failing(replace(FACTS, ticked=frozenset()))["requirements-answered"]
    assert "R3 is declined" in failing(replace(FACTS, declined_agreed=False))["requirements-answered"]
    untested = with_file(
        "requirements/acceptance.json", encoded({"acceptance": [{"requirement": 1, "test": "manual"}]})
    )
    untested = replace(untested, files={**untested.files, "reports/coverage.json": b"{}"})
    assert "no test is named" in failing(untested)["requirements-answered"]


def test_unfinished_tasks_are_named_and_skipped_ones_promise_nothing() -> None:
    running = replace(FACTS, tasks=(PromisedTask("a", "Build it", "running", ("never.py",)),))
    assert failing(running) == {"tasks-finished": "Not finished: Build it."}
    assert failing(replace(FACTS, tasks=(PromisedTask("a", "A", "skipped", ("never.py",)),))) == {}


def test_words_that_the_brief_uses_are_no_placeholders() -> None:
    brief = b"A todo list: TODO: buy milk."
    facts = with_file("a.py", b"# TODO: buy milk\n")
    facts = replace(facts, brief=brief, files={**facts.files, "strategic_prompt.txt": brief})
    assert failing(facts) == {}


def test_headings_underlined_with_equals_are_no_conflict() -> None:
    assert failing(with_file("a.md", b"Title\n=======\n")) == {}


HOSTILE = [
    b"",
    b"null",
    b"[]",
    b"[" * 100_000,
    b"NaN",
    b'{"requirements": 7}',
    b'{"requirements": [1, null, "x", []]}',
    b'{"requirements": [{"number": true}]}',
    b'{"requirements": [{"number": 1}, {"number": 1}]}',
    b'{"requirements": [{"number": 1, "kind": ["testable"], "sentences": {"a": 1}}]}',
    b'{"requirements": [{"number": 1, "kind": {}, "sentences": [true, "1"]}]}',
    b'{"acceptance": [{"requirement": [], "test": 5}]}',
    b'{"passed": "yes", "files": {"a": 1}}',
    b'{"a": 1, "a": 2}',
    b"\xff\xfe",
    b'"\\u0000"',
]


@pytest.mark.parametrize("data", HOSTILE)
@pytest.mark.parametrize(
    "path",
    [
        "requirements/requirements.json",
        "requirements/acceptance.json",
        "reports/integration.json",
        "reports/coverage.json",
    ],
)
def test_hostile_json_fails_a_check_and_never_raises(path: str, data: bytes) -> None:
    assert failing(with_file(path, data))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["testable", "manual", "declined", "a", "tests/test_note.py"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "requirements",
                    "acceptance",
                    "number",
                    "kind",
                    "sentences",
                    "requirement",
                    "test",
                    "tests",
                    "passed",
                    "files",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["requirements/requirements.json", "requirements/acceptance.json", "reports/coverage.json"]),
        JSON.map(encoded),
    )
)
def test_whatever_agents_leave_it_answers(files: dict[str, bytes]) -> None:
    facts = replace(FACTS, files={**FILES, **files})
    assert len(validate_completion(facts)) == 10
    traced_tests(facts.files)
