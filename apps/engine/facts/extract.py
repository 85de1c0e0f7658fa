"""From a brief to its facts, without a model: the same text always gives the same facts."""

from collections.abc import Iterable

from apps.engine.facts import words
from apps.engine.facts.features import name_features
from apps.engine.facts.kinds import find_kind
from apps.engine.facts.model import Facts, Quality, User
from apps.engine.facts.questions import find_questions
from apps.engine.facts.reading import Reading
from apps.engine.facts.sentences import segments


class EmptyBrief(ValueError):
    """The brief has no words: write at least one sentence that says what is wanted."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def extract_facts(title: str, brief: str) -> Facts:
    """What the brief wants, each fact with the number of the sentence it rests on.

    Linear in the length of the text. Raises EmptyBrief if neither title nor brief has a word.

    >>> brief = "A web app. Users can add, search and delete notes. A note has a title and a text."
    >>> facts = extract_facts("Notes", brief)
    >>> facts.kind, [f.slug for f in facts.features], facts.entities[0].fields
    ('web_application', ['add-notes', 'search-notes', 'delete-notes'], ('title', 'text'))
    """
    if not any(c.isalnum() for c in title + brief):
        raise EmptyBrief
    found = segments(brief) or segments(title)
    reading = Reading(found)
    reading.read()
    return _facts(reading, " ".join(title.split()))


def _facts(reading: Reading, title: str) -> Facts:
    kind, evidence, scores = find_kind(title, reading.passages)
    reading.settle(kind, evidence)
    entities = tuple(reading.entities.values())
    features = name_features(reading.features, entities, title)
    users = tuple(User(name, number) for name, number in reading.users.items())
    constraints = tuple(reading.constraints)
    return Facts(
        kind=kind,
        title=title or features[0].title,
        language=detect_language(token for token, count in reading.counts.items() for _ in range(min(count, 50))),
        sentences=tuple(reading.sentences),
        features=features,
        entities=entities,
        users=users,
        qualities=tuple(Quality(name, number) for name, number in reading.qualities.items()),
        constraints=constraints,
        questions=find_questions(
            kind, scores, features=features, entities=entities, users=users, constraints=constraints
        ),
        kind_evidence=evidence,
    )


def detect_language(all_tokens: Iterable[str]) -> str:
    """The language with most stop words; English if none leads.

    >>> detect_language("Die Nutzer können das Buch mit einer Karte ausleihen".split()), detect_language([])
    ('de', 'en')
    """
    counts = dict.fromkeys(words.STOP_WORDS, 0)
    for token in all_tokens:
        low = token.lower()
        for language, stop_words in words.STOP_WORDS.items():
            counts[language] += low in stop_words
    return max(counts, key=lambda language: (counts[language], language == "en"))
