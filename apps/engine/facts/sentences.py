"""A brief, cut into segments: headings, items of lists, sentences of prose, lines of code.

Every step walks the text once, and no segment is longer than LONGEST characters, so that the patterns which later look
at a segment can cost no more than a constant for each: 200 KB without a full stop take as long as 200 KB of prose.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.engine.facts import words

LONGEST = 2000

_BULLET = re.compile(r"^([ \t]*)(?:[-*+•‣◦–—·]|\(?\d{1,3}[.)]|\(?[a-zA-Z][)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)$")
_RULE = re.compile(r"^[ \t]*([=_*~-])\1{2,}[ \t]*$")
_STOP = re.compile(r"[.!?…]{1,9}[\"'”’»)\]]{0,4}\s+|[。！？]+\s*")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*'?|[^\w\s]|_")
_LAST_WORD = re.compile(r"([^\s(]{1,12})$")


@dataclass(frozen=True)
class Segment:
    """``shape`` is heading, item, prose or code; ``indent`` in columns; ``lead`` is the line that introduces it
    (ending with a colon, or the heading above), ``section`` what that lead announces (a key of words.SECTIONS)."""

    text: str
    shape: str
    indent: int = 0
    lead: str = ""
    section: str = ""


def tokens(text: str) -> list[str]:
    """Words and punctuation marks.

    >>> tokens("Don't add e-mails, please.")
    ["Don't", 'add', 'e-mails', ',', 'please', '.']
    """
    return _WORD.findall(text.replace("’", "'"))


def clean(text: str) -> str:
    """A segment without Markdown's emphasis and links, its white space folded.

    >>> clean("**Search**  for `books` in [the list](http://x.y)")
    'Search for books in the list'
    """
    text = re.sub(r"\[([^\]\[]{1,200})\]\([^()\s]{0,300}\)", r"\1", text)
    text = re.sub(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)", "", text)
    return " ".join(text.split())


def segments(brief: str) -> list[Segment]:
    """The brief as segments in reading order. A line that only draws is left out; control characters become blanks.

    >>> [s.text for s in segments("# Notes\\n\\nUsers can:\\n- add notes\\n- search. Fast, e.g. by tag.")]
    ['Notes', 'Users can:', 'add notes', 'search. Fast, e.g. by tag.']
    """
    return list(_with_leads(_blocks(_printable(brief))))


def _printable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in text)


class _Blocks:
    """The walk over the lines, with what is open: a paragraph, an item of a list, or a fence."""

    def __init__(self) -> None:
        self.out: list[Segment] = []
        self.paragraph: list[str] = []
        self.item: list[str] = []
        self.indent = 0
        self.fenced = False

    def close(self) -> None:
        if self.paragraph:
            self.out.extend(_prose(" ".join(self.paragraph)))
        if self.item:
            self.out.extend(_pieces(" ".join(self.item), "item", self.indent))
        self.paragraph, self.item = [], []

    def line(self, line: str) -> None:
        stripped = line.strip()
        if stripped.startswith(("```", "~~~")):
            self.close()
            self.fenced = not self.fenced
        elif self.fenced:
            self.out.extend(_pieces(stripped, "code", 0))
        elif not stripped:
            self.close()
        elif _RULE.match(line):
            self._rule()
        elif heading := _HEADING.match(line):
            self.close()
            self.out.extend(_pieces(heading.group(1).rstrip("# "), "heading", 0))
        else:
            self._text(line, stripped)

    def _rule(self) -> None:
        """A line of dashes underlines the one line above it, or only draws."""
        if len(self.paragraph) == 1:
            self.out.extend(_pieces(self.paragraph.pop(), "heading", 0))
        self.close()

    def _text(self, line: str, stripped: str) -> None:
        if bullet := _BULLET.match(line):
            self.close()
            self.indent = len(bullet.group(1).expandtabs(4))
            self.item = [line[bullet.end() :].strip()]
        elif self.item and line[:1] in " \t":
            self.item.append(stripped)
        else:
            if self.item:
                self.close()
            self.paragraph.append(stripped)
            if stripped.endswith(":"):
                self.close()


def _blocks(text: str) -> list[Segment]:
    walk = _Blocks()
    for line in text.split("\n"):
        walk.line(line)
    walk.close()
    return walk.out


def _prose(text: str) -> Iterator[Segment]:
    for sentence in split_sentences(text):
        yield from _pieces(sentence, "prose", 0)


def split_sentences(text: str) -> list[str]:
    """Prose cut after full stops, but not after an abbreviation, an initial or before a small letter.

    >>> split_sentences("It costs approx. 3.50 EUR, e.g. for Dr. Ada. Then pay! Fertig? Ja.")
    ['It costs approx. 3.50 EUR, e.g. for Dr. Ada.', 'Then pay!', 'Fertig?', 'Ja.']
    """
    out: list[str] = []
    start = 0
    for stop in _STOP.finditer(text):
        if stop.group()[0] == "." and not _ends_here(text, start, stop):
            continue
        out.append(text[start : stop.end()].strip())
        start = stop.end()
    out.append(text[start:].strip())
    return [sentence for sentence in out if sentence]


def _ends_here(text: str, start: int, stop: re.Match[str]) -> bool:
    before = _LAST_WORD.search(text[max(start, stop.start() - 12) : stop.start()])
    word = before.group(1).lower() if before else ""
    if word in words.ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return False
    after = text[stop.end() : stop.end() + 1]
    return not after.islower()


def _pieces(text: str, shape: str, indent: int) -> Iterator[Segment]:
    while len(text) > LONGEST:
        cut = text.rfind(" ", LONGEST // 2, LONGEST)
        cut = LONGEST if cut < 0 else cut
        yield Segment(clean(text[:cut]), shape, indent)
        text = text[cut:].strip()
    text = clean(text)
    if any(c.isalnum() for c in text):
        yield Segment(text, shape, indent)


def _with_leads(found: Iterable[Segment]) -> Iterator[Segment]:
    """What introduces each segment: the last line that ended with a colon, else the last heading."""
    heading = colon = ""
    for segment in found:
        if segment.shape == "heading":
            heading, colon = segment.text, ""
        elif segment.shape == "prose":
            colon = segment.text if segment.text.endswith(":") else ""
        lead = heading if segment.shape in ("heading", "prose") else colon or heading
        section = section_of(colon) or section_of(heading) if segment.shape == "item" else section_of(heading)
        yield Segment(segment.text, segment.shape, segment.indent, lead, section)


def section_of(lead: str) -> str:
    """What a heading or lead-in announces, or nothing.

    >>> section_of("Out of scope"), section_of("Users can:"), section_of("Data model"), section_of("Acme Ltd")
    ('out_of_scope', 'features', 'data', '')
    """
    padded = f" {' '.join(tokens(lead.lower()))} "
    if not lead or len(padded) > 240:
        return ""
    if lead.endswith(":") and any(f" {modal} " in padded for modal in words.MODALS):
        negated = any(f" {negation} " in padded for negation in words.NEGATIONS)
        return "out_of_scope" if negated else "features"
    for section, keys in words.SECTIONS.items():
        if any(f" {key}" in padded if " " in key or len(key) > 4 else f" {key} " in padded for key in keys):
            return section
    return ""
