"""Reading ``requirements.json``, which an agent wrote: either plain statements, or words about what is wrong."""

from dataclasses import asdict, dataclass, field
from typing import Any

from apps.core.errors import Invalid

KINDS = ("testable", "manual", "declined")
MOST = 2000
LONGEST = 4000
_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Statement:
    """One requirement as the document says it; ``sentences`` are numbers of the brief's sentences."""

    number: int
    text: str
    kind: str
    sentences: list[int] = field(default_factory=list)
    feature: str = ""
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def statements(document: Any) -> list[Statement]:
    """The requirements of the document. Raises ``Invalid`` naming the first thing that is wrong.

    >>> statements({"requirements": [{"number": 1, "text": "Lists notes", "kind": "testable", "sentences": [2]}]})
    [Statement(number=1, text='Lists notes', kind='testable', sentences=[2], feature='', why='')]
    """
    rows = document.get("requirements") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise _wrong("it has no list 'requirements'")
    if len(rows) > MOST:
        raise _wrong(f"it has {len(rows)} requirements, more than {MOST}")
    found = [_statement(index, row) for index, row in enumerate(rows, start=1)]
    numbers = [one.number for one in found]
    twice = sorted({number for number in numbers if numbers.count(number) > 1}) if len(set(numbers)) < len(rows) else []
    if twice:
        raise _wrong(f"number {twice[0]} occurs twice")
    return found


def _statement(index: int, row: Any) -> Statement:
    place = f"entry {index}"
    if not isinstance(row, dict):
        raise _wrong(f"{place} is not an object")
    number: Any = row.get("number")
    if not _is_number(number):
        raise _wrong(f"{place} has no number from 1 upwards")
    kind = row.get("kind")
    if kind not in KINDS:
        raise _wrong(f"{place} has a kind that is none of {', '.join(KINDS)}")
    sentences = row.get("sentences", [])
    if not isinstance(sentences, list) or not all(_is_number(sentence) for sentence in sentences):
        raise _wrong(f"{place} has sentences that are not numbers from 1 upwards")
    text = _text(row, "text", place, LONGEST)
    if not text.strip():
        raise _wrong(f"{place} says nothing")
    return Statement(
        number, text, kind, sentences, _text(row, "feature", place, 120), _text(row, "why", place, LONGEST)
    )


def _text(row: dict[str, Any], key: str, place: str, longest: int) -> str:
    value = row.get(key) or ""
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise _wrong(f"{place} has a '{key}' that is not text of at most {longest} characters")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _LARGEST_NUMBER


def _wrong(what: str) -> Invalid:
    return Invalid({"requirements": f"requirements.json can't be used: {what}."})
