"""Facts that a model found: each must quote its sentence and consist of that sentence's words, or it is dropped.

They are only added. What was read without a model stays, above all what the brief forbids.
"""

import keyword
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from apps.engine.facts import CONSTRAINT_KINDS, KINDS, Constraint, Entity, Evidence, Facts, Feature, Quality, User
from apps.planning.thinking.answers import FactsAnswer, SaidEntity, SaidFeature

MOST_FEATURES = 60
MOST_ENTITIES = 20
_WORD = re.compile(r"\w+")
_SMALL = frozenset(
    ("a", "an", "the", "of", "to", "and", "or", "in", "on", "for", "by", "with", "at", "from", "it", "its", "is", "are")
)
LEAST_SHARED = 3
# Words about planning itself. What was read without a model may well have them: a garage has a gate.
_OURS = frozenset(("gate", "gates", "clearance", "clearances", "instruction", "instructions", "prompt", "prompts",
                   "estimate", "estimates", "secret", "secrets", "planner", "validator"))  # fmt: skip


@dataclass
class _Merge:
    facts: Facts
    taken: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def rests(self, what: str, number: int, words: Iterable[str], quote: str | None = None) -> bool:
        """Whether the words are those of the sentence; notes why not."""
        words = list(words)
        ours = _OURS.intersection(_WORD.findall(_folded(" ".join(words))))
        sentence = next((one.text for one in self.facts.sentences if one.number == number), None)
        if sentence is None:
            why = f"there is no sentence {number}"
        elif ours:
            why = f"“{min(ours)}” is a word about planning, not about what is wanted"
        elif quote is not None and _folded(quote) not in _folded(sentence):
            why = f"sentence {number} does not read so"
        elif missing := unsupported(" ".join(words), sentence):
            why = f"sentence {number} does not say “{missing[:40]}”"
        else:
            return True
        self.dropped.append(f"{what}: {why}")
        return False


def merged(facts: Facts, answer: FactsAnswer) -> tuple[Facts, list[str], list[str]]:
    """The facts with those of the answer that hold, what was taken, and what was dropped and why."""
    merge = _Merge(facts)
    _features(merge, answer.features)
    _entities(merge, answer.entities)
    _names(merge, answer)
    _constraints(merge, answer)
    _kind(merge, answer)
    return merge.facts, merge.taken, merge.dropped


def _features(merge: _Merge, said: Sequence[SaidFeature]) -> None:
    known = list(merge.facts.features)
    slugs = {feature.slug for feature in known}
    entities = {entity.slug for entity in merge.facts.entities}
    for one in said:
        slug = slug_of(one.title)
        same = any(f.sentence == one.sentence and alike(f.verb, one.verb) for f in known)
        if not slug or slug in slugs or same or len(known) >= MOST_FEATURES:
            continue
        if merge.rests("a feature", one.sentence, (one.title, one.verb, one.entity), one.quote):
            entity = slug_of(one.entity)
            known.append(Feature(slug, one.title, one.sentence, one.verb, entity if entity in entities else ""))
            slugs.add(slug)
            merge.taken.append(f"feature “{one.title}” (sentence {one.sentence})")
    merge.facts = replace(merge.facts, features=tuple(known))


def _entities(merge: _Merge, said: Sequence[SaidEntity]) -> None:
    known = {entity.slug: entity for entity in merge.facts.entities}
    for one in said:
        slug = slug_of(one.name)
        if (
            not slug
            or len(known) >= MOST_ENTITIES
            or not merge.rests("an entity", one.sentence, (one.name, *one.fields), one.quote)
        ):
            continue
        before = known.get(slug)
        if before is None:
            known[slug] = Entity(slug, one.name.lower(), tuple(dict.fromkeys(one.fields)), one.sentence)
        elif not before.fields and one.fields:
            known[slug] = replace(before, fields=tuple(dict.fromkeys(one.fields)))
        else:
            continue
        merge.taken.append(f"entity “{one.name}” (sentence {one.sentence})")
    answered = {f"fields-{slug}" for slug, entity in known.items() if entity.fields}
    questions = tuple(one for one in merge.facts.questions if one.key not in answered)
    merge.facts = replace(merge.facts, entities=tuple(known.values()), questions=questions)


