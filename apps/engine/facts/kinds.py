"""What kind of thing is wanted: signs with weights, counted where the brief asks, never where it forbids."""

import re
from collections.abc import Iterable

from apps.engine.facts.model import KINDS, Evidence

# A sign is a pattern over lower-case text; the heavier the weight, the surer the sign.
SIGNS: dict[str, tuple[tuple[str, int], ...]] = {
    "web_application": (
        (r"web[ -]?(?:based )?(?:app|application|interface|tool|shop|frontend|portal)s?", 6),
        (r"(?:management|booking|registration|reservation|ordering) (?:website|site|system)", 5),
        (r"registration", 2), (r"browsers?", 3),
        (r"web ?pages?", 3), (r"dashboard", 2), (r"tablets?|touch ?screen|display", 2),
        (r"portal", 2), (r"sign(?:s|ed)? in", 1),
        (r"log ?in", 1), (r"pages?", 1), (r"forms?", 1), (r"app", 1), (r"website", 2), (r"online", 1), (r"click", 1),
        (r"web-?anwendung|webapp", 6), (r"application web", 6), (r"aplicación web", 6), (r"navigateur|navegador", 3),
    ),
    "api_service": (
        (r"(?:rest|http|json|web|graphql)[ -]?api", 7), (r"apis?", 4), (r"endpoints?", 4), (r"micro-?service", 6),
        (r"(?:http|json|backend|web) service", 6), (r"webhooks?", 2), (r"status codes?", 3), (r"json", 1),
        (r"\bget /|\bpost /|\bput /|\bdelete /", 4), (r"servicio web|service web", 5), (r"schnittstelle", 3),
    ),
    "command_line_tool": (
        (r"command[ -]?line", 8), (r"\bclis?\b", 7), (r"terminal", 5), (r"console (?:tool|program|app)", 6),
        (r"sub-?commands?", 5), (r"stdin|stdout|standard (?:input|output)", 4), (r"exit codes?", 4), (r"shell", 3),
        (r"--[a-z]+", 2), (r"kommandozeilen?\w*", 8), (r"ligne de commandes?", 8),
        (r"línea de (?:comandos|órdenes)", 8),
    ),
    "library": (
        (r"(?:python|software|reusable|code|importable|open[ -]source) (?:library|package|module)", 8),
        (r"(?:write|build|create|make|design|develop) an? (?:[a-z]+ ){0,2}(?:library|package|module) "
         r"(?:that|to|for|with|which)", 5),
        (r"library (?:that|for) (?:pars|format|convert|validat|comput|read|developers)\w*", 4), (r"\bsdk\b", 7),
        (r"importable", 5), (r"public (?:functions?|class(?:es)?|interface)", 5), (r"docstrings?", 3),
        (r"python-?(?:bibliothek|paket)", 8), (r"bibliothèque python", 8), (r"biblioteca (?:de )?python", 8),
    ),
    "static_site": (
        (r"static (?:web)?(?:site|page|website)s?", 9), (r"landing page", 7), (r"brochure", 5), (r"portfolio", 5),
        (r"home ?page", 3), (r"website", 4), (r"web site", 4), (r"\bsite\b", 1), (r"no (?:server|backend|database)", 3),
        (r"webseite|homepage", 5), (r"site (?:vitrine|statique)", 9), (r"sitio (?:web )?estático|página web", 6),
    ),
    "data_pipeline": (
        (r"(?:data|etl|batch|processing)[ -]pipelines?", 9), (r"pipelines?", 6), (r"\betl\b", 8), (r"ingests?", 3),
        (r"nightly|every night", 2), (r"csv(?: files?)?", 2), (r"transforms?", 2), (r"aggregates?", 2),
        (r"deduplicat\w*", 2), (r"parquet", 3), (r"datasets?", 1), (r"daten-?pipeline", 9), (r"flujo de datos", 8),
        (r"chaîne de traitement", 8),
    ),
    "report": (
        (r"(?:write|prepare|produce|draft|deliver) (?:an?|the|us an?|me an?) (?:[a-z-]+ ){0,3}"
         r"(?:report|study|paper|essay|analysis|review|memo)", 9),
        (r"(?:research|market|feasibility|written|status) (?:report|study|analysis|paper)", 7), (r"white ?paper", 7),
        (r"literature review", 8), (r"\breport (?:on|about)\b", 6), (r"chapters?", 2), (r"executive summary", 4),
        (r"recommendations?", 1), (r"essay", 5), (r"studie|bericht (?:über|zu)", 6),
        (r"rapport (?:sur|de recherche)", 7),
        (r"informe (?:sobre|de)", 7), (r"compare (?:the )?(?:options|alternatives)", 2),
    ),
}  # fmt: skip

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
    for number, text in [(0, title), *passages]:
        low = text.lower()
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
