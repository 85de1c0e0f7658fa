"""Entities and their fields: "a book has a title and an author", "Book: title, author", "notes (title, text)"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.engine.facts import words
from apps.engine.facts.nouns import singular, slug

MOST_FIELDS = 20

_HAS = re.compile(
    r"^(?:(?:every|each|an?|the|all|for each|jedes?r?|ein|eine|chaque|un|une|cada|una)\s+)?"
    r"((?:[^\W\d_][\w-]{0,30}\s+){0,2}?[^\W\d_][\w-]{0,30})\s+"
    r"(?:must have|should have|will have|have|has|consists? of|contains?|includes?|stores?|is described by|records?"
    r"|hat|haben|(?<=\s)ont|tiene|tienen)\s+"
    r"(?:the following (?:fields|columns)\s*:?\s*)?(.+)$",
    re.I,
)
_HAS_FR = re.compile(
    r"^(?:chaque|une?|l[ea]s?)\s+((?:[^\W\d_][\w-]{0,30}\s+){0,1}[^\W\d_][\w-]{0,30})\s+(?:a|ont)\s+(.+)$", re.I
)
_COLON = re.compile(r"^((?:[^\W\d_][\w-]{0,30}\s+){0,1}[^\W\d_][\w-]{0,30})\s*(?::|\s[–—-]\s)\s*(.+)$")
_PARENTHESES = re.compile(r"([^\W\d_][\w-]{1,30})\s*\(([^()]{3,300})\)")
_AFTER_COLON = re.compile(r"([^\W\d_][\w-]{1,30}):\s+([^:.;]{3,300})$")
_WITH = re.compile(r"\b(?:with|mit|avec|con)\s+(.{3,300})$", re.I)
_NOT_FIELDS = words.word_set("to been be no not never only just one two already it more been access problem idea")

_GERMAN = {"namen": "name"}  # the accusative after "hat einen"
_FILLERS = words.word_set("optional optionally and unique or zero")


@dataclass(frozen=True)
class Definition:
    name: str
    fields: tuple[str, ...]

    @property
    def slug(self) -> str:
        return slug(self.name)


def definition_of(text: str, *, data_section: bool = False) -> Definition | None:
    """The entity that a whole sentence or item defines, if that is what it does.

    >>> definition_of("A book has a title, an author and a year.")
    Definition(name='book', fields=('title', 'author', 'year'))
    >>> definition_of("Loan: book, member, due date", data_section=True)
    Definition(name='loan', fields=('book', 'member', 'due date'))
    >>> definition_of("The team has no idea.") is None
    True
    """
    text = text.strip().rstrip(".;!")
    match = _HAS.match(text) or _HAS_FR.match(text)
    if match is None and data_section:
        match = _COLON.match(text) or _PARENTHESES.match(text)
    if match is None:
        return None
    is_one = bool(_ANY.match(text))
    name = _entity_name(match.group(1), either=is_one, is_one=is_one)
    fields = field_list(match.group(2))
    if not name or not fields or (len(fields) < 2 and not data_section):
        return None
    if not data_section and name.split()[0] in words.VERBS and match.start(1) == 0:
        return None  # "record books", not "a record has"
    return Definition(name, fields)


def listed(text: str) -> Definition | None:
    """What "Entry: message, type, author." would define, if it turns out that the brief keeps entries.

    >>> listed("Entry: message, type, author."), listed("Note: it rains, so stay at home and read.")
    (Definition(name='entry', fields=('message', 'type', 'author')), None)
    """
    match = _COLON.match(text.strip().rstrip(".;!"))
    name, fields = (_entity_name(match.group(1)), field_list(match.group(2))) if match else ("", ())
    return Definition(name, fields) if name and len(fields) >= 2 and all(len(f.split()) < 3 for f in fields) else None


def named_fields(verb: str, text: str) -> tuple[str, ...]:
    """The fields that a wish to keep something names: "add a book with a title", "enter members (name, age)".

    >>> named_fields("add", "a book with title, author and year"), named_fields("enter", "members (name, joined on)")
    (('title', 'author', 'year'), ('name', 'joined on'))
    >>> named_fields("block", "a room with a projector and a screen"), named_fields("add", "a note with care")
    ((), ())
    """
    if verb not in words.CREATING_VERBS | words.BRINGING_VERBS:
        return ()
    brackets = _PARENTHESES.search(text) or _AFTER_COLON.search(text)
    match = _WITH.search(re.sub(r"\([^()]*\)", "", text))
    fields = (*(field_list(brackets.group(2)) if brackets else ()), *(field_list(match.group(1)) if match else ()))
    return tuple(dict.fromkeys(fields)) if len(fields) >= 2 else ()


def merged(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """The known fields and those of ``more`` that are none of them in other words ("affected service", "service").

    >>> merged(("title", "service"), ("affected service", "year", "titles"))
    ('title', 'service', 'year')
    """
    last = {singular(name.split()[-1]) for name in known}
    return (*known, *(name for name in more if singular(name.split()[-1]) not in last))[:MOST_FIELDS]


_ANY = re.compile(r"^(?:every|each|an?|jedes?r?|eine?|une?|chaque|una?|cada)\s", re.I)


def _entity_name(phrase: str, *, either: bool = False, is_one: bool = False) -> str:
    """``either``: it stands for any of its kind ("a tool has …"), so that it may be a word for what is built too."""
    parts = [part for part in phrase.lower().split() if part not in words.DETERMINERS]
    things = words.THING_WORDS - words.EITHER_WORDS if either else words.THING_WORDS
    if not parts or len(parts) > 2 or parts[-1] in things | words.PRONOUNS | words.MODALS | {"we", "team"}:
        return ""
    return " ".join(parts) if is_one else " ".join([*parts[:-1], singular(parts[-1])])


def field_list(text: str) -> tuple[str, ...]:
    """The fields in a list of nouns, or none if it reads like prose rather than a list.

    >>> field_list("a title, an author, and an optional due date (a day)"), field_list("to be fast")
    (('title', 'author', 'due date'), ())
    """
    text = re.sub(r"\([^()]*\)", "", text)
    text = re.split(r"[.;]\s|\s(?:so that|because|which|that|where|who)\s", text, maxsplit=1)[0]
    fields: list[str] = []
    for part in re.split(r",|\s(?:and|or|und|oder|sowie|et|ou|y|e|as well as)\s|&|/", f" {text} "):
        field = _field(part.split())
        if field is None:
            return ()
        if field and field not in fields:
            fields.append(field)
    return tuple(fields[:MOST_FIELDS])


def _field(parts: Sequence[str]) -> str | None:
    """One field's name; empty if the part holds nothing, None if it is no field at all."""
    kept = [part.lower().strip("\"'`:.!?") for part in parts]
    while kept and kept[0] in words.DETERMINERS | _FILLERS:
        kept.pop(0)
    for index, part in enumerate(kept[:-1]):
        if index and part in words.PREPOSITIONS:
            kept = kept[:index]
            break
    if not kept:
        return ""
    if len(kept) > 3 or kept[0] in _NOT_FIELDS or kept[0] in words.MODALS or not kept[0][:1].isalpha():
        return None
    if kept[0] == "number" and len(kept) == 3 and kept[1] == "of":
        return f"number of {kept[2]}"
    return " ".join(_GERMAN.get(part, part) for part in kept)
