"""An approach that somebody wants again: pinned choices, words for those that can't be had, first among the others."""

from dataclasses import replace

import pytest

from apps.engine.facts import extract_facts
from apps.engine.planner import Settings, plan
from apps.engine.preferring import MOST_APPROACHES, Template, prefer
from apps.planning.library import DEFAULT_PATH, load_library

LIBRARY = load_library(DEFAULT_PATH)
FACTS = extract_facts("Notes", "A web app. Users can add, search and delete notes. A note has a title and a text.")
SETTINGS = Settings()


@pytest.fixture(scope="module")
def explored():
    return plan(FACTS, LIBRARY, SETTINGS)


def template(choices, kind="web_application"):
    return Template("Small shop", kind, choices)


def keys(approach):
    return {task.key for task in approach.tasks}


def test_the_last_approach_becomes_the_first_when_a_template_wants_its_choices(explored):
    last = explored.approaches[-1]

    found = prefer(explored, LIBRARY, SETTINGS, template(last.choices))

    assert found.found
    assert found.words == ()
    first = found.explored.approaches[0]
    assert keys(first) == keys(last)
    assert first.name.endswith("(from template “Small shop”)")
    assert found.explored.best == 0
    assert "proposed first because it comes from the template “Small shop”" in found.explored.reason
    assert len({frozenset(keys(one)) for one in found.explored.approaches}) == len(found.explored.approaches)


def test_what_was_not_among_the_approaches_is_made_and_stands_beside_at_most_three(explored):
    others = replace(explored, approaches=explored.approaches[:-1])

    found = prefer(others, LIBRARY, SETTINGS, template(explored.approaches[-1].choices))

    assert found.found
    assert keys(found.explored.approaches[0]) == keys(explored.approaches[-1])
    assert 2 <= len(found.explored.approaches) <= MOST_APPROACHES
    assert all(one.score.total > 0 for one in found.explored.approaches)


def test_an_answer_of_now_counts_more_than_the_choice_of_then(explored):
    first, last = explored.approaches[0], explored.approaches[-1]
    name = next(name for name, value in last.choices.items() if first.choices.get(name, value) != value)
    settings = Settings(answers={name: first.choices[name]})

    found = prefer(plan(FACTS, LIBRARY, settings), LIBRARY, settings, template(last.choices))

    assert found.explored.approaches[0].choices[name] == first.choices[name]
    assert any(words.startswith(f"You answered {first.choices[name]} for {name}") for words in found.words)


def test_what_the_library_does_not_know_any_more_is_named_and_the_rest_is_done(explored):
    choices = {**explored.approaches[-1].choices, "structure-of-old": "rings"}

    found = prefer(explored, LIBRARY, SETTINGS, template(choices))

    assert found.found
    assert found.words == ("The method library has no rings for structure-of-old any more.",)
    assert found.words[0] in found.explored.approaches[0].assumptions


def test_what_the_brief_forbids_is_named():
    forbidding = extract_facts("Notes", "A web app. Users can add and search notes. It must not use SQLite.")
    found = prefer(plan(forbidding, LIBRARY, SETTINGS), LIBRARY, SETTINGS, template({"storage": "sqlite"}))

    assert not found.found
    assert "The template's sqlite for storage can't be had here" in found.words[0]


def test_a_template_of_another_kind_leaves_the_plan_as_it_was(explored):
    report = extract_facts("Market", "Write a report about the market for bicycles. It covers prices and makers.")
    before = plan(report, LIBRARY, SETTINGS)

    found = prefer(before, LIBRARY, SETTINGS, template({"storage": "sqlite"}))

    assert found.explored is before
    assert found.words[0] == "The template is for a web application, and this brief asks for a report."
    assert found.words[-1] == "None of the template's choices fits, so the planner chose."


def test_limits_that_rule_the_template_out_leave_the_plan_as_it_was(explored):
    dear = max(explored.approaches, key=lambda approach: approach.cost)
    cheap = min(explored.approaches, key=lambda approach: approach.cost)
    settings = Settings(budget=cheap.cost * 0.2)

    found = prefer(explored, LIBRARY, settings, template(dear.choices))

    assert not found.found
    assert "No plan can be made by the template's choices" in found.words[-1]