def _names(merge: _Merge, answer: FactsAnswer) -> None:
    users = {user.name: user for user in merge.facts.users}
    for one in answer.users:
        name = one.name.lower()
        if name not in users and merge.rests("a user", one.sentence, (name,), one.quote):
            users[name] = User(name, one.sentence)
            merge.taken.append(f"user “{name}” (sentence {one.sentence})")
    qualities = {quality.name: quality for quality in merge.facts.qualities}
    for one in answer.qualities:
        name = one.name.lower()
        if name not in qualities and merge.rests("a quality", one.sentence, (name,), one.quote):
            qualities[name] = Quality(name, one.sentence)
            merge.taken.append(f"quality “{name}” (sentence {one.sentence})")
    merge.facts = replace(merge.facts, users=tuple(users.values()), qualities=tuple(qualities.values()))


def _constraints(merge: _Merge, answer: FactsAnswer) -> None:
    known = list(merge.facts.constraints)
    for one in answer.constraints:
        there = any(c.kind == one.kind and c.sentence == one.sentence for c in known)
        if one.kind in CONSTRAINT_KINDS and not there and merge.rests("a constraint", one.sentence, (one.text,)):
            known.append(Constraint(one.kind, one.text, one.sentence))
            merge.taken.append(f"constraint “{one.text}” (sentence {one.sentence})")
    merge.facts = replace(merge.facts, constraints=tuple(known))


def _kind(merge: _Merge, answer: FactsAnswer) -> None:
    """The kind is the model's only where it was a question: it decides which phases have work."""
    said = answer.kind
    asked = any(question.key == "kind" for question in merge.facts.questions)
    if not asked or said.kind not in KINDS or said.kind == merge.facts.kind:
        return
    if merge.rests("the kind", said.sentence, (), said.quote or "\0"):
        # It stays a question, with another default.
        questions = tuple(
            replace(one, default=said.kind) if one.key == "kind" else one for one in merge.facts.questions
        )
        evidence = (*merge.facts.kind_evidence, Evidence(said.quote[:60], said.sentence))
        merge.facts = replace(merge.facts, kind=said.kind, questions=questions, kind_evidence=evidence)
        merge.taken.append(f"kind {said.kind.replace('_', ' ')} (sentence {said.sentence})")


def unsupported(words: str, sentence: str) -> str:
    """The first of the words that the sentence does not have, in no form of it; or nothing.

    >>> unsupported("Baking a cake", "They bake cakes."), unsupported("Sell a cake", "They bake cakes.")
    ('', 'sell')
    """
    there: list[str] = _WORD.findall(_folded(sentence))
    named: list[str] = _WORD.findall(_folded(words))
    for word in named:
        if word not in _SMALL and not any(alike(word, other) for other in there):
            return word
    return ""


def alike(word: str, other: str) -> bool:
    """Whether two words may be forms of one: they begin with the same letters, but for the last few."""
    word, other = _folded(word), _folded(other)
    if word == other:
        return True
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    longest = max(len(word), len(other))
    return shared >= max(LEAST_SHARED, longest - 4, longest / 2)


def slug_of(text: str) -> str:
    """A name for paths and modules: small letters, digits and hyphens, beginning with a letter; may be empty.

    >>> slug_of("Bücher ausleihen!"), slug_of("../../etc"), slug_of("数"), slug_of("import")
    ('bucher-ausleihen', 'etc', '', 'import-it')
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:40].strip("-").lstrip("0123456789-")
    return f"{slug}-it" if keyword.iskeyword(slug) else slug


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
