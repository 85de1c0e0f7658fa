"""Facts: what is understood of a brief, and on which sentence it rests."""

import json
import keyword
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.facts import EmptyBrief, Facts, extract_facts


def slugs(brief, title="A thing"):
    return [feature.slug for feature in extract_facts(title, brief).features]


def test_a_list_of_nine_features_gives_nine():
    things = ["Add a recipe", "Edit and rename a recipe", "Delete recipes", "Search by ingredient", "Rate a recipe",
              "Plan the week", "Make a shopping list", "Share a recipe by link", "Print a recipe"]  # fmt: skip

    facts = extract_facts(
        "Recipes", "A web app.\n\nFeatures:\n" + "\n".join(f"{n}. {t}" for n, t in enumerate(things, 1))
    )

    assert [feature.title for feature in facts.features] == things
    assert [feature.sentence for feature in facts.features] == list(range(3, 12))


def test_three_verbs_give_three_features_of_one_entity():
    facts = extract_facts("Notes", "Users can add, search and delete notes.")

    assert [(f.slug, f.verb, f.entity) for f in facts.features] == [
        ("add-notes", "add", "note"),
        ("search-notes", "search", "note"),
        ("delete-notes", "delete", "note"),
    ]


def test_a_pronoun_stands_for_what_was_named_before():
    assert slugs("Members can reserve a book and return it.") == ["reserve-book", "return-book"]


def test_what_is_made_is_no_feature_of_it():
    assert slugs("Build a command-line tool that counts words and prints a table.") == ["count-words", "print-table"]


def test_every_sentence_is_kept_with_its_number():
    facts = extract_facts(
        "T", "# Title\n\nWe met Dr. Ada, e.g. on 3.5. at noon. The tool must add numbers.\n\n- Fast\n- Small"
    )

    assert [(s.number, s.text) for s in facts.sentences] == [
        (1, "Title"),
        (2, "We met Dr. Ada, e.g. on 3.5. at noon."),
        (3, "The tool must add numbers."),
        (4, "Fast"),
        (5, "Small"),
    ]
    assert [s.asks for s in facts.sentences] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Users can add notes.", True),
        ("We are a small library in Ghent.", False),
        ("It must not store payment data.", True),
        ("No third-party packages.", True),
        ("Thank you for your work.", False),
        ("A book has a title, an author and a year.", True),
        ("As a member, I want to renew my loans.", True),
        ("Last year we used paper cards for this and lost many of them in the flood.", False),
        ("It reads from standard input when no file is given.", True),
    ],
)
def test_which_sentences_ask_for_something(text, asks):
    facts = extract_facts("T", f"Show a list of cats. {text}")

    assert facts.sentences[1].asks is asks


def test_entities_and_their_fields():
    facts = extract_facts(
        "Library",
        "An app.\n\nA book has a title, an author and a year.\n\n"
        "## Data\n- Member: name, e-mail\n\nStore notes (title, text).",
    )

    fields = {entity.slug: (entity.fields, entity.sentence) for entity in facts.entities}
    assert fields["book"] == (("title", "author", "year"), 2)
    assert fields["member"] == (("name", "e-mail"), 4)
    assert fields["note"][0] == ("title", "text")


def test_limits_stand_with_their_sentences_and_their_clause_alone():
    facts = extract_facts(
        "T", "An app. No JavaScript; use SQLite. It costs at most 200 EUR. It is due by 1 March. Up to 50 users."
    )

    assert [(c.kind, c.text, c.sentence) for c in facts.constraints] == [
        ("must_not", "No JavaScript", 2),
        ("technology", "SQLite", 2),
        ("budget", "It costs at most 200 EUR.", 3),
        ("deadline", "It is due by 1 March.", 4),
        ("limit", "Up to 50 users.", 5),
    ]


def test_what_is_out_of_scope_is_no_feature():
    facts = extract_facts(
        "T", "# App\n\n## Features\n- Add cats\n- Feed cats\n- Sell cats\n\n## Out of scope\n- Pay by card\n- Sign in"
    )

    assert [f.slug for f in facts.features] == ["add-cats", "feed-cats", "sell-cats"]
    assert [c.text for c in facts.constraints if c.kind == "must_not"] == ["Pay by card", "Sign in"]


def test_a_complaint_forbids_nothing():
    assert not extract_facts("T", "We do not know who has which book. Show it.").constraints


def test_users_and_qualities():
    facts = extract_facts(
        "T", "Librarians can lend books. The app lets members renew them. It must be fast and work offline."
    )

    assert [(user.name, user.sentence) for user in facts.users] == [("librarian", 1), ("member", 2)]
    assert [(quality.name, quality.sentence) for quality in facts.qualities] == [("fast", 3), ("offline", 3)]


