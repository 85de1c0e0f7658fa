"""From a brief to its facts, without a model: the same text always gives the same facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from apps.engine.facts import entities as entity_text
from apps.engine.facts import words
from apps.engine.facts.features import Found, item_feature, name_features, prose_features, same_thing, topics
from apps.engine.facts.kinds import find_kind
from apps.engine.facts.limits import constraints_of, forbidden_clauses, qualities_of, users_of
from apps.engine.facts.model import Constraint, Entity, Evidence, Facts, Quality, Sentence, User
from apps.engine.facts.nouns import slug
from apps.engine.facts.phrases import base_verb, find_phrases
from apps.engine.facts.questions import find_questions
from apps.engine.facts.sentences import Segment, segments, tokens

MOST_ENTITIES = 20
LONGEST_FRAGMENT = 12  # tokens of a sentence that asks without a verb: "No third-party packages."


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
    reading = _Reading(found)
    reading.read()
    return reading.facts(" ".join(title.split()))


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


@dataclass
class _Reading:
    """One pass over the segments; everything found is kept with its sentence's number."""

    found: list[Segment]
    sentences: list[Sentence] = field(default_factory=list)
    features: list[Found] = field(default_factory=list)
    entities: dict[str, Entity] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    qualities: dict[str, int] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    passages: list[tuple[int, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def read(self) -> None:
        sizes = _list_sizes(self.found)
        for number, (segment, size) in enumerate(zip(self.found, sizes, strict=True), start=1):
            cut = tokens(segment.text)
            for token in cut:
                self.counts[token.lower()] = self.counts.get(token.lower(), 0) + 1
            asks = self._read_one(number, segment, cut, size)
            self.sentences.append(Sentence(number, segment.text, asks))

    def _read_one(self, number: int, segment: Segment, cut: Sequence[str], list_size: int) -> bool:
        text = segment.text
        if segment.shape == "code":
            return False
        if segment.shape == "heading" or (segment.section == "background" and segment.shape == "item"):
            self.passages.append((number, text))
            return False
        forbids = segment.shape == "item" and segment.section == "out_of_scope"
        constraints = list(constraints_of(text, number, forbids=forbids))
        self.constraints.extend(constraints)
        self.passages.append((number, _without(text, [c.text for c in constraints if c.kind == "must_not"])))
        if not forbids:
            for user in users_of(cut):
                self.users.setdefault(user, number)
            for quality in qualities_of(cut):
                self.qualities.setdefault(quality, number)
        if forbids or text.endswith(":"):
            return forbids
        defined = entity_text.definition_of(text, data_section=segment.section == "data")
        if defined:
            self._define(defined, number)
            return True
        for mention in entity_text.mentioned(text):
            self._define(mention, number)
        if segment.shape == "item":
            return self._read_item(number, segment, cut, constraints, list_size)
        return self._read_prose(number, text, cut, constraints)

    def _read_item(
        self, number: int, segment: Segment, cut: Sequence[str], constraints: list[Constraint], list_size: int
    ) -> bool:
        if segment.section == "users":
            name = " ".join(cut[:1]).lower()
            self.users.setdefault(name, number)
            return False
        if segment.section in ("constraints", "data") or _only_limits(cut, constraints):
            return True
        found = [] if list_size > 2 else prose_features(segment.text, number)
        self.features.extend(found if len(found) > 1 else [item_feature(segment.text, number)])
        return True

    def _read_prose(self, number: int, text: str, cut: Sequence[str], constraints: list[Constraint]) -> bool:
        asks = _asks(cut) or any(c.kind in ("must_not", "technology") for c in constraints)
        allowed = _without(text, forbidden_clauses(text))
        if asks:
            self.features.extend(prose_features(allowed, number))
        return asks

    def _define(self, defined: entity_text.Definition, number: int) -> None:
        known = self.entities.get(defined.slug)
        if not defined.slug or (known and known.fields):
            return
        self.entities[defined.slug] = Entity(defined.slug, defined.name, defined.fields, number)

    def _settle(self, kind: str, evidence: Sequence[Evidence]) -> None:
        """What can be read only once the kind is known: the sentence that names it asks, and a report's topics."""
        if kind in ("report", "static_site") and not any(
            self.found[f.sentence - 1].shape == "item" for f in self.features
        ):
            listed = [topic for number, text in self.passages for topic in topics(text, number)]
            self.features = sorted([*self.features, *listed], key=lambda found: found.sentence)
        asking = {e.sentence for e in evidence} | {f.sentence for f in self.features}
        for number in asking - {0}:
            segment = self.found[number - 1]
            tells = segment.text.endswith(":") or bool(words.TELLING & set(segment.text.lower().split()))
            if segment.shape != "heading" and (not tells or self.sentences[number - 1].asks):
                self.sentences[number - 1] = replace(self.sentences[number - 1], asks=True)

    def _add_things(self) -> None:
        """What features store and nobody described is an entity too; its fields are an open question."""
        for found in self.features:
            name = slug(found.thing)
            is_kept = found.verb in words.STORING_VERBS and found.thing not in words.NOT_ENTITIES
            if name and is_kept and not same_thing(name, self.entities):
                self.entities[name] = Entity(name, found.thing, (), found.sentence)

    def facts(self, title: str) -> Facts:
        kind, evidence, scores = find_kind(title, self.passages)
        self._settle(kind, evidence)
        self._add_things()
        entities = tuple(list(self.entities.values())[:MOST_ENTITIES])
        features = name_features(self.features, [e.slug for e in entities], title)
        users = tuple(User(name, number) for name, number in self.users.items())
        constraints = tuple(self.constraints)
        if not any(sentence.asks for sentence in self.sentences):
            self.sentences[0] = replace(self.sentences[0], asks=True)
        return Facts(
            kind=kind,
            title=title or features[0].title,
            language=detect_language(token for token, count in self.counts.items() for _ in range(min(count, 50))),
            sentences=tuple(self.sentences),
            features=features,
            entities=entities,
            users=users,
            qualities=tuple(Quality(name, number) for name, number in self.qualities.items()),
            constraints=constraints,
            questions=find_questions(
                kind, scores, features=features, entities=entities, users=users, constraints=constraints
            ),
            kind_evidence=evidence,
        )


def _list_sizes(found: Sequence[Segment]) -> list[int]:
    """For each segment, how many items its list has (0 outside a list)."""
    sizes = [0] * len(found)
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end].shape == "item":
            end += 1
        for index in range(start, end):
            sizes[index] = end - start
        start = max(end, start + 1)
    return sizes


def _without(text: str, clauses: Iterable[str]) -> str:
    for clause in clauses:
        text = text.replace(clause, " ")
    return text


def _asks(cut: Sequence[str]) -> bool:
    lows = [token.lower() for token in cut]
    first = lows[0] if lows else ""
    if first in words.MAKE_VERBS or first in words.VERBS or lows[:2] in (["as", "a"], ["as", "an"]):
        return True
    if words.REQUEST_WORDS & set(lows) or (find_phrases(cut) and not _past(lows)):
        return True
    return len(lows) <= LONGEST_FRAGMENT and not words.TELLING & set(lows)


def _past(lows: Sequence[str]) -> bool:
    return any(low in ("was", "were", "had", "did", "used", "waren", "war") for low in lows)


def _only_limits(cut: Sequence[str], constraints: Sequence[Constraint]) -> bool:
    """Whether an item sets limits or qualities and names nothing to do."""
    if any(c.kind == "must_not" for c in constraints):
        return True
    first = cut[0].lower() if cut else ""
    acts = bool(base_verb(first)) and first not in ("use", "run", "support", "budget", "test", "start")
    if acts:
        return False
    if constraints:
        return True
    return bool(qualities_of(cut)) and len(cut) <= 8
