"""Nouns: their singular, the head of a phrase, and the short readable names made of them."""

import keyword
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from apps.engine.facts import words

LONGEST_SLUG = 40
# names that would clash with a page, a module or a test file that every plan has anyway
RESERVED = words.word_set(
    """
    index style app cli library contract events acceptance end-to-end store entities features report sources
    summary init main test tests con nul aux prn
    """
)

_IRREGULAR = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "series": "series", "news": "news",
    "data": "data", "status": "status", "addresses": "address", "movies": "movie", "cookies": "cookie", "bus": "bus",
    "buses": "bus", "analyses": "analysis", "statuses": "status", "expenses": "expense", "caches": "cache",
    "houses": "house", "courses": "course", "nurses": "nurse", "purchases": "purchase", "leaves": "leaf",
    "branches": "branch", "always": "always", "recipes": "recipe", "games": "game", "lens": "lens",
}  # fmt: skip


def singular(noun: str) -> str:
    """The singular of an English noun, by rule; words of other languages mostly stay as they are.

    >>> [singular(n) for n in ("books", "categories", "boxes", "address", "expenses", "Notizen", "bus")]
    ['book', 'category', 'box', 'address', 'expense', 'Notizen', 'bus']
    """
    low = noun.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if len(low) < 4 or not low.endswith("s") or low.endswith(("ss", "us", "is")):
        return noun
    if low.endswith("ies") and len(low) > 4:
        return noun[:-3] + "y"
    if low.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return noun[:-2]
    return noun[:-1]


def head(phrase: Sequence[str]) -> str:
    """The noun that a noun phrase is about, in the singular, or nothing.

    >>> head("all overdue books of the library".split()), head("a list of notes".split()), head(["it"])
    ('book', 'note', '')
    """
    kept: list[str] = []
    for token in phrase:
        low = token.lower()
        if low in words.OF_WORDS and kept and kept[-1].lower() in ("list", "lists", "set", "number", "table", "copy"):
            kept = []
        elif low in words.OF_WORDS and not kept:
            continue
        elif low in words.PREPOSITIONS or low in words.OF_WORDS or not low[0].isalpha():
            break
        elif low not in words.DETERMINERS:
            kept.append(low)
    noun = kept[-1] if kept else ""
    if noun in words.PRONOUNS or noun in words.THING_WORDS or len(noun) < 2:
        return ""
    return singular(noun)


def slug(text: str) -> str:
    """A short name of small Latin letters, digits and hyphens; empty if the text has none.

    >>> slug("Über 3 Bücher ausleihen!"), slug("検索"), slug("import"), slug("2 lists")
    ('uber-3-bucher-ausleihen', '', 'import-item', 'n-2-lists')
    """
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("'", "")).lower()
    plain = re.sub(r"[^a-z0-9]+", "-", folded.encode("ascii", "ignore").decode()).strip("-")
    if len(plain) > LONGEST_SLUG:
        plain = plain[: LONGEST_SLUG + 1].rsplit("-", 1)[0][:LONGEST_SLUG].strip("-")
    if plain[:1].isdigit():
        plain = f"n-{plain}"
    if plain.startswith("entity-"):  # tests of entities are named so
        plain = f"the-{plain}"
    if plain in RESERVED or keyword.iskeyword(plain) or keyword.issoftkeyword(plain):
        plain = f"{plain}-item"
    return plain


def unique(wanted: str, taken: Iterable[str], fallback: str) -> str:
    """``wanted`` or, if it is empty or taken, the next free name with a number.

    >>> unique("add", {"add", "add-2"}, "feature"), unique("", set(), "feature")
    ('add-3', 'feature')
    """
    base = wanted or fallback
    used = set(taken)
    name, number = base, 1
    while name in used:
        number += 1
        name = f"{base}-{number}"
    return name


def person(candidates: Sequence[str]) -> Iterator[str]:
    """The first word that names a person, in the singular, unless something else comes before it."""
    for token in candidates:
        low = token.lower()
        if low in words.DETERMINERS:
            continue
        if low in words.THING_WORDS or low in words.NOT_PERSONS or not low[0].isalpha():
            return
        noun = singular(low)
        if low in words.PERSON_WORDS or (low.endswith(words.PERSON_ENDINGS) and len(low) > 4):
            yield noun
            return
