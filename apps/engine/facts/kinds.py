"""What kind of thing is wanted: signs with weights, counted where the brief asks, never where it forbids."""

import re
from collections.abc import Iterable

from apps.engine.facts.kind_signs import SIGNS
from apps.engine.facts.model import KINDS, Evidence

DEFAULT_KIND = "web_application"
TITLE_WEIGHT = 2

_SIGNS = {
    kind: tuple((re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)"), weight) for pattern, weight in signs)
    for kind, signs in SIGNS.items()
}


def find_kind(title: str, passages: Iterable[tuple[int, str]]) -> tuple[str, tuple[Evidence, ...], dict[str, int]]:
    """The kind, the words that speak for it, and all scores.

    ``passages`` are (sentence number, text) of what the brief does not forbid. Each sign counts once: a word repeated
    a hundred times is not a hundred reasons. Without a sign the kind is DEFAULT_KIND, with no evidence.

    >>> find_kind("Word counter", [(1, "A command-line tool that counts words.")])[0]
    'command_line_tool'
    >>> find_kind("Loans", [(1, "Our town library lends books; members use the browser.")])[0]
    'web_application'
    """
    scores = dict.fromkeys(KINDS, 0)
    evidence: dict[str, list[Evidence]] = {kind: [] for kind in KINDS}
    seen: set[tuple[str, str]] = set()
    known: set[str] = set()
    for number, text in [(0, title), *passages]:
        low = text.lower()
        if low in known:
            continue
        known.add(low)
        for kind in KINDS:
            for pattern, weight in _SIGNS[kind]:
                match = pattern.search(low)
                if match is None or (kind, pattern.pattern) in seen:
                    continue
                seen.add((kind, pattern.pattern))
                scores[kind] += weight * (TITLE_WEIGHT if number == 0 else 1)
                evidence[kind].append(Evidence(match.group().strip(), number))
    best = max(KINDS, key=lambda kind: (scores[kind], -KINDS.index(kind)))
    if scores[best] == 0:
        return DEFAULT_KIND, (), scores
    return best, tuple(evidence[best][:5]), scores
