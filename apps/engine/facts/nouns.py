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


def _is_participle(low: str) -> bool:
    """ "hosts sorted by date": what was done to the things stands behind them."""
    return low.endswith("ed") and (low[:-2] in words.VERBS_EN or low[:-1] in words.VERBS_EN)


_MEASURES = words.word_set("list lists set number table copy average mean sum total history status overview count")
_ENDS_PHRASE = words.PREPOSITIONS | words.OF_WORDS
_AFTER_NOUN = words.JOINERS | words.word_set(
    "out off up down back away i you we they he she nobody somebody is are was were has have must can"
)


def plural(noun: str) -> str:
    """The plural of an English noun, by rule.

    >>> [plural(n) for n in ("book", "category", "box", "person")]
    ['books', 'categories', 'boxes', 'people']
    """
    irregular = {one: many for many, one in _IRREGULAR.items() if one in ("person", "child", "man", "woman", "leaf")}
    if noun in irregular:
        return irregular[noun]
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def with_article(noun: str) -> str:
    """The noun with "a" or "an", by its sound as far as the first letters tell.

    >>> with_article("book"), with_article("entry"), with_article("user"), with_article("hour")
    ('a book', 'an entry', 'a user', 'an hour')
    """
    low = noun.lower()
    is_vowel = (low[:1] in "aeiou" and not low.startswith(("uni", "use", "eu", "one"))) or low.startswith(
        ("hour", "honest")
    )
    return f"{'an' if is_vowel else 'a'} {noun}"


def head(phrase: Sequence[str]) -> str:
    """The noun that a noun phrase is about, in the singular, or nothing.

    >>> head("all overdue books of the library".split()), head("a list of notes".split()), head(["it"])
    ('book', 'note', '')
    >>> head("a flag they no longer need".split()), head("a costume or a prop".split())
    ('flag', 'costume')
    """
    kept: list[str] = []
    for token in phrase:
        low = token.lower()
        if low in words.OF_WORDS and kept and kept[-1].lower() in _MEASURES:
            kept = []
        elif low in words.OF_WORDS and not kept:
            continue
        elif low in _ENDS_PHRASE or not low[0].isalpha() or (kept and (low in _AFTER_NOUN or _is_participle(low))):
            break
        elif low not in words.DETERMINERS:
            kept.append(low)
    noun = kept[-1] if kept else ""
    if noun in words.PRONOUNS or noun in words.THING_WORDS - words.EITHER_WORDS or len(noun) < 2:
        return ""
    return singular(noun)


_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def slug(text: str) -> str:
    """A short name of small Latin letters, digits and hyphens; empty if the text has none.

    >>> slug("Über 3 Bücher ausleihen!"), slug("検索"), slug("import"), slug("2 lists")
    ('uber-3-bucher-ausleihen', '', 'import-item', 'n-2-lists')
    """
    folded = unicodedata.normalize("NFKD", text.replace("'", "").lower().translate(_LETTERS))
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
