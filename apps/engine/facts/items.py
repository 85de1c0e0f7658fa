"""An item of a list as features: mostly one, for the author has done the grouping; two where it has two verbs that
do different things ("edit and delete costumes")."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.engine.facts import words
from apps.engine.facts.entities import named_fields
from apps.engine.facts.nouns import head
from apps.engine.facts.phrases import Phrase, find_phrases, told_verb
from apps.engine.facts.sentences import tokens as cut
from apps.engine.facts.verbs import base_verb

LONGEST_TITLE = 110

_STORY = re.compile(
    r"^(?:as an?|als|en tant que|como) .{1,60}?,?\s+i (?:want|need|would like)(?: to be able)?(?: to)?\s+", re.I
)
_SUBJECT_CAN = re.compile(
    r"^(?:(?:the|an?|all|every|each|die|der|das|les?|la|los?|las)\s+)?[^\W\d_][\w-]{0,30}(?:\s+[^\W\d_][\w-]{0,30})?\s+"
    r"(?:can|must|should|shall|may|will|(?:is|are|be) able to|needs? to|wants? to|peuvent|peut|doit|pueden?|deben?)\s+"
    r"(?:be able to\s+)?",
    re.I,
)
_TWO_PARTS = re.compile(r"^([^:–—.]{3,60}?)\s*(?::|\s[–—]\s|\s-\s)\s*\S")
_PURPOSE = re.compile(r"(?:,|\s)(?:so that|because|damit|afin que|para que|which means)\b.*$", re.I)
_ENDPOINT = re.compile(r"^(GET|POST|PUT|PATCH|DELETE)\s+(/\S*?)[.]?(?:\s*[:–—-]+\s*|\s+|$)(.*)$")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
IS_ENDPOINT = re.compile(r"^(?:GET|POST|PUT|PATCH|DELETE)\s+/")
_ADD_UP = re.compile(r"\badds? (?:up )?.{0,60}?\bup\b|\badds? up\b", re.I)
_METHODS = {"GET": "list", "POST": "add", "PUT": "update", "PATCH": "update", "DELETE": "delete"}


REFERRING = words.word_set("it them they those these one ones")


@dataclass(frozen=True)
class Found:
    """A feature before it has its unique slug. ``refers``: its object is a pronoun for what was named before."""

    title: str
    sentence: int
    verb: str
    thing: str
    fields: tuple[str, ...] = ()
    refers: bool = False
    is_item: bool = False


def without_purpose(text: str) -> str:
    return _PURPOSE.sub("", text)


def title_of(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_TITLE:
        text = text[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",;:") + " …"
    return text[:1].upper() + text[1:]


def item_features(text: str, number: int) -> list[Found]:
    """The features of one item.

    >>> [(f.title, f.verb, f.thing) for f in item_features("**Search:** find a book by title or author", 3)]
    [('Search', 'search', 'book')]
    >>> [(f.title, f.thing) for f in item_features("As a member, I want to renew my loans, so that I keep them.", 4)]
    [('Renew my loans', 'loan')]
    >>> [(f.title, f.thing, f.fields) for f in item_features("add a tool with a name, a size and a place", 5)]
    [('Add a tool with a name, a size and a place', 'tool', ('name', 'size', 'place'))]
    >>> [f.title for f in item_features("Managers can edit and delete costumes.", 6)]
    ['Edit costumes', 'Delete costumes']
    >>> [f.title for f in item_features("POST /bikes – register a bike (size, colour)", 7)]
    ['Register a bike']
    """
    whole = text.replace("**", "").strip()
    if endpoint := _ENDPOINT.match(whole):
        returns = re.sub(r"^(?:returns?|gives?)\s", "list ", endpoint.group(3), flags=re.I)
        whole = returns or _told_by_address(endpoint.group(1), endpoint.group(2))
    whole = without_purpose(whole).strip(" .;:,!")
    bare = _without_subject(_STORY.sub("", whole))
    if _is_passive(bare):
        verb = base_verb(cut(bare)[1])
        return _by_phrases(whole, number) or [Found(title_of(bare), number, verb, "", is_item=True)]
    return list(_split(bare, number)) or [_one(bare, whole, number)]


def _told_by_address(method: str, path: str) -> str:
    """What an address without a word of explanation does: "GET /bikes/{id}" is "show a bike"."""
    parts = [part for part in path.split("/") if part]
    names = [part for part in parts if not part.startswith(("{", ":", "<"))]
    noun = head(names[:1]) or "record"
    if len(names) > 1 and method == "POST" and base_verb(names[-1]):
        return f"{base_verb(names[-1])} a {noun}"
    if method == "GET" and len(parts) > len(names):
        return f"show a {noun}"
    return f"list all {names[0] if names else noun}" if method == "GET" else f"{_METHODS[method]} a {noun}"


def _without_subject(text: str) -> str:
    """ "The cook can see orders" → "see orders", where a verb follows; otherwise the text as it is."""
    match = _SUBJECT_CAN.match(text)
    if match and (match.end() < len(text)):
        rest = text[match.end() :]
        first = cut(rest)[:1]
        if first and (base_verb(first[0]) or first[0].lower() == "be"):
            return rest
    tokens = cut(text)
    at = told_verb(tokens) if len(tokens) > 2 and not base_verb(tokens[0]) else 0
    return text.split(None, at)[at] if at and len(text.split(None, at)) > at else text


def _is_passive(text: str) -> bool:
    parts = text.lower().split()
    return len(parts) > 1 and parts[0] == "be" and bool(base_verb(parts[1]))


def _by_phrases(text: str, number: int) -> list[Found]:
    return [of_phrase(phrase, number, is_item=True) for phrase in find_phrases(cut(text), item=True)]


def of_phrase(phrase: Phrase, number: int, *, is_item: bool = False) -> Found:
    """A verb phrase as a feature."""
    if phrase.verb == "keep" and [part.lower() for part in phrase.object[:2]] == ["track", "of"]:
        phrase = Phrase("track", phrase.object[2:], phrase.subject)
    object_ = " ".join(phrase.object)
    verb = "sum" if phrase.verb == "add" and phrase.object[:1] == ("up",) else phrase.verb
    thing = head(phrase.object[1:] if verb == "sum" and phrase.verb == "add" else phrase.object)
    refers = bool(phrase.object) and phrase.object[0].lower() in REFERRING and not thing
    return Found(title_of(phrase.title), number, verb, thing, named_fields(verb, object_), refers, is_item)


def _split(bare: str, number: int) -> Iterator[Found]:
    """The features of an item that begins with verbs of different groups, joined by "and", "or" or commas."""
    tokens = cut(_IN_BRACKETS.sub("", bare))
    verbs: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at] == "," or tokens[at].lower() in words.JOINERS:
            at += 1
            continue
        verb = base_verb(tokens[at])
        if not verb or (verbs and tokens[at - 1] != "," and tokens[at - 1].lower() not in words.JOINERS):
            break
        verbs.append(verb)
        at += 1
    groups = [words.VERB_GROUPS.get(verb, "") for verb in verbs]
    if len(verbs) < 2 or not all(groups) or len(set(groups)) != len(groups) or at >= len(tokens):
        return
    rest = tuple(tokens[at:])
    for verb in verbs:
        title = Phrase(verb, rest).title
        yield Found(title_of(title), number, verb, head(rest), named_fields(verb, " ".join(rest)), is_item=True)


def _one(bare: str, whole: str, number: int) -> Found:
    two = _TWO_PARTS.match(bare)
    named = two.group(1).strip() if two else bare
    parts = (named, bare[len(named) :].lstrip(" :–—-"))
    phrases = [phrase for part in parts for phrase in find_phrases(cut(part), item=True)]
    tokens = cut(_IN_BRACKETS.sub("", named))
    verb = base_verb(tokens[0]) if tokens else ""
    if not verb and len(tokens) > 1 and tokens[0].lower() in ("end", "note") and tokens[1].lower() in words.DETERMINERS:
        verb = tokens[0].lower()
    last = tokens[-1].lower() if tokens else ""
    ends = not verb and len(tokens) > 1 and last in words.VERBS_DE and not tokens[-1].istitle()
    if ends:
        verb, tokens = last, tokens[:-1]
    title = _imperative(_IN_BRACKETS.sub("", named)) if verb and not ends else named
    thing = head(tokens) if ends else _thing_after_verb(tokens)
    thing = thing or next((head(p.object) for p in phrases if head(p.object)), "") or (head(tokens) if not verb else "")
    thing = thing or (head(tokens[1:]) if verb == "end" else "")
    verb = verb or (phrases[0].verb if phrases else "")
    if verb == "add" and _ADD_UP.search(named):
        verb, thing = "sum", _thing_after_verb(tokens[1:]) or head([t for t in tokens[1:] if t.lower() != "up"])
    refers = len(tokens) > 1 and tokens[1].lower() in REFERRING and not thing
    fields = named_fields(verb, bare.rsplit(None, 1)[0] if ends else bare)
    return Found(title_of(title or whole), number, verb, thing if thing != verb else "", fields, refers, True)


def _imperative(text: str) -> str:
    """ "finds duplicates" → "Find duplicates": the first verb in its base form."""
    first, _, rest = text.partition(" ")
    verb = base_verb(first)
    is_noun = rest.split(" ", 1)[0].lower() in ("on", "of", "with", "in", "")
    is_told = verb and first.lower() not in words.VERBS and first.lower().endswith("s") and not is_noun
    return in_base_form(f"{verb} {rest}".strip()) if is_told else text


def in_base_form(text: str) -> str:
    """ "Reject rows and writes them" → "Reject rows and write them"."""
    return _AND_TOLD.sub(_base_of, text)


_AND_TOLD = re.compile(r"\b(and|or|then) ([a-z]{3,20}s)\b")


def _base_of(match: re.Match[str]) -> str:
    """ "and writes" → "and write", but "and books" stays, for to book is to make a booking only in front."""
    verb = base_verb(match.group(2))
    return (
        f"{match.group(1)} {verb}"
        if verb and verb not in ("book", "list", "note", "order", "report")
        else match.group()
    )


def _thing_after_verb(found: Sequence[str]) -> str:
    rest = list(found)
    while rest and (base_verb(rest[0]) or rest[0] == "," or rest[0].lower() in words.JOINERS):
        rest.pop(0)
    while rest and rest[0].lower() in ("for", "up", "out", "off", "me", "us"):
        rest.pop(0)
    return head(rest) if len(rest) < len(found) else ""