@pytest.mark.parametrize(
    ("brief", "kind"),
    [
        ("A web app in which members reserve books with their browser.", "web_application"),
        ("A REST API with endpoints for bikes and rentals, answering in JSON.", "api_service"),
        ("A command-line tool with subcommands and exit codes.", "command_line_tool"),
        ("Write a Python library that parses dates.", "library"),
        ("A static website for a bakery.", "static_site"),
        ("A data pipeline that cleans CSV files every night.", "data_pipeline"),
        ("Write a research report on heat pumps.", "report"),
        ("Our town library lends books; members see their loans in the browser.", "web_application"),
        ("A command-line tool. It must not have a web interface, no browser, no pages.", "command_line_tool"),
        ("Eine Kommandozeilenanwendung, die Wörter zählt.", "command_line_tool"),
        ("Il faut une application web pour gérer des livres.", "web_application"),
        ("Necesitamos un informe sobre el agua.", "report"),
    ],
)
def test_the_kind_follows_the_words_of_the_brief(brief, kind):
    facts = extract_facts("A thing", brief)

    assert facts.kind == kind
    assert facts.kind_evidence
    assert all(e.word in brief.lower() for e in facts.kind_evidence)


def test_an_unclear_kind_is_a_question():
    facts = extract_facts("Cats", "Something with cats.")

    assert facts.questions[0].key == "kind"
    assert facts.questions[0].default == facts.kind


@pytest.mark.parametrize(
    ("language", "brief", "count"),
    [
        ("de", "Wir brauchen eine Webanwendung. Die Nutzer können Notizen anlegen, suchen und löschen.", 3),
        ("fr", "Une application web. Les utilisateurs peuvent ajouter, rechercher et supprimer des livres.", 3),
        ("es", "Una aplicación web. Los clientes pueden buscar productos y comprar entradas.", 2),
    ],
)
def test_other_languages(language, brief, count):
    facts = extract_facts("T", brief)

    assert (facts.language, len(facts.features)) == (language, count)


def test_a_script_it_cannot_read_still_gives_facts():
    facts = extract_facts("図書館", "利用者は本を検索できます。本を予約できます。")

    assert len(facts.sentences) == 2
    assert [f.slug for f in facts.features] == ["feature"]


def test_nothing_to_read_has_a_name():
    with pytest.raises(EmptyBrief, match="at least one sentence"):
        extract_facts(" ", "\n- \n")


def test_a_sentence_more_changes_only_what_traces_to_it():
    brief = "A web app. Users can add and search notes. A note has a title and a text."
    before = extract_facts("Notes", brief).as_dict()
    after = extract_facts("Notes", brief + " Users can print a note.").as_dict()

    assert after["sentences"][: len(before["sentences"])] == before["sentences"]
    assert after["features"][:-1] == before["features"]
    assert after["features"][-1]["sentence"] == 4
    assert after["entities"] == before["entities"]


def test_facts_survive_json():
    facts = extract_facts("Notes", "Users can add notes. A note has a title and a text. No cookies.")

    assert Facts.from_dict(json.loads(json.dumps(facts.as_dict()))) == facts


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_gives_facts_that_can_be_files(brief, title):
    if not any(c.isalnum() for c in title + brief):
        return
    facts = extract_facts(title, brief)
    names = [feature.slug for feature in facts.features]

    assert names
    assert len(set(names)) == len(names)
    for name in names + [entity.slug for entity in facts.entities]:
        module = name.replace("-", "_")
        assert module.isidentifier()
        assert module.isascii()
        assert not keyword.iskeyword(module)
    numbers = range(1, len(facts.sentences) + 1)
    assert [s.number for s in facts.sentences] == list(numbers)
    assert all(f.sentence in numbers for f in facts.features)
    assert any(s.asks for s in facts.sentences)
    assert len(facts.questions) <= 5
    assert extract_facts(title, brief) == facts


HOSTILE = ["a", ".", "(", "add, ", "no ", "- ", "[x](", "a b has a ", "a, ", "by x ", "必要", "**", "can be ",
           "to add ", "https://a.b/", "(a, ", "with a b, "]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_four_times_the_text_takes_no_more_than_its_share(piece):
    def seconds(length):
        text = "Show " + piece * (length // len(piece))
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            extract_facts("T", text)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(48_000) < 10 * seconds(12_000) + 0.01


def test_no_sentence_is_longer_than_what_is_looked_at():
    facts = extract_facts("T", "word " * 40_000)

    assert max(len(sentence.text) for sentence in facts.sentences) <= 2000
    assert sum(sentence.text.count("word") for sentence in facts.sentences) == 40_000
