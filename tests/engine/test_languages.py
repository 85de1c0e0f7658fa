"""Briefs in other languages: recognised, read by small lists, and sentence by sentence where there are none."""

import pytest

from apps.engine.facts import extract_facts

ONE_BY_ONE = {
    "pl": "Potrzebujemy aplikacji dla naszej kawiarni. Klient może zamówić kawę. Barista widzi listę zamówień na dziś.",
    "pt": "Precisamos de uma aplicação para o nosso café. O cliente pode pedir um café. O gerente vê a lista do dia.",
    "nl": "Wij willen een app voor de bibliotheek. Een lid kan een boek lenen. Elke maand is er een lijst van boeken.",
    "ru": "Нам нужно приложение для библиотеки. Читатель может взять книгу. Библиотекарь видит список долгов.",
    "ja": "図書館のためのアプリが必要です。会員は本を予約できます。司書は延滞一覧を印刷します。",
    "zh": "我们需要一个图书馆应用。会员可以预订图书。管理员可以打印逾期清单。",
}


@pytest.mark.parametrize("language", ONE_BY_ONE)
def test_without_lists_each_sentence_that_asks_is_a_feature_and_that_is_said(language):
    facts = extract_facts("T", ONE_BY_ONE[language])

    assert facts.language == language
    assert [feature.sentence for feature in facts.features] == [2, 3]
    assert len({feature.slug for feature in facts.features}) == 2
    told = next(question for question in facts.questions if question.key == "language")
    assert "2 of its sentences could not be taken apart" in told.text


def test_a_question_and_a_ban_are_no_features():
    facts = extract_facts("T", "Chcemy aplikację dla nas. Klient widzi listę. Czy to możliwe? Nie wysyłamy reklam.")

    assert [feature.sentence for feature in facts.features] == [2]
    assert [constraint.sentence for constraint in facts.constraints if constraint.kind == "must_not"] == [4]


@pytest.mark.parametrize(
    ("language", "brief", "titles"),
    [
        ("de", "Wir brauchen eine Webanwendung. Die Nutzer sollen Termine vereinbaren und absagen können.",
         ["Termine vereinbaren", "Termine absagen"]),
        ("fr", "Une application web. Les clients peuvent déposer une demande et suivre une demande.",
         ["Déposer une demande", "Suivre une demande"]),
        ("es", "Una aplicación web. Los clientes pueden pedir una mesa y anular una mesa.",
         ["Pedir una mesa", "Anular una mesa"]),
        ("it", "Un'applicazione web. I soci possono prenotare un campo e annullare la prenotazione.",
         ["Prenotare un campo", "Annullare la prenotazione"]),
    ],
)  # fmt: skip
def test_with_lists_verbs_and_things_are_told_apart(language, brief, titles):
    facts = extract_facts("T", brief)

    assert (facts.language, facts.kind) == (language, "web_application")
    assert [feature.title for feature in facts.features] == titles
    assert "language" not in [question.key for question in facts.questions]


def test_a_verb_that_no_list_has_is_known_by_its_ending_and_place():
    german = extract_facts("T", "Eine Webanwendung. Die Gäste sollen Kegelbahnen aufpolieren können.")
    french = extract_facts("T", "Une application web. Les clients peuvent goudronner une allée.")

    assert [feature.verb for feature in german.features] == ["aufpolieren"]
    assert [feature.verb for feature in french.features] == ["goudronner"]
