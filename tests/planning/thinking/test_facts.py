"""Facts of a model count only where their sentence says them; nothing that was read is taken away."""

import pytest

from apps.engine.facts import extract_facts
from apps.planning.thinking.answers import FactsAnswer
from apps.planning.thinking.facts import merged, slug_of

BRIEF = "A web app for a library. A librarian can add books. Overdue loans are reported daily. Never use cookies."
FACTS = extract_facts("Books", BRIEF)


def feature(**more):
    return {
        "title": "Report overdue loans", "verb": "report", "entity": "loan", "sentence": 3,
        "quote": "Overdue loans are reported daily", **more,
    }  # fmt: skip


def answer(**lists):
    return merged(FACTS, FactsAnswer.model_validate(lists))


def test_a_feature_that_its_sentence_says_is_added():
    facts, taken, dropped = answer(features=[feature()])
    added = next(one for one in facts.features if one.slug == "report-overdue-loans")
    assert (added.sentence, added.verb) == (3, "report")
    assert len(taken) == 1
    assert dropped == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"sentence": 99}, "there is no sentence 99"),
        ({"sentence": 0}, "there is no sentence 0"),
        ({"sentence": 2}, "sentence 2 does not read so"),
        ({"quote": "Loans are overdue"}, "sentence 3 does not read so"),
        ({"title": "Report salaries"}, "does not say “salaries”"),
        ({"verb": "delete"}, "does not say “delete”"),
        ({"entity": "payroll"}, "does not say “payroll”"),
    ],
)
def test_a_feature_that_its_sentence_does_not_say_is_dropped(change, why):
    facts, taken, dropped = answer(features=[feature(**change)])
    assert facts.features == FACTS.features
    assert taken == []
    assert why in dropped[0]


def test_what_is_known_is_not_doubled():
    known = FACTS.features[0]
    said = {
        "title": known.title, "verb": known.verb, "sentence": known.sentence, "quote": "A librarian can add books",
    }  # fmt: skip
    facts, taken, _ = answer(features=[said])
    assert facts.features == FACTS.features
    assert taken == []


def test_an_entity_brings_its_fields_and_answers_the_question_for_them():
    brief = "A web app. A user can add notes. A note carries title plus colour."
    facts = extract_facts("Notes", brief)
    said = {"name": "note", "fields": ["title", "colour"], "sentence": 3, "quote": "A note carries title plus colour."}
    after, _, dropped = merged(facts, FactsAnswer.model_validate({"entities": [said]}))
    assert dropped == []
    assert next(one for one in after.entities if one.slug == "note").fields
    assert not any(question.key == "fields-note" for question in after.questions)


def test_a_field_that_nobody_named_drops_the_entity():
    said = {"name": "loan", "fields": ["password"], "sentence": 3, "quote": "Overdue loans are reported daily"}
    facts, _, dropped = answer(entities=[said])
    assert facts.entities == FACTS.entities
    assert "password" in dropped[0]


def test_a_constraint_must_be_the_brief_s_own_and_none_goes_away():
    facts, _, dropped = answer(constraints=[{"kind": "technology", "text": "never use python", "sentence": 4}])
    assert "python" in dropped[0]
    assert facts.constraints == FACTS.constraints


def test_the_kind_is_the_model_s_only_where_it_was_a_question():
    said = {"kind": "report", "sentence": 1, "quote": "A web app for a library."}
    facts, _, _ = answer(kind=said)
    assert facts.kind == FACTS.kind
    unclear = extract_facts("Das Lager", "Wir zählen unser Lager. Fehlbestand wird gemeldet.")
    assert any(question.key == "kind" for question in unclear.questions)
    said = {"kind": "process_change", "sentence": 1, "quote": "Wir zählen unser Lager"}
    after, _, _ = merged(unclear, FactsAnswer.model_validate({"kind": said}))
    assert after.kind == "process_change"
    assert next(question for question in after.questions if question.key == "kind").default == "process_change"


@pytest.mark.parametrize("text", ["../../etc/passwd", "A/B\\C", "\x00\u202e", "class", "數據", "1. X"])
def test_a_slug_is_a_module_s_name_or_nothing(text):
    assert slug_of(text).replace("-", "_").isidentifier() or slug_of(text) == ""
