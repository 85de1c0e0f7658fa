"""Briefs as people write them, each with what a careful reader finds in it. The expectations are exact: what is not
named there must not be found."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from apps.engine.facts import Facts, extract_facts
from apps.engine.planner import plan
from apps.planning.library import load_library

FOLDER = Path(__file__).parent / "briefs"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
LIBRARY = load_library()
BUILDING = {"web_application", "api_service", "command_line_tool", "library", "data_pipeline"}


def facts_of(name: str) -> Facts:
    return extract_facts(name.replace("-", " ").capitalize(), (FOLDER / f"{name}.txt").read_text(encoding="utf-8"))


def expected(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def test_there_are_briefs_of_every_kind_and_language():
    found = [expected(name) for name in NAMES]

    assert len(found) >= 25
    assert {item["kind"] for item in found} >= BUILDING | {"report", "static_site"}
    assert {item["language"] for item in found} == {"en", "de", "fr", "es"}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_of_a_brief(name):
    facts, wanted = facts_of(name), expected(name)

    assert (facts.kind, facts.language) == (wanted["kind"], wanted["language"])
    assert [[f.verb, f.entity, f.title] for f in facts.features] == wanted["features"]
    assert {entity.slug: list(entity.fields) for entity in facts.entities} == wanted["entities"]
    assert [user.name for user in facts.users] == wanted["users"]
    assert [quality.name for quality in facts.qualities] == wanted["qualities"]
    assert [[c.kind, c.text] for c in facts.constraints] == wanted["constraints"]
    assert [question.key for question in facts.questions] == wanted["questions"]
    assert [" ".join(s.text.split()[:5]) for s in facts.sentences if s.asks] == wanted["asks"]


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_has_one_task_for_each_feature(name):
    facts = facts_of(name)

    best = plan(facts, LIBRARY).approaches[0]

    tasks = [task.parameters["feature"] for task in best.tasks if task.capability == "backend.feature"]
    wanted = sorted(feature.slug for feature in facts.features) if facts.kind in BUILDING else []
    assert sorted(tasks) == wanted
    if facts.kind in BUILDING and best.choices["structure"] == "layered":
        stores = [task.parameters["entity"] for task in best.tasks if task.capability == "backend.entity"]
        assert sorted(stores) == sorted(entity.slug for entity in facts.entities)


@pytest.mark.parametrize("name", NAMES)
def test_every_feature_is_about_something_that_is_kept_or_about_nothing(name):
    facts = facts_of(name)

    assert {feature.entity for feature in facts.features} <= {entity.slug for entity in facts.entities} | {""}


@pytest.mark.parametrize(
    ("brief", "wrong"),
    [
        ("Members can:\n- add a tool with a name, a condition and a place\n- list tools\n- lend a tool", "add"),
        ("Users can delete notes they no longer need.", "longer"),
        ("Users can add a note. It should answer within a second.", "second"),
        ("Une application web. Les membres peuvent ajouter un livre et supprimer un livre.", "un"),
    ],
)
def test_no_part_of_speech_becomes_a_thing(brief, wrong):
    facts = extract_facts("T", brief)

    assert wrong not in [entity.slug for entity in facts.entities]
    assert facts.entities


def test_a_due_date_is_a_field_and_no_deadline():
    facts = extract_facts("T", "Users can add a loan with a book, a member and a due date. Ready by 1 March.")

    assert facts.entities[0].fields == ("book", "member", "due date")
    assert [(c.kind, c.sentence) for c in facts.constraints] == [("deadline", 2)]
