"""What people change in the facts: applied anew on every planning, so that the brief itself is never edited.

A correction is plain JSON, as a goal keeps it: ``{"fact": ..., "change": {...}, "by": ..., "at": ...}``.

| fact                    | change                                          |
|-------------------------|-------------------------------------------------|
| ``kind``                | ``{"set": kind}``                               |
| ``feature``             | ``{"add": title}``                              |
| ``feature:<slug>``      | ``{"rename": title}`` or ``{"drop": true}``     |
| ``entity:<slug>``       | ``{"fields": [name, ...]}`` or ``{"drop": true}`` |
| ``user:<name>``, ``quality:<name>`` | ``{"drop": true}``                  |
| ``constraint:<kind>``   | ``{"drop": text}``                              |
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.engine.facts.extract import extract_facts
from apps.engine.facts.features import entity_of, short_title
from apps.engine.facts.items import Found, item_features
from apps.engine.facts.model import KINDS, WITHOUT_THINGS, Entity, Facts, Feature, Sentence
from apps.engine.facts.nouns import slug, unique
from apps.engine.facts.questions import points_left_open
from apps.engine.facts.words import CREATING_VERBS

LONGEST = 300
MOST_FIELDS = 20


class BadCorrection(ValueError):
    """This is no correction of a fact."""

    def __init__(self, words: str) -> None:
        super().__init__(words)


@dataclass(frozen=True)
class Correction:
    """One change: ``fact`` is the sort of fact, ``name`` which one, ``verb`` what is done, ``value`` with what."""

    fact: str
    name: str
    verb: str
    value: Any

    def __str__(self) -> str:
        """The change in words, as pages show it.

        >>> str(parsed({"fact": "feature:add-note", "change": {"rename": "Keep a note"}}))
        "The feature 'add-note' is called 'Keep a note'."
        """
        return _WORDS[self.fact, self.verb].format(name=self.name, value=_told(self.value))


_WORDS = {
    ("kind", "set"): "The kind of thing is {value}.",
    ("feature", "add"): "The feature '{value}' is wanted too.",
    ("feature", "rename"): "The feature '{name}' is called '{value}'.",
    ("feature", "drop"): "The feature '{name}' is not wanted.",
    ("entity", "fields"): "A thing '{name}' has the fields {value}.",
    ("entity", "drop"): "'{name}' is nothing that is kept.",
    ("user", "drop"): "'{name}' is no user.",
    ("quality", "drop"): "'{name}' is not asked for.",
    ("constraint", "drop"): "This is no limit ({name}): {value}",
}


def _told(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value).replace("_", " ")


def parsed(item: Mapping[str, Any]) -> Correction:
    """The correction that a piece of JSON holds. Raises BadCorrection with words for people."""
    fact, change = item.get("fact"), item.get("change")
    if not isinstance(fact, str) or not isinstance(change, Mapping) or len(change) != 1:
        raise BadCorrection("A correction names one fact and one change of it.")
    sort, _, name = fact.partition(":")
    verb, value = next(iter(change.items()))
    if (sort, verb) not in _WORDS or (not name) != (sort == "kind" or verb == "add"):
        raise BadCorrection(f"'{fact[:80]}' can't be changed by '{str(verb)[:40]}'.")
    if sort == "kind" and value not in KINDS:
        raise BadCorrection(f"The kind is one of {', '.join(KINDS)}.")
    if verb == "drop" and sort != "constraint" and value is not True:
        raise BadCorrection(f"To drop '{fact[:80]}' is either true or not said.")
    if verb == "fields":
        value = _fields(value)
    elif verb in ("add", "rename"):
        value = _line(value, LONGEST)
    elif sort == "constraint" and not isinstance(value, str):
        raise BadCorrection("Name the limit by its text.")
    return Correction(sort, name, verb, value)


def _line(value: Any, longest: int) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not any(c.isalnum() for c in text) or len(text) > longest or not text.isprintable():
        raise BadCorrection(f"Write it on one line, with at most {longest} characters.")
    return text


def _fields(value: Any) -> list[str]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_FIELDS:
        raise BadCorrection(f"Name from one to {MOST_FIELDS} fields.")
    return list(dict.fromkeys(_line(name, 60).lower() for name in value))


def understand(title: str, brief: str, changes: Iterable[Mapping[str, Any]], answers: Mapping[str, str]) -> Facts:
    """The facts of a brief with what people corrected, oldest correction first. Raises what extract_facts raises.

    A kind that a person said (corrected, or answered) is the one that the brief is read for.
    """
    known = _readable(changes)
    kind = next((c.value for c in reversed(known) if c.fact == "kind"), answers.get("kind", ""))
    return corrected(extract_facts(title, brief, kind=kind), known)


def _readable(changes: Iterable[Mapping[str, Any]]) -> list[Correction]:
    found = []
    for item in changes:
        try:
            found.append(parsed(item))
        except BadCorrection:
            continue  # kept by an older version: what it meant is not known any more
    return found


def corrected(facts: Facts, changes: Sequence[Correction]) -> Facts:
    """The facts after the corrections, in their order. One about a fact that is not there changes nothing.

    >>> facts = extract_facts("Notes", "A web app. Users can add notes and delete notes.")
    >>> change = parsed({"fact": "feature:delete-notes", "change": {"drop": True}})
    >>> [feature.slug for feature in corrected(facts, [change]).features]
    ['add-notes']
    """
    for change in changes:
        facts = _APPLY[change.fact, change.verb](facts, change)
    if not changes:
        return facts
    kept = {"addressed"} if any(change.fact == "kind" for change in changes) else {"addressed", "kind"}
    said = {question.key: question for question in facts.questions if question.key in kept}
    return replace(facts, questions=(*said.values(), *points_left_open(facts)))


def _kind(facts: Facts, change: Correction) -> Facts:
    return replace(facts, kind=change.value)


def _add(facts: Facts, change: Correction) -> Facts:
    """The added feature rests on a sentence of its own, behind those of the brief, so that it can be traced."""
    number = max((sentence.number for sentence in facts.sentences), default=0) + 1
    found = item_features(change.value, number)
    fresh = [each for each in found if not any(_same(each, feature) for feature in facts.features)]
    if not fresh:
        return facts
    facts = replace(facts, sentences=(*facts.sentences, Sentence(number, change.value, True)))
    for each in fresh:
        facts = _with_thing(facts, each)
        facts = replace(facts, features=(*facts.features, _feature(facts, each)))
    return facts


def _same(found: Found, feature: Feature) -> bool:
    return slug(found.title) == slug(feature.title)


def _feature(facts: Facts, found: Found) -> Feature:
    name = unique(slug(short_title(found)), {feature.slug for feature in facts.features}, "feature")
    return Feature(name, found.title, found.sentence, found.verb, entity_of(found, facts.entities))


def _with_thing(facts: Facts, found: Found) -> Facts:
    """With the thing that the feature makes, if nothing of that name is kept yet."""
    name = slug(found.thing)
    makes = found.verb in CREATING_VERBS and name and facts.kind not in WITHOUT_THINGS
    if not makes or any(entity.slug == name for entity in facts.entities):
        return facts
    return replace(facts, entities=(*facts.entities, Entity(name, found.thing, tuple(found.fields), found.sentence)))


def _rename(facts: Facts, change: Correction) -> Facts:
    features = list(facts.features)
    for index, feature in enumerate(features):
        if feature.slug == change.name:
            found = replace(_one(change.value, feature.sentence), title=change.value)
            others = replace(facts, features=tuple(f for f in features if f is not feature))
            features[index] = _feature(others, found)
    return replace(facts, features=tuple(features))


def _one(title: str, number: int) -> Found:
    return item_features(title, number)[0]


def _drop_feature(facts: Facts, change: Correction) -> Facts:
    kept = tuple(feature for feature in facts.features if feature.slug != change.name)
    return _quiet(facts, replace(facts, features=kept)) if kept else facts


def _entity_fields(facts: Facts, change: Correction) -> Facts:
    entities = (replace(e, fields=tuple(change.value)) if e.slug == change.name else e for e in facts.entities)
    return replace(facts, entities=tuple(entities))


def _drop_entity(facts: Facts, change: Correction) -> Facts:
    entities = tuple(entity for entity in facts.entities if entity.slug != change.name)
    features = tuple(replace(f, entity="") if f.entity == change.name else f for f in facts.features)
    return _quiet(facts, replace(facts, entities=entities, features=features))


def _drop_user(facts: Facts, change: Correction) -> Facts:
    return replace(facts, users=tuple(user for user in facts.users if user.name != change.name))


def _drop_quality(facts: Facts, change: Correction) -> Facts:
    kept = tuple(quality for quality in facts.qualities if quality.name != change.name)
    return _quiet(facts, replace(facts, qualities=kept))


def _drop_constraint(facts: Facts, change: Correction) -> Facts:
    kept = tuple(c for c in facts.constraints if (c.kind, c.text) != (change.name, change.value))
    return _quiet(facts, replace(facts, constraints=kept))


_RESTING = ("features", "entities", "qualities", "constraints", "kind_evidence")


def _quiet(before: Facts, after: Facts) -> Facts:
    """A sentence on which nothing rests any more asks no longer: a person said that it is not wanted."""
    silenced = _resting(before) - _resting(after)
    sentences = (replace(s, asks=False) if s.number in silenced else s for s in after.sentences)
    return replace(after, sentences=tuple(sentences))


def _resting(facts: Facts) -> set[int]:
    return {item.sentence for name in _RESTING for item in getattr(facts, name)}


_APPLY: dict[tuple[str, str], Callable[[Facts, Correction], Facts]] = {
    ("kind", "set"): _kind,
    ("feature", "add"): _add,
    ("feature", "rename"): _rename,
    ("feature", "drop"): _drop_feature,
    ("entity", "fields"): _entity_fields,
    ("entity", "drop"): _drop_entity,
    ("user", "drop"): _drop_user,
    ("quality", "drop"): _drop_quality,
    ("constraint", "drop"): _drop_constraint,
}
