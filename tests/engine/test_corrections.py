"""What people change in the facts: applied in order, traced, and refused in words where it is no change."""

import pytest

from apps.engine.facts import BadCorrection, Facts, corrected, extract_facts, parsed, understand

BRIEF = (
    "A web app. Members can add a tool with a name and a place, list tools and delete tools. "
    "It must be fast. No JavaScript."
)


def facts() -> Facts:
    return extract_facts("Tools", BRIEF)


def after(*changes: tuple[str, dict[str, object]]) -> Facts:
    return understand("Tools", BRIEF, [{"fact": fact, "change": change} for fact, change in changes], {})


def slugs(found: Facts) -> list[str]:
    return [feature.slug for feature in found.features]


def test_without_corrections_the_facts_are_those_of_the_brief():
    assert after() == facts()


def test_a_feature_that_is_dropped_leaves_the_others_as_they_were():
    found = after(("feature:list-tools", {"drop": True}))

    assert slugs(found) == ["add-tool", "delete-tools"]
    assert found.sentences == facts().sentences


def test_a_sentence_on_which_nothing_rests_any_more_asks_no_longer():
    found = after(("quality:fast", {"drop": True}), ("constraint:must_not", {"drop": "No JavaScript"}))

    assert [s.text for s in facts().sentences if s.asks][-2:] == ["It must be fast.", "No JavaScript."]
    assert [s.number for s in found.sentences if s.asks] == [1, 2]
    assert (found.qualities, found.constraints) == ((), ())


def test_an_added_feature_rests_on_a_sentence_of_its_own_and_brings_its_thing():
    found = after(("feature", {"add": "add a workshop with a title and a day"}))

    fresh = found.features[-1]
    assert (fresh.slug, fresh.verb, fresh.entity) == ("add-workshop", "add", "workshop")
    assert found.sentences[fresh.sentence - 1].text == "add a workshop with a title and a day"
    assert found.sentences[fresh.sentence - 1].asks
    assert [entity.fields for entity in found.entities if entity.slug == "workshop"] == [("title", "day")]


def test_a_renamed_feature_is_read_anew_and_keeps_its_sentence_and_place():
    found = after(("feature:list-tools", {"rename": "Search tools by place"}))

    assert slugs(found) == ["add-tool", "search-tools", "delete-tools"]
    assert (found.features[1].verb, found.features[1].entity, found.features[1].sentence) == ("search", "tool", 2)


def test_things_users_and_fields():
    found = after(("entity:tool", {"fields": ["Name", "condition"]}), ("user:member", {"drop": True}))

    assert [(entity.slug, entity.fields) for entity in found.entities] == [("tool", ("name", "condition"))]
    assert found.users == ()
    gone = after(("entity:tool", {"drop": True}))
    assert gone.entities == ()
    assert {feature.entity for feature in gone.features} == {""}


def test_the_brief_is_read_again_for_the_kind_that_a_person_says():
    found = after(("kind", {"set": "report"}))

    assert (found.kind, found.entities) == ("report", ())
    assert "storage" not in [question.key for question in found.questions]
    assert understand("Tools", BRIEF, [], {"kind": "report"}) == extract_facts("Tools", BRIEF, kind="report")


def test_the_last_feature_stays():
    drop: dict[str, object] = {"drop": True}
    found = after(*((f"feature:{slug}", drop) for slug in slugs(facts())))

    assert slugs(found) == ["delete-tools"]


def test_later_corrections_build_on_earlier_ones_and_lost_ones_change_nothing():
    found = after(
        ("feature", {"add": "Print a label"}),
        ("feature:print-label", {"rename": "Print a sign"}),
        ("feature:print-label", {"drop": True}),
        ("planet:mars", {"drop": True}),
    )

    assert slugs(found)[-1] == "print-sign"


def test_a_correction_that_is_there_already_changes_nothing():
    change = parsed({"fact": "feature", "change": {"add": "list tools"}})

    assert corrected(facts(), [change]) == facts()


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({}, "one fact and one change"),
        ({"fact": "kind", "change": {"set": "castle"}}, "The kind is one of"),
        ({"fact": "kind", "change": {"drop": True}}, "can't be changed by"),
        ({"fact": "kind:web", "change": {"set": "report"}}, "can't be changed by"),
        ({"fact": "feature", "change": {"drop": True}}, "can't be changed by"),
        ({"fact": "feature:a", "change": {"drop": True, "rename": "b"}}, "one fact and one change"),
        ({"fact": "feature:a", "change": {"drop": "yes"}}, "either true or not said"),
        ({"fact": "feature:a", "change": {"rename": "  "}}, "on one line"),
        ({"fact": "feature", "change": {"add": "x" * 301}}, "at most 300"),
        ({"fact": "feature", "change": {"add": "turn\u202earound"}}, "on one line"),
        ({"fact": "feature", "change": {"add": 7}}, "on one line"),
        ({"fact": "entity:a", "change": {"fields": "name"}}, "from one to 20"),
        ({"fact": "entity:a", "change": {"fields": [" "]}}, "on one line"),
        ({"fact": "constraint:must_not", "change": {"drop": True}}, "by its text"),
    ],
)
def test_what_is_no_correction_is_refused_in_words(item, words):
    with pytest.raises(BadCorrection, match=words):
        parsed(item)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"fact": "kind", "change": {"set": "api_service"}}, "The kind of thing is api service."),
        ({"fact": "feature", "change": {"add": "Print"}}, "The feature 'Print' is wanted too."),
        ({"fact": "entity:tool", "change": {"fields": ["a", "b"]}}, "A thing 'tool' has the fields a, b."),
        ({"fact": "constraint:budget", "change": {"drop": "9 euros"}}, "This is no limit (budget): 9 euros"),
    ],
)
def test_a_correction_tells_itself_in_words(item, words):
    assert str(parsed(item)) == words
