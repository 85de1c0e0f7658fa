"""Users, qualities and constraints of a sentence."""

import re
from collections.abc import Iterator, Sequence

from apps.engine.facts import words
from apps.engine.facts.model import Constraint
from apps.engine.facts.nouns import person

_MONEY = re.compile(
    r"(?:[€$£]\s?\d[\d.,]{0,12}|\d[\d.,]{0,12}\s?(?:€|\$|£|eur\b|euros?\b|usd\b|dollars?\b|pounds?\b|chf\b|gbp\b))",
    re.I,
)
_SPEND = re.compile(r"\b(?:costs?|spend|most|than|kost\w*|coût\w*|presupuesto)\b", re.I)
_DEADLINE = re.compile(
    r"\b(?:deadlines?|due (?:by|on|date)|no later than|at the latest|frist|spätestens|date limite|fecha límite|plazo)\b"
    r"|\b(?:within|in|innerhalb von|binnen|sous|dans|en)\s+(?:\d{1,4}|one|two|three|four|six|zwei|drei)\s+"
    r"(?:minutes?|hours?|days?|weeks?|months?|tagen?|wochen?|monaten?|jours?|semaines?|mois|días?|semanas?|meses)\b"
    r"|\b(?:by|until|before|bis|avant|antes del?)\s+(?:the )?(?:end of\b|\d{1,2}[./]|\d{4}-\d\d|next\b"
    r"|tomorrow\b|tonight\b)",
    re.I,
)
_BY_MONTH = re.compile(
    r"\b(?:by|until|before|bis|avant|antes|am|on)\b(?:\s+\S{1,12}){0,3}?\s+(" + "|".join(sorted(words.MONTHS)) + r")\b",
    re.I,
)
_LIMIT = re.compile(
    r"\b(?:at most|no more than|not more than|up to|maximum(?: of)?|at least|less than|fewer than|more than|under"
    r"|within|höchstens|maximal|mindestens|au plus|au maximum|au moins|como máximo|al menos|hasta)\s+"
    r"[€$£]?(?:\d|one|two|ten|a (?:hundred|thousand))",
    re.I,
)
_CLAUSE = re.compile(r"[;:,.!?]\s|\s[–—]\s|[.;!?]$")
_MUST_NOT = re.compile(
    r"\b(?:(?:must|should|shall|may|can|could|do|does|will)(?: not|n't)|mustn't|never|cannot|without|avoid"
    r"|not allowed|out of scope|nicht|keine?[nrm]?|ohne|niemals|ne \w{1,20} pas|n'\w{1,20} pas|sans|aucune?|jamais"
    r"|no (?:debe|puede)n?|sin|nunca|ningún)\b"
    r"|^no\b|\b(?:with|and|but|use|uses|using|has|have|needs|is|are|there is|there are)\s+no\b",
    re.I,
)
_TECH_CUE = re.compile(
    r"\b(?:use|uses|using|written in|write it in|built (?:with|on|in)|based on|runs? on|in|with|on|only|mit|en|avec|con"
    r"|as|to)\b",
    re.I,
)
# "can't find", "do not know", "never know": what somebody suffers, not what is forbidden
_COMPLAINT = re.compile(
    r"\b(?:we|i|they|people|nobody|wir|nous|nosotros)\b.{0,40}?\b(?:do not|don't|cannot|can't|never|could not|nicht)\b"
    r"\s+(?:know|find|see|remember|understand|keep|have|want to lose)", re.I
)  # fmt: skip


def constraints_of(text: str, number: int, *, forbids: bool = False) -> Iterator[Constraint]:
    """The constraints that one sentence sets. ``forbids``: it stands in a list of what is not wanted.

    >>> text = "Use SQLite; it must not send e-mail, and costs at most 50 EUR by 1 March."
    >>> [(c.kind, c.text[:23]) for c in constraints_of(text, 1)][:2]
    [('must_not', 'it must not send e-mail'), ('deadline', 'Use SQLite; it must not')]
    >>> [c.kind for c in constraints_of(text, 1)][2:]
    ['budget', 'technology']
    """
    forbidden = [text] if forbids else forbidden_clauses(text)
    for clause in forbidden:
        yield Constraint("must_not", clause, number)
    if forbids:
        return
    if _DEADLINE.search(text) or _BY_MONTH.search(text):
        yield Constraint("deadline", text, number)
    if "budget" in text.lower() or (_MONEY.search(text) and _SPEND.search(text)):
        yield Constraint("budget", text, number)
    elif _LIMIT.search(text):
        yield Constraint("limit", text, number)
    allowed = text
    for clause in forbidden:
        allowed = allowed.replace(clause, " ")
    for name in _technologies(allowed):
        yield Constraint("technology", name, number)


def forbidden_clauses(text: str) -> list[str]:
    """The clauses of a sentence that say what must not be, without their neighbours.

    >>> forbidden_clauses("No JavaScript; use SQLite."), forbidden_clauses("We do not know who has which book.")
    (['No JavaScript'], [])
    """
    if _COMPLAINT.search(text):
        return []
    found = []
    for raw in _CLAUSE.split(text):
        clause = raw.strip(" .,;:!?-")
        if clause and _MUST_NOT.search(clause):
            found.append(_until_turn(clause))
    return found


def _until_turn(clause: str) -> str:
    """Up to "but", "instead": what follows is wanted again."""
    cut = re.split(r"\s(?:but|instead|however|sondern|aber|mais|sino|pero)\s", clause, maxsplit=1, flags=re.I)
    return cut[0].strip()


def _technologies(text: str) -> Iterator[str]:
    if not _TECH_CUE.search(text):
        return
    seen = set()
    for word in re.findall(r"[A-Za-z][A-Za-z0-9+#]{1,20}", text):
        low = word.lower()
        if low in words.TECHNOLOGIES and low not in seen:
            seen.add(low)
            yield word


def qualities_of(tokens: Sequence[str]) -> list[str]:
    """The qualities that a sentence names, in the order of words.QUALITIES.

    >>> qualities_of("It must be fast and work offline .".split())
    ['fast', 'offline']
    """
    present = {token.lower() for token in tokens}
    return [name for name, signs in words.QUALITIES.items() if present & set(signs)]


def users_of(tokens: Sequence[str]) -> Iterator[str]:
    """Who can, must or wants something: the person before a modal verb, after "as a" or after "lets".

    >>> from apps.engine.facts.sentences import tokens as cut
    >>> list(users_of(cut("Librarians can lend books, and the app lets members renew them.")))
    ['librarian', 'member']
    >>> list(users_of(cut("As a coach, I want a list.")))
    ['coach']
    """
    for index, token in enumerate(tokens):
        low = token.lower()
        if low in words.MODALS and index:
            if low in ("lets", "let", "allows", "allow", "enables", "enable", "helps"):
                yield from person(tokens[index + 1 : index + 4])
            else:
                yield from person(tokens[index - 1 : index])
        elif low == "as" and index + 2 < len(tokens) and tokens[index + 1].lower() in ("a", "an"):
            yield tokens[index + 2].lower()
        elif low == "for" and index + 1 < len(tokens):
            yield from person(tokens[index + 1 : index + 4])
