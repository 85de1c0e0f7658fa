"""Users, qualities and constraints of a sentence."""

import re
from collections.abc import Iterator, Sequence

from apps.engine.facts import words
from apps.engine.facts.model import Constraint
from apps.engine.facts.nouns import person, singular
from apps.engine.facts.phrases import told_verb

_MONEY = re.compile(
    r"(?:[€$£]\s?\d[\d.,]{0,12}|\d[\d.,]{0,12}\s?(?:€|\$|£|eur\b|euros?\b|usd\b|dollars?\b|pounds?\b|chf\b|gbp\b))",
    re.I,
)
_SPEND = re.compile(
    r"\b(?:have (?:about|up to|around)|for (?:this|it)|costs?|spend|most|than|kost\w*|coût\w*|presupuesto)\b", re.I
)
_DEADLINE = re.compile(
    r"\b(?:deadlines?|due (?:by|on)|^due date|no later than|at the latest"
    r"|frist|spätestens|date limite|fecha límite|plazo)\b"
    r"|\b(?:within|in|innerhalb von|binnen|sous|dans|en)\s+(?:\d{1,4}|one|two|three|four|six|zwei|drei)\s+"
    r"(?:days?|weeks?|months?|tagen?|wochen?|monaten?|jours?|semaines?|mois|días?|semanas?|meses)\b"
    r"|\b(?:by|until|before|bis|avant|antes del?)\s+(?:the )?(?:end of\b|\d{1,2}[./]|\d{4}-\d\d|next\b"
    r"|tomorrow\b|tonight\b)",
    re.I,
)
_BY_MONTH = re.compile(
    r"\b(?:by|until|before|bis|avant|antes)\b(?:\s+\S{1,12}){0,3}?\s+(" + "|".join(sorted(words.MONTHS)) + r")\b",
    re.I,
)
_ON_DAY = re.compile(r"\b(?:on|am)\s+\d{1,2}\.?\s+(" + "|".join(sorted(words.MONTHS)) + r")\b", re.I)
_DUE = re.compile(
    r"\b(?:ready|due|done|live|launch\w*|deliver\w*|finish\w*|complete[d]?|usable|available|version"
    r"|need(?:s|ed)? (?:it|this)|fertig|prêt|listo)\b",
    re.I,
)
_SMALL_MONTHS = ("may", "march", "mar", "sun", "sat")
_LIMIT = re.compile(
    r"\b(?:at most|no more than|not more than|up to|maximum(?: of)?|at least|less than|fewer than|more than|under"
    r"|within|höchstens|maximal|mindestens|au plus|au maximum|au moins|como máximo|al menos|hasta)\s+"
    r"(?:under\s+|less than\s+)?[€$£]?(?:\d|one|two|three|five|ten"
    r"|an? (?:hundred|thousand|second|minute|hour|day|week))"
    r"|\bin (?:under|less than)\s+\S",
    re.I,
)
_CLAUSE = re.compile(r"[;:,.!?]\s|\s[–—]\s|[.;!?]$")
_MUST_NOT = re.compile(
    r"\b(?:(?:must|should|shall|may|can|could|do|does|will)(?: not|n't| never)|mustn't|cannot|avoid"
    r"|(?:works?|runs?|usable|comes?|done) without|not allowed|out of scope"
    r"|nicht|keine?[nrm]?|ohne|niemals|ne \w{1,20} pas|n'\w{1,20} pas|sans|aucune?|jamais"
    r"|no (?:debe|puede)n?|sin|nunca|ningún|senza|nessun[oa]?|non (?:deve|devono|può|possono)"
    r"|não|niet|geen|zonder|inte|nie|(?:nobody|no one|nothing|none of \w+) (?:may|must|should|can|shall))\b"
    r"|^(?:no|never|without)\b|\b(?:with|and|but|use|uses|using|has|have|needs|is|are|there is|there are)\s+no\b",
    re.I,
)
_TECH_CUE = re.compile(
    r"\b(?:use|uses|using|written in|write it in|built (?:with|on|in)|based on|runs? on|in|with|on|only|mit|en|avec|con"
    r"|as|to|are|is)\b",
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
    if _is_deadline(text):
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


def _is_deadline(text: str) -> bool:
    """Whether a sentence says when the thing must be there, rather than when something in it happens."""
    if match := _DEADLINE.search(text):
        is_span = match.group().lower().startswith(("within", "in ", "innerhalb", "binnen", "sous", "dans", "en "))
        if not is_span or _DUE.search(text) or len(text.split()) <= 6:
            return True
    month = _BY_MONTH.search(text) or (_ON_DAY.search(text) if _DUE.search(text) else None)
    return month is not None and month.group(1) not in _SMALL_MONTHS


_PURPOSE = re.compile(r"(?:,|\s)(?:so that|because|damit|afin que|para que)\b.*$", re.I)
_JOINED = re.compile(r"^(?:and|but|or|und|aber|et|mais|y|pero)\s+", re.I)
_AND = re.compile(r"\s(and|und|et|y)\s", re.I)
_CONDITION = re.compile(r"\b(?:if|when|whenever|once|wenn|falls|quand|cuando|what|which|who)\b", re.I)


def forbidden_clauses(text: str) -> list[str]:
    """The clauses of a sentence that say what must not be, without their neighbours.

    >>> forbidden_clauses("No JavaScript; use SQLite."), forbidden_clauses("We do not know who has which book.")
    (['No JavaScript'], [])
    """
    if _COMPLAINT.search(text):
        return []
    found = []
    for raw in _CLAUSE.split(_PURPOSE.sub("", text)):
        clause = _JOINED.sub("", raw.strip(" .,;:!?-"))
        match = _MUST_NOT.search(clause) if clause else None
        if match and not _CONDITION.search(clause[: match.start()]):
            found.append(_until_turn(_from_turn(clause)))
    return found


def _from_turn(clause: str) -> str:
    """Without what is wanted before an "and": "must be fast and must not send e-mail" forbids only the latter."""
    before, joiner, after = [*_AND.split(clause, maxsplit=1), "", ""][:3]
    return after if joiner and after and not _MUST_NOT.search(before) and _MUST_NOT.search(after) else clause


def _until_turn(clause: str) -> str:
    """Up to "but", "instead": what follows is wanted again."""
    cut = re.split(r"\s(?:but|instead|however|sondern|aber|mais|sino|pero)\s", clause, maxsplit=1, flags=re.I)
    return cut[0].strip()


_ONLY_IN = re.compile(r"\b(?:use|only|responses? (?:are|is))\b", re.I)
_FORMATS = words.word_set("csv json xml yaml markdown html css pdf excel parquet")
_HANDLES = re.compile(
    r"\b(?:export|import|convert|print|write|read|download|upload|load|parse|save|generate|output"
    r"|render|leave|publish|in|stop|instead)\w*\b",
    re.I,
)
_SPELT = {"go": "Go", "rest": "REST", "react": "React", "rust": "Rust", "express": "Express", "windows": "Windows"}


def _technologies(text: str) -> Iterator[str]:
    """Named technologies; a format that is read, written or left behind is part of a feature, not of the means."""
    if not _TECH_CUE.search(text):
        return
    handles = bool(_HANDLES.search(re.sub(r"\b(?:written|write it) in\b|\bonly\b", "", text))) and not _ONLY_IN.search(
        text
    )
    seen = set()
    for word in re.findall(r"[A-Za-z][A-Za-z0-9+#]{1,20}", text):
        low = word.lower()
        if (low in _SPELT and word != _SPELT[low]) or (handles and low in _FORMATS):
            continue
        if low in words.TECHNOLOGIES and low not in seen:
            seen.add(low)
            yield word


def qualities_of(tokens: Sequence[str]) -> list[str]:
    """The qualities that a sentence names, in the order of words.QUALITIES.

    >>> qualities_of("It must be fast and work offline .".split()), qualities_of("The mobile team builds it".split())
    (['fast', 'offline'], [])
    >>> qualities_of("It should answer within half a second".split())
    ['fast']
    """
    lows = [token.lower() for token in tokens]
    present = {
        low
        for at, (low, after) in enumerate(zip(lows, [*lows[1:], ""], strict=False))
        if after not in ("team", "number", "numbers") and (low not in _DEVICES or _ON & set(lows[max(0, at - 3) : at]))
    }
    if _PROMPT.search(" ".join(lows)):
        present.add("fast")
    return [name for name, signs in words.QUALITIES.items() if present & set(signs)]


# A time that a machine has to keep: "within half a second", "in under 200 ms".
_PROMPT = re.compile(r"\b(?:within|under|below|than|most) (?:(?:half )?an? |\w+ |[\d.,]+ )?(?:milli)?(?:seconds?|ms)\b")


_DEVICES = words.word_set("phone phones smartphone handy móvil")  # a means only where something runs on it
_ON = words.word_set("on for from auf dem am en sur su")
_LETTING = words.word_set("lets let allows allow enables enable helps")
_WISHING = words.word_set("want need would must can should")


def users_of(tokens: Sequence[str], *, is_lead: bool = False) -> Iterator[str]:
    """Who can, must or wants something: the person before a modal verb, after "as a" or after "lets".

    ``is_lead``: the sentence introduces a list of what somebody can, so whoever stands before the modal is a user.

    >>> from apps.engine.facts.sentences import tokens as cut
    >>> list(users_of(cut("Librarians can lend books, and the app lets members renew them.")))
    ['librarian', 'member']
    >>> list(users_of(cut("As a ward manager I want a list."))), list(users_of(cut("The shop owner may lend.")))
    (['ward manager'], ['shop owner'])
    """
    yield from (name for name in _users(tokens, is_lead=is_lead) if name not in _ANYBODY)


def doers_of(tokens: Sequence[str]) -> Iterator[str]:
    """Who does something, in a sentence that tells what is wanted by telling who does it.

    >>> from apps.engine.facts.sentences import tokens as cut
    >>> list(doers_of(cut("The caretaker adds tools."))), list(doers_of(cut("The app prints labels.")))
    (['caretaker'], [])
    """
    if tokens:
        subject = [token.lower() for token in tokens[: told_verb(tokens)]]
        yield from (name for name in _for_whom(subject) if name not in _ANYBODY and name != "team")


_ANYBODY = words.word_set("everyone anyone everybody anybody person people")
_SINGULARS = {"mitglieder": "mitglied", "kunden": "kunde", "utilisateurs": "utilisateur", "usuarios": "usuario"}


def _users(tokens: Sequence[str], *, is_lead: bool) -> Iterator[str]:
    lows = [token.lower() for token in tokens]
    for index, low in enumerate(lows):
        if low in words.MODALS and index:
            if low in _LETTING:
                yield from person(tokens[index + 1 : index + 4])
            elif not (index + 1 < len(lows) and lows[index + 1] in words.MAKE_VERBS):
                yield from _before_modal(lows, index, is_lead)
        elif low == "as" and index + 1 < len(lows) and lows[index + 1] in ("a", "an"):
            yield from _after_as(lows, index + 2)
        elif index and _introduces_whom(lows[index - 1], low):
            yield from _for_whom(lows[index + 1 : index + 6])


def _introduces_whom(before: str, low: str) -> bool:
    if low in ("are", "is"):
        return before in ("readers", "reader", "users", "audience")
    return low == "for" and before in words.THING_WORDS - {"everything", "all"} | {"memo", "study", "paper"}


def _before_modal(lows: Sequence[str], index: int, is_lead: bool) -> Iterator[str]:
    known = [_SINGULARS.get(name, name) for name in person(lows[index - 1 : index])]
    before = lows[index - 2] if index > 1 else ""
    if (
        not known
        and is_lead
        and lows[index - 1].isalpha()
        and lows[index - 1] not in words.THING_WORDS | words.PRONOUNS
    ):
        known = [singular(lows[index - 1])]
    for name in known:
        is_pair = before.isalpha() and (index == 2 or lows[index - 3] in words.DETERMINERS)
        plain = before == "i" or before in words.DETERMINERS | words.PREPOSITIONS | words.JOINERS | words.MODALS
        yield f"{before} {name}" if is_pair and not plain else name


def _after_as(lows: Sequence[str], start: int) -> Iterator[str]:
    """ "As a ward manager, I want": up to the comma or the "I", if somebody wishes something then."""
    for end in range(start, min(start + 5, len(lows))):
        if lows[end] in (",", "i", "we"):
            if set(lows[end : end + 4]) & _WISHING and end > start:
                yield " ".join(lows[start:end])
            return


def _for_whom(lows: Sequence[str]) -> Iterator[str]:
    """ "librarians" or "our town council", but not "our family recipes": the person ends the phrase."""
    phrase: list[str] = []
    for low in lows:
        if not low.isalpha() or low in words.PREPOSITIONS | words.JOINERS | words.OF_WORDS:
            break
        if low not in words.DETERMINERS:
            phrase.append(low)
    known = list(person(phrase[-1:]))
    if known and len(phrase) <= 2:
        yield " ".join([*phrase[:-1], known[0]])
