"""From a brief to its facts, without a model: the same text always gives the same facts."""

from dataclasses import replace

from apps.engine.facts.features import name_features
from apps.engine.facts.kinds import find_kind
from apps.engine.facts.model import KINDS, Facts, Quality, User
from apps.engine.facts.questions import about_addressed, find_questions
from apps.engine.facts.reading import Reading
from apps.engine.facts.sentences import printable, segments


class EmptyBrief(ValueError):
    """The brief has no words: write at least one sentence that says what is wanted."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def extract_facts(title: str, brief: str, *, kind: str = "") -> Facts:
    """What the brief wants, each fact with the number of the sentence it rests on.

    Linear in the length of the text. A ``kind`` that a person said is taken as it is. Raises EmptyBrief if neither
    title nor brief has a word.

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
    return _facts(reading, " ".join(printable(title).split()), kind)


def _facts(reading: Reading, title: str, said: str) -> Facts:
    kind, evidence, scores = find_kind(title, reading.passages)
    if said in KINDS:
        kind, evidence, scores = said, tuple(each for each in evidence if kind == said), {}
    reading.settle(kind, evidence)
    entities = tuple(reading.entities.values())
    features = name_features(reading.features, entities, title)
    facts = Facts(
        kind=kind,
        title=title or features[0].title,
        language=reading.language,
        sentences=tuple(reading.sentences),
        features=features,
        entities=entities,
        users=tuple(User(name, number) for name, number in reading.users.items()),
        qualities=tuple(Quality(name, number) for name, number in reading.qualities.items()),
        constraints=tuple(reading.constraints),
        kind_evidence=evidence,
    )
    return replace(facts, questions=(*find_questions(kind, scores, facts), *about_addressed(reading.addressed)))
