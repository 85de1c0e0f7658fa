"""Features: what the thing has to do, from the items of lists and from sentences of prose.

In a list of three or more items the author has done the grouping: each item is one feature. Elsewhere each verb is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.engine.facts import words
from apps.engine.facts.model import Feature
from apps.engine.facts.nouns import head, slug, unique
from apps.engine.facts.phrases import Phrase, base_verb, find_phrases
from apps.engine.facts.sentences import tokens as cut

MOST_FEATURES = 60
LONGEST_TITLE = 80

_STORY = re.compile(r"^as an? .{1,60}?,?\s+i (?:want|need|would like)(?: to be able)?(?: to)?\s+", re.I)
_SUBJECT_CAN = re.compile(
    r"^(?:(?:the|an?|all|every|each|die|der|das|les?|la|los?|las)\s+)?[^\W\d_][\w-]{0,30}(?:\s+[^\W\d_][\w-]{0,30})?\s+"
    r"(?:can|must|should|shall|may|will|(?:is|are|be) able to|needs? to|wants? to|peuvent|peut|doit|pueden?|deben?)\s+"
    r"(?:be able to\s+)?",
    re.I,
)
_TWO_PARTS = re.compile(r"^([^:–—.]{3,60}?)\s*(?::|\s[–—]\s|\s-\s)\s*\S")
_PURPOSE = re.compile(r"(?:,|\s)(?:so that|because|damit|afin que|para que|which means)\b.*$", re.I)


@dataclass(frozen=True)
class Found:
    """A feature before it has its unique slug."""

    title: str
    sentence: int
    verb: str
    thing: str


def item_feature(text: str, number: int) -> Found:
    """An item of a list as one feature.

    >>> item_feature("**Search:** find a book by title or author", 3)
    Found(title='Search', sentence=3, verb='search', thing='book')
    >>> item_feature("As a member, I want to renew my loans, so that I keep them.", 4)
    Found(title='Renew my loans', sentence=4, verb='renew', thing='loan')
    """
    bare = _PURPOSE.sub("", _SUBJECT_CAN.sub("", _STORY.sub("", text.replace("**", "")))).strip(" .;:,!")
    two = _TWO_PARTS.match(bare)
    named = two.group(1).strip() if two else bare
    parts = (named, bare[len(named) :].lstrip(" :–—-"))
    phrases = [phrase for part in parts for phrase in find_phrases(cut(part), item=True)]
    words_ = cut(named)
    verb = _first_verb(words_) or (phrases[0].verb if phrases else "")
    thing = _thing_after_verb(words_) or next((head(p.object) for p in phrases if head(p.object)), "") or head(words_)
    return Found(_title(named or text), number, verb, thing if thing != verb else "")


def _first_verb(found: Sequence[str]) -> str:
    return base_verb(found[0]) if found else ""


def _thing_after_verb(found: Sequence[str]) -> str:
    rest = list(found)
    while rest and (base_verb(rest[0]) or rest[0] == "," or rest[0].lower() in words.JOINERS):
        rest.pop(0)
    return head(rest) if len(rest) < len(found) else ""


def prose_features(text: str, number: int) -> list[Found]:
    """Each verb of a sentence that asks for something as a feature.

    >>> [f.title for f in prose_features("Users can add, search and delete notes.", 1)]
    ['Add notes', 'Search notes', 'Delete notes']
    """
    found = []
    for phrase in find_phrases(cut(text)):
        if _says_how(phrase):
            continue
        found.append(Found(_title(phrase.title), number, phrase.verb, head(phrase.object)))
    return found


def _says_how(phrase: Phrase) -> bool:
    """Whether a phrase says how it is made rather than what it does: "use SQLite", "create an app", "run on Linux"."""
    if phrase.verb in words.MAKE_VERBS:
        return not head(phrase.object)
    if phrase.verb in ("use", "run", "take") and (not phrase.subject or not phrase.object):
        return True
    is_technical = any(part.lower() in words.TECHNOLOGIES for part in phrase.object)
    return phrase.verb in ("use", "run", "take", "support", "allow", "keep", "give", "start", "stop") and is_technical


def _title(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_TITLE:
        text = text[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",;:") + " …"
    return text[:1].upper() + text[1:]


_TOPICS = re.compile(
    r"(?::\s|\b(?:covers?|covering|including|includes|contains|sections? (?:on|for|about)|chapters? (?:on|about)"
    r"|pages? (?:for|about|with)|about|with)\s)(.{8,})$",
    re.I,
)


def topics(text: str, number: int) -> list[Found]:
    """The parts that a report or a site is to have, where one sentence lists at least two of them.

    >>> [f.title for f in topics("A site for a bakery: opening hours, a list of breads and a contact page.", 1)]
    ['Opening hours', 'List of breads', 'Contact page']
    """
    match = _TOPICS.search(text.rstrip(" .!"))
    if match is None:
        return []
    parts = re.split(r",\s*(?:and\s|und\s|et\s|y\s)?|\s(?:and|und|et|y)\s|;\s", match.group(1))
    names = [" ".join(_bare(part.split())) for part in parts]
    kept = [name for name in names if name and len(name.split()) <= 8]
    return [Found(_title(name), number, "", head(cut(name))) for name in kept] if len(kept) >= 2 else []


def _bare(parts: list[str]) -> list[str]:
    while parts and parts[0].lower() in words.DETERMINERS:
        parts = parts[1:]
    return parts


def name_features(found: Sequence[Found], entities: Sequence[str], title: str) -> tuple[Feature, ...]:
    """The features with unique slugs, without repeats; the title stands in where the brief names none.

    A slug depends on its own feature and on equal ones before it, so that a sentence added later changes no name.
    """
    kept: list[Feature] = []
    seen: set[tuple[str, str]] = set()
    taken: set[str] = set()
    for item in found:
        same = (item.verb, slug(item.title) or item.title)
        if same in seen or len(kept) >= MOST_FEATURES:
            continue
        seen.add(same)
        name = unique(slug(_short(item)), taken, "feature")
        taken.add(name)
        kept.append(Feature(name, item.title, item.sentence, item.verb, same_thing(slug(item.thing), entities)))
    if not kept:
        whole = title.strip() or "The whole brief"
        kept.append(Feature(slug(whole) or "feature", _title(whole), 1, "", ""))
    return tuple(kept)


def same_thing(name: str, entities: Iterable[str]) -> str:
    """The entity that a slug means, also in a plural that the rules do not know, or nothing.

    >>> same_thing("notizen", ["buch", "notiz"]), same_thing("box", ["bo"])
    ('notiz', '')
    """
    known = list(entities)
    if name in known:
        return name
    close = [slug_ for slug_ in known if len(slug_) > 3 and name.startswith(slug_) and len(name) - len(slug_) <= 2]
    return close[0] if close else ""


def _short(item: Found) -> str:
    """Verb and what it acts on, up to the first preposition: what a file can be named after."""
    parts = cut(item.title)
    for index, part in enumerate(parts):
        if index > 1 and (part.lower() in words.PREPOSITIONS or part in ",;(:"):
            parts = parts[:index]
            break
    short = [part for index, part in enumerate(parts) if not index or part.lower() not in words.DETERMINERS]
    return " ".join(short[:6])
