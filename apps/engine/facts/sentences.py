"""A brief, cut into segments: headings, items of lists, sentences of prose, lines of code.

Every step walks the text once, and no segment is longer than LONGEST characters, so that the patterns which later look
at a segment can cost no more than a constant for each: 200 KB without a full stop take as long as 200 KB of prose.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from apps.engine.facts import words

LONGEST = 2000

_BULLET = re.compile(
    r"^([ \t]*)(?:[-*+•‣◦–—·]|\(?\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?(?=\s+[A-Z])|\(?[a-zA-Z][)]"
    r"|[A-Z]{1,4}-?\d{1,3}[.:)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)"
)
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s+(.*)$")
_DOTTED = re.compile(r"^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+(.*)$")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_ROW_RULE = re.compile(r"^[\s|:-]+$")
_LABEL = re.compile(r"^[A-Z]{1,4}-?\d{1,3}$|^\d{1,3}$")
LONGEST_HEADING = 7  # words of a line that is a heading without a sign
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)$")
_RULE = re.compile(r"^[ \t]*([=_*~-])\1{2,}[ \t]*$")
# of HTML only the tags that people paste: "<name>" is an argument of a command
_TAG = re.compile(
    r"<(script|style)\b[^<>]{0,300}>[^<>]{0,2000}</\1>"
    r"|</?(?:script|style|img|svg|iframe|object|video|a|b|i|u|p|em|strong|div|span|br|h[1-6]|ul|ol|li"
    r"|table|tr|td|th|input|form|button|body|html|head|link|meta|font|center)\b[^<>]{0,300}>",
    re.I,
)
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
    text = _TAG.sub(" ", text)
    text = re.sub(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)", "", text)
    return " ".join(text.split())


def segments(brief: str) -> list[Segment]:
    """The brief as segments in reading order. A line that only draws is left out; control characters become blanks.

    >>> [s.text for s in segments("# Notes\\n\\nUsers can:\\n- add notes\\n- search. Fast, e.g. by tag.")]
    ['Notes', 'Users can:', 'add notes', 'search. Fast, e.g. by tag.']
    """
    return list(_with_leads(_blocks(printable(brief))))


def printable(text: str) -> str:
    """The text with a blank for every control character, also for those that turn the direction of writing."""
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
        self.was_blank = True
        self.blank_next = False

    def close(self) -> None:
        if self.paragraph:
            self.out.extend(_prose(" ".join(self.paragraph)))
        if self.item:
            self.out.extend(_pieces(" ".join(self.item), "item", self.indent))
        self.paragraph, self.item = [], []

    def line(self, line: str, before: str, after: str) -> None:
        """``before`` and ``after`` are the lines around it, with an empty one for none."""
        stripped = line.strip()
        if stripped.startswith(("```", "~~~")):
            self.close()
            self.fenced = not self.fenced
        elif self.fenced:
            self.out.extend(_pieces(stripped, "code", 0))
        elif not stripped:
            self.close()
        elif _ROW.match(line):
            self._row(stripped)
        elif self._is_quoted(line):
            self.close()
            self.out.extend(_pieces(stripped, "code", 0))
        elif _RULE.match(line):
            self._rule()
        elif heading := _HEADING.match(line):
            self.close()
            self.out.extend(_pieces(heading.group(1).rstrip("# "), "heading", 0))
        elif title := self._title(stripped, before, after):
            self.close()
            self.out.extend(_pieces(title, "heading", 0))
        else:
            self._text(line, stripped)

    def _title(self, line: str, before: str, after: str) -> str:
        """The text of a line that is a heading without any sign: short, alone, and no request by itself."""
        numbered, dotted = _NUMBERED.match(line), _DOTTED.match(line)
        match = dotted or numbered
        text = match.group(1) if match else line
        if not _reads_like_heading(text) or self.paragraph or not after:
            return ""
        if dotted:
            return text
        if numbered:
            return "" if _NUMBERED.match(before) or _NUMBERED.match(after) else text
        alone = not before or self.was_blank
        return text if alone and not _BULLET.match(line) and (self.blank_next or _BULLET.match(after)) else ""

    def _is_quoted(self, line: str) -> bool:
        """An indented line under one that announces it, not ending like a sentence: an example, not a wish."""
        if self.paragraph or self.item or not line.startswith(("    ", "\t")) or _BULLET.match(line):
            return False
        announced = bool(self.out) and (self.out[-1].shape == "code" or self.out[-1].text.endswith(":"))
        return announced and not line.rstrip().endswith((".", "!", "?"))

    def _row(self, line: str) -> None:
        """A row of a table reads like an item, "first: second, third"; the row above the rule names the columns."""
        self.close()
        if _ROW_RULE.match(line):
            if self.out and self.out[-1].shape == "item":
                self.out[-1] = replace(self.out[-1], shape="code")
            return
        cells = [cell.strip() for cell in line.strip("| ").split("|") if cell.strip()]
        if len(cells) > 1 and _LABEL.match(cells[0]):
            cells = cells[1:]
        text = cells[0] + (": " + ", ".join(cells[1:]) if len(cells) > 1 else "") if cells else ""
        self.out.extend(_pieces(text, "item", 0))

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
    lines = text.split("\n")
    following = _next_lines(lines)
    before = ""
    for index, line in enumerate(lines):
        walk.blank_next = index + 1 < len(lines) and not lines[index + 1].strip()
        walk.line(line, before, following[index])
        walk.was_blank = not line.strip()
        before = line.strip() or before
    walk.close()
    return walk.out


def _next_lines(lines: list[str]) -> list[str]:
    """For each line the next one that is not blank, or an empty one."""
    found, following = "", []
    for line in reversed(lines):
        following.append(found)
        found = line.strip() or found
    return following[::-1]


def _reads_like_heading(text: str) -> bool:
    """Short, without a stop or comma, no verb in front, nobody who can or must.

    >>> [_reads_like_heading(t) for t in ("Functional requirements", "Add a book", "It must be fast", "A tool.")]
    [True, False, False, False]
    """
    parts = text.split()
    if not parts or len(parts) > LONGEST_HEADING or text[-1] in ".!?:;,…" or not text[0].isupper() or "," in text:
        return False
    lows = [part.lower() for part in parts]
    if section_of(text) not in ("", "features"):
        return True
    first = lows[0]
    is_verb = len(parts) > 1 and (first in words.VERBS or first in words.MAKE_VERBS)
    return not is_verb and first not in words.DETERMINERS | words.NEGATIONS and not words.MODALS & set(lows)


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
            colon = "" if segment.text.endswith((".", "!", "?")) else segment.text
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
    is_sentence = len(padded.split()) > LONGEST_HEADING
    if (is_sentence or lead.endswith(":")) and any(f" {modal} " in padded for modal in words.MODALS):
        negated = any(f" {negation} " in padded for negation in words.NEGATIONS)
        return "out_of_scope" if negated else "features"
    if is_sentence:
        return ""
    for section, keys in words.SECTIONS.items():
        if any(f" {key}" in padded if " " in key or len(key) > 4 else f" {key} " in padded for key in keys):
            return section
    return ""
