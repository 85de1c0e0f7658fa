"""Tasks that people shaped in a draft: the crew leaves exactly what each promises, or says what to do."""

import ast
import json
from typing import Any

import pytest

from apps.agents.crew.by_hand import WRITERS
from apps.agents.crew.pages_check import page_faults
from tests.agents.crew.briefs import LIBRARY_APP as FACTS
from tests.agents.crew.chain import Chain

FEATURE = "service/features/add_a_book.py"
TEST = "tests/test_add_a_book.py"
CRITERIA = ["A reader finds the three words that nobody knew", 'It\'s "quoted" */ and <b>bold</b>']


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    """A workspace as far as the store and the entities."""
    chain = Chain(FACTS)
    chain.run(until_phase=3)
    chain.accept("backend.foundation", phase=4, produces=["service/__init__.py", "service/store.py"])
    return chain.tree


@pytest.fixture
def chain(built: dict[str, bytes]) -> Chain:
    chain = Chain(FACTS)
    chain.tree = dict(built)
    return chain


def part(chain: Chain, produces: list[str], planned: list[str], capability: str = "backend.feature") -> Any:
    parameters = {"feature": "add-a-book", "planned": planned}
    return chain.attempt(capability, phase=4, parameters=parameters, produces=produces, consumes=["service/store.py"])


@pytest.mark.parametrize("order", [(FEATURE, TEST), (TEST, FEATURE)])
def test_the_parts_of_a_feature_divide_its_files(chain: Chain, order: tuple[str, str]):
    whole = part(chain, [FEATURE, TEST], [FEATURE, TEST])
    for path in order:
        result = part(chain, [path], [FEATURE, TEST])
        assert result.outcome == "succeeded", result.error
        assert set(result.tree) == {path}, "what the other part promises is left to it"
        assert result.tree[path] == whole.tree[path]
        chain.tree.update(result.tree)


def test_a_part_with_a_file_of_its_own_writes_it_beside(chain: Chain):
    result = part(chain, [TEST, "docs/adding.md"], [FEATURE, TEST])
    assert set(result.tree) == {TEST, "docs/adding.md"}
    alone = part(chain, ["docs/adding.md"], [FEATURE, TEST])
    assert set(alone.tree) == {"docs/adding.md"}


def added(chain: Chain, path: str, capability: str = "requirements.analysis", **more: Any) -> Any:
    given = {"title": "A glossary of books", "description": "What each word about a book means.", **more}
    return chain.attempt(
        capability, phase=4, parameters={"planned": []}, produces=[path], acceptance=CRITERIA, task=given
    )


def test_a_task_added_by_hand_is_written_in_its_own_words(chain: Chain):
    result = added(chain, "docs/glossary.md")
    assert result.outcome == "succeeded", result.error
    assert set(result.tree) == {"docs/glossary.md"}, "the capability's own files belong to another task"
    text = result.tree["docs/glossary.md"].decode()
    assert "# A glossary of books" in text
    assert "What each word about a book means." in text
    assert CRITERIA[0] in text.partition("## Not built")[2]
    assert "<b>" not in text
    assert any("book" in one["text"].lower() and one["text"][:40] in text for one in FACTS["sentences"])
    assert "not built" in result.summary
    assert any("was not built" in claim for claim in result.claims)


@pytest.mark.parametrize("ending", sorted(WRITERS))
def test_every_kind_of_file_that_it_writes_is_valid(chain: Chain, ending: str):
    path = f"pages/extra{ending}"
    result = added(chain, path)
    assert set(result.tree) == {path}, result.error
    text = result.tree[path].decode()
    assert "not built" in text
    if ending == ".py":
        ast.parse(text)
    if ending == ".json":
        assert json.loads(text)["acceptance"] == CRITERIA
    if ending == ".html":
        assert page_faults(text) == []
    if ending in (".css", ".js"):
        assert text.count("*/") == 1
    if ending in (".toml", ".yaml", ".sql"):
        assert all(line.startswith(("#", "--")) for line in text.splitlines())


@pytest.mark.parametrize("path", ["docs/plan.pdf", "LICENSE"])
def test_what_words_cannot_fill_is_refused_with_what_to_do(chain: Chain, path: str):
    result = added(chain, path)
    assert result.outcome == "failed"
    assert path in result.error
    assert "Give the task to an agent that can" in result.error


def test_a_feature_that_was_taken_out_and_added_again_is_built(chain: Chain):
    whole = part(chain, [FEATURE, TEST], [FEATURE, TEST])
    result = chain.attempt(
        "backend.feature",
        phase=4,
        parameters={"planned": []},
        produces=[FEATURE, TEST],
        consumes=["service/store.py"],
    )
    assert result.outcome == "succeeded", result.error
    assert result.tree == whole.tree


def test_a_capability_that_makes_other_files_fails_with_what_to_do(chain: Chain):
    result = part(chain, [FEATURE], [FEATURE, TEST], capability="infrastructure.configuration")
    assert result.outcome == "failed"
    assert f"{FEATURE} was promised and not made" in result.error
    assert "capability" in result.error


def test_its_own_files_that_break_are_a_failure_and_no_document(chain: Chain):
    chain.tree["service/store.py"] = b"broken\n"
    result = chain.attempt("backend.feature", phase=4, parameters={"planned": []}, produces=[FEATURE, TEST])
    assert result.outcome == "failed"
    assert "does not pass" in result.error
