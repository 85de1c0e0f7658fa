"""Features: what the thing has to do, out of sentences of prose, and the names of all."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from apps.engine.facts import words
from apps.engine.facts.behaviour import says_how
from apps.engine.facts.entities import named_fields
from apps.engine.facts.items import (
    IS_ENDPOINT,
    Found,
    in_base_form,
    item_features,
    of_phrase,
    title_of,
    without_purpose,
)
from apps.engine.facts.model import Entity, Feature
from apps.engine.facts.nouns import head, singular, slug, unique
from apps.engine.facts.phrases import Phrase, find_phrases
from apps.engine.facts.sentences import tokens as cut
from apps.engine.facts.verbs import base_verb

MOST_FEATURES = 60

_COMMAND = re.compile(r"(?:^|,\s|;\s|\band\s)([a-z-]{2,20})\s([a-z]{3,20}s)\s")
_OPTION = re.compile(r"^--[a-z][a-z-]*\s+(?=[a-z]+s\s)")
_BRACKETS = re.compile(r"\s*\([^()]*\)")


def prose_features(text: str, number: int) -> list[Found]:
    """Each verb of a sentence that asks for something as a feature.

    >>> [f.title for f in prose_features("Users can add, search and delete notes.", 1)]
    ['Add notes', 'Search notes', 'Delete notes']
    >>> [f.title for f in prose_features("todo list app, add tasks, check them off", 1)]
    ['Add tasks', 'Check them off']
    >>> [f.title for f in prose_features("add stores an entry, list shows the entries.", 1)]
    ['Add an entry', 'List the entries']
    """
    if IS_ENDPOINT.match(text):
        return item_features(text, number)
    told = without_purpose(_OPTION.sub("", text))
    if commands := _commands(told, number):
        return commands
    tokens = cut(_BRACKETS.sub("", told))
    found = []
    phrases, pieces = find_phrases(tokens), asyndetic(tokens)
    for phrase in pieces if len(pieces) > len(phrases) else phrases:
        if says_how(phrase):
            continue
        made = of_phrase(phrase, number)
        fields = made.fields or _fields_in_brackets(text, made)
        found.append(Found(made.title, number, made.verb, made.thing, fields, made.refers))
    return found


def _fields_in_brackets(text: str, found: Found) -> tuple[str, ...]:
    """What stands in brackets behind the very thing: "enter members (name, e-mail)"."""
    for match in re.finditer(r"([^\W\d_][\w-]{1,30})(?:\s*\([^()]{3,300}\)|:\s[^:.;]{3,300}$)", text.rstrip(" .")):
        if found.thing and singular(match.group(1).lower()) == found.thing:
            return named_fields(found.verb, match.group())
    return ()


def asyndetic(tokens: Sequence[str]) -> list[Phrase]:
    """ "todo app, add tasks, delete them": pieces between commas that begin with a verb."""
    pieces: list[list[str]] = [[]]
    for part in tokens:
        if part in ",;:":
            pieces.append([])
        else:
            pieces[-1].append(part)
    pieces = [piece[1:] if piece and piece[0].lower() in words.JOINERS else piece for piece in pieces]
    verbs = [piece for piece in pieces[1:] if len(piece) > 1 and piece[0].lower() in words.VERBS]
    return [phrase for piece in verbs for phrase in find_phrases(piece, item=True)]


def _commands(text: str, number: int) -> list[Found]:
    """Commands that are told by name: "add stores an entry, list shows the entries"."""
    matches = [m for m in _COMMAND.finditer(text) if m.group(1) in words.VERBS_EN and base_verb(m.group(2))]
    found: list[Found] = []
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else len(text)
        phrases = find_phrases(cut(f"{match.group(1)} {text[match.end() : end].strip(' ,.;')}"), item=True)
        made = [of_phrase(phrase, number) for phrase in phrases[:1]]
        found.extend(replace(each, title=in_base_form(each.title)) for each in made)
    return found if len(found) > 1 else []


def topic_features(names: Iterable[str], number: int) -> list[Found]:
    """The parts of a report or a site, which have no verb."""
    return [Found(title_of(name), number, "", head(cut(name))) for name in names]


def whole_sentence(text: str, number: int) -> Found:
    """A sentence as one feature: what is left where its language has no lists, or none of its verbs is known."""
    return Found(title_of(text.rstrip(" .!;,。！")), number, "", "", is_item=True)


def without_umbrellas(found: Sequence[Found]) -> list[Found]:
    """Without "manage books" of the first sentence where other features say what that means."""
    if len(found) > 3 and found[0].verb in words.UMBRELLA_VERBS and not found[0].is_item:
        found = found[1:]
    things = [item.thing for item in found if item.verb not in words.UMBRELLA_VERBS]
    return [
        item
        for item in found
        if item.is_item
        or item.verb not in words.UMBRELLA_VERBS
        or sum(slug(singular(thing)) in _forms(item.thing) for thing in things if thing) < 2
    ]


def _forms(thing: str) -> set[str]:
    return {slug(thing), slug(thing).rstrip("s"), slug(f"{thing}s")}


def name_features(found: Sequence[Found], entities: Sequence[Entity], title: str) -> tuple[Feature, ...]:
    """The features with unique slugs, without repeats; the title stands in where the brief names none.

    A slug depends on its own feature and on equal ones before it, so that a sentence added later changes no name.
    """
    kept: list[Feature] = []
    seen: set[tuple[str, str]] = set()
    taken: set[str] = set()
    for item in found:
        same = (item.verb, _essence(item))
        if same in seen or len(kept) >= MOST_FEATURES:
            continue
        seen.add(same)
        name = unique(slug(short_title(item)), taken, "feature")
        taken.add(name)
        kept.append(Feature(name, item.title, item.sentence, item.verb, entity_of(item, entities)))
    if not kept:
        whole = title.strip() or "The whole brief"
        kept.append(Feature(slug(whole) or "feature", title_of(whole), 1, "", ""))
    return tuple(kept)


def _essence(item: Found) -> str:
    """A title without its articles and plurals: "add a book" and "Add books" ask for the same."""
    parts = [singular(part.lower()) for part in cut(item.title) if part.lower() not in words.DETERMINERS]
    return slug(" ".join(parts)) or item.title


def entity_of(item: Found, entities: Sequence[Entity]) -> str:
    """The slug of what a feature is about: the thing itself, or the one thing that has it as a field, or nothing."""
    name = slug(item.thing)
    slugs = [entity.slug for entity in entities]
    made = slug(words.MADE_BY.get(item.verb, ""))
    if made in slugs:
        fields = next(entity.fields for entity in entities if entity.slug == made)
        if not same_thing(name, slugs) or item.thing in fields:
            return made
    if found := same_thing(name, [entity.slug for entity in entities]):
        return found
    owners = [e.slug for e in entities if item.thing and any(item.thing == singular(f.split()[-1]) for f in e.fields)]
    if len(owners) == 1:
        return owners[0]
    is_general = not item.thing or item.thing in words.ANY_THINGS or item.verb in words.SUMMING_VERBS
    return slugs[0] if len(slugs) == 1 and item.verb in words.OVERVIEW_VERBS and is_general else ""


def same_thing(name: str, entities: Iterable[str]) -> str:
    """The entity that a slug means, also in a plural that the rules do not know, or nothing.

    >>> same_thing("notizen", ["buch", "notiz"]), same_thing("box", ["bo"]), same_thing("slip", ["return-slip"])
    ('notiz', '', 'return-slip')
    """
    known = list(entities)
    if name in known:
        return name
    ends = [slug_ for slug_ in known if name and slug_.endswith(f"-{name}")]
    if len(ends) == 1:
        return ends[0]
    close = [slug_ for slug_ in known if len(slug_) > 3 and name.startswith(slug_) and len(name) - len(slug_) <= 2]
    return close[0] if close else ""


def short_title(item: Found) -> str:
    """Verb and what it acts on, up to the first preposition: what a file can be named after."""
    parts = cut(item.title)
    ends = parts[-1].lower() == item.verb and len(parts) > 1  # the German order
    for index, part in enumerate(parts):
        if index > 1 and (part.lower() in words.PREPOSITIONS or part in ",;(:"):
            parts = parts[:index]
            break
    short = [part for part in parts if part.lower() not in words.DETERMINERS | {"for", "i"}]
    if ends and short[-1:] != [item.verb]:
        short.append(item.verb)
    return " ".join((short or parts)[:6])
