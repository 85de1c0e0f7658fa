"""Entities and their fields: "a book has a title and an author", "Book: title, author", "notes (title, text)"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.engine.facts import words
from apps.engine.facts.nouns import singular, slug

MOST_FIELDS = 20

_HAS = re.compile(
    r"^(?:(?:every|each|an?|the|all|for each|jedes?r?|ein|eine|chaque|un|une|cada|una)\s+)?"
    r"((?:[^\W\d_][\w-]{0,30}\s+){0,2}?[^\W\d_][\w-]{0,30})\s+"
    r"(?:must have|should have|will have|have|has|consists? of|contains?|includes?|stores?|is described by|records?"
    r"|hat|haben|a|ont|tiene|tienen)\s+"
    r"(?:the following (?:fields|columns)\s*:?\s*)?(.+)$",
    re.I,
)
_COLON = re.compile(r"^((?:[^\W\d_][\w-]{0,30}\s+){0,1}[^\W\d_][\w-]{0,30})\s*(?::|\s[–—-]\s)\s*(.+)$")
_PARENTHESES = re.compile(r"([^\W\d_][\w-]{1,30})\s*\(([^()]{3,300})\)")
_WITH = re.compile(r"\b(?:an?|every|each)\s+([^\W\d_][\w-]{1,30})\s+with\s+((?:an?|its|the)\s+[^.;]{3,300})", re.I)
_NOT_FIELDS = words.word_set("to been be no not never only one two already it more been access problem idea")

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
    match = _HAS.match(text)
    if match is None and data_section:
        match = _COLON.match(text) or _PARENTHESES.match(text)
    if match is None:
        return None
    name = _entity_name(match.group(1))
    fields = field_list(match.group(2))
    if not name or not fields or (len(fields) < 2 and not data_section):
        return None
    return Definition(name, fields)


def mentioned(text: str) -> Iterator[Definition]:
    """Entities that a sentence describes in passing: "notes (title, text)" or "a note with a title and a text"."""
    for pattern in (_PARENTHESES, _WITH):
        for match in pattern.finditer(text):
            name = _entity_name(match.group(1))
            fields = field_list(match.group(2))
            if name and len(fields) >= 2:
                yield Definition(name, fields)


def _entity_name(phrase: str) -> str:
    parts = [part for part in phrase.lower().split() if part not in words.DETERMINERS]
    if not parts or len(parts) > 2 or parts[-1] in words.THING_WORDS | words.PRONOUNS | words.MODALS | {"we", "team"}:
        return ""
    return " ".join([*parts[:-1], singular(parts[-1])])


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
    for index, part in enumerate(kept):
        if index and part in words.PREPOSITIONS:
            kept = kept[:index]
            break
    if not kept:
        return ""
    if len(kept) > 3 or kept[0] in _NOT_FIELDS or kept[0] in words.MODALS or not kept[0][:1].isalpha():
        return None
    return " ".join(kept)
