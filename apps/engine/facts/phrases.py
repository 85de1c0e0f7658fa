"""Verb phrases: who does what to what. "Users can add, search and delete notes" gives three.

A shallow parse by one walk over the words with a lexicon of verbs (:mod:`words`). It knows modal verbs ("members can
…"), imperatives ("Show …"), relative clauses ("a tool that …"), purposes ("an app to …", "for tracking …"), passives
("notes can be deleted") and the German order with infinitives at the end. What it does not know it leaves out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.engine.facts import words
from apps.engine.facts.nouns import person
from apps.engine.facts.verbs import base_verb

COMMA = ","
PUNCTUATION = ".;:!?()[]{}—–"
LONGEST_OBJECT = 24  # words of an object that are kept


@dataclass(frozen=True)
class Phrase:
    verb: str
    object: tuple[str, ...]
    subject: str = ""

    @property
    def title(self) -> str:
        is_german = self.verb in words.VERBS_DE and self.verb not in words.VERBS_EN
        text = " ".join([*self.object, self.verb] if is_german else [self.verb, *self.object]).replace(" ,", ",")
        text = text.replace(" / ", " /")
        return text[:1].upper() + text[1:]


def find_phrases(tokens: Sequence[str], *, item: bool = False) -> list[Phrase]:
    """Every verb phrase of one sentence, in reading order. ``item``: it stands in a list, where a verb may begin it.

    >>> from apps.engine.facts.sentences import tokens as cut
    >>> [p.title for p in find_phrases(cut("Users can add, search and delete notes."))]
    ['Add notes', 'Search notes', 'Delete notes']
    >>> [p.title for p in find_phrases(cut("Build a tool that reads CSV files and prints totals by month."))]
    ['Read CSV files', 'Print totals by month']
    >>> [p.title for p in find_phrases(cut("Nutzer können Notizen anlegen und löschen."))]
    ['Notizen anlegen', 'Notizen löschen']
    >>> [p.title for p in find_phrases(cut("Notes can be archived and restored."))]
    ['Archive notes', 'Restore notes']
    """
    found: list[Phrase] = []
    position = 0
    while position < len(tokens):
        start = _start(tokens, position, item)
        if start is None:
            position += 1
            continue
        parsed, position = _parse(tokens, start, position)
        found.extend(parsed)
    return _without_repeats(found)


def _start(tokens: Sequence[str], at: int, item: bool) -> int | None:
    """Where the verbs begin if ``at`` opens a verb phrase."""
    low = tokens[at].lower()
    after = at + 1
    if low in words.MODALS:
        if {token.lower() for token in tokens[max(0, at - 4) : at]} & {"whether", "why", "ob"}:
            return None
        tells = low in ("want", "wants", "need", "needs") and at and tokens[at - 1].lower() in ("which", "who", "that")
        return None if tells else _after_modal(tokens, after)
    if at == 0 and low not in words.MAKE_VERBS and low in words.VERBS:
        return at
    if at == 0 and _is_third_person(tokens):
        return at
    if (at == 0 or _after_condition(tokens, at)) and (told := told_verb(tokens[at:])):
        return at + told
    if at == 0 and item and base_verb(low) and low not in words.MAKE_VERBS and not low.endswith("s"):
        return at
    if after >= len(tokens):
        return None
    following = tokens[after].lower()
    if low in ("that", "which", "who", "and", "to", "qui", "que", "pour", "para") and base_verb(following):
        is_clause = low not in ("and", "to") or _clause(low, tokens, at, following)
        return after if is_clause else None
    if low in ("for", "by") and following.endswith("ing") and base_verb(following):
        return after
    return None


def _is_third_person(tokens: Sequence[str]) -> bool:
    """Whether a sentence without a subject tells what the thing does: "Validates files against a schema"."""
    low, after = tokens[0].lower(), tokens[1].lower() if len(tokens) > 1 else ""
    if not low.endswith("s") or low in words.VERBS or base_verb(low) not in words.VERBS_EN:
        return False
    is_noun = after in words.PREPOSITIONS | words.MODALS | words.OF_WORDS | words.JOINERS | _BEING
    return after[:1].isalpha() and not is_noun and not (base_verb(after) and after not in words.NOT_ENTITIES)


_CONDITIONS = words.word_set(
    "if when whenever once after at before on every as then wenn sobald quand lorsque cuando si"
)


def _after_condition(tokens: Sequence[str], at: int) -> bool:
    """Whether ``at`` stands after "If …," or "At the end of the day": there the main clause may begin."""
    if tokens[0].lower() not in _CONDITIONS or at > 20:
        return False
    return tokens[at - 1] == COMMA or (tokens[at].lower() == "the" and COMMA not in tokens[:20])


def told_verb(tokens: Sequence[str]) -> int:
    """Where the verb stands in "It prints …", "The ward manager reads …", "Members borrow …"; 0 if it is none."""
    lows = [token.lower() for token in tokens[:4]]
    start = 1 if lows[0] in words.DETERMINERS else 0
    for at in range(start + 1, min(start + 3, len(lows))):
        if lows[at] in ("is", "are", "has", "have") or not lows[at][0].isalpha():
            return 0
        verb = base_verb(lows[at])
        subject = lows[at - 1]
        is_thing = subject in words.THING_WORDS and lows[at].endswith("s") and subject not in ("we", "i", "you")
        is_person = bool(list(person([subject]))) and lows[at] in (verb, f"{verb}s", f"{verb}es") and verb != "use"
        if verb and (is_thing or is_person) and at + 1 < len(tokens):
            return at
    return 0


def _clause(joiner: str, tokens: Sequence[str], at: int, following: str) -> bool:
    """Whether "and …" or "to …" opens a verb phrase rather than joining two nouns."""
    if joiner == "to":
        return following in words.VERBS and at > 0 and _is_purpose(tokens, at)
    return at > 0 and tokens[at - 1] in (",", ";") and following in words.VERBS


def _is_purpose(tokens: Sequence[str], at: int) -> bool:
    """Whether "to …" says what the thing is for or what somebody wants, rather than what went on: "I forgot to …"."""
    lows = {token.lower() for token in tokens[:at]}
    if tokens[at - 1].lower() in ("wants", "want", "needs", "need") and tokens[at - 2].lower() in ("which", "who"):
        return False
    if lows & words.COMPLAINING or tokens[at - 1].lower() in ("how", "time", "what", "where", "when"):
        return False
    return bool(lows & (words.MAKE_VERBS | words.REQUEST_WORDS | words.THING_WORDS)) or len(lows) <= 4


_FIRM = words.word_set("can must should shall may could")
_BETWEEN = words.word_set("to also then easily always only be able please just still quickly both either")


def _after_modal(tokens: Sequence[str], at: int) -> int | None:
    """The verbs after a modal: past "to", "be able to", adverbs and the person who is allowed ("lets users add").

    After "can" or "must" the next word is a verb even if the lexicon does not have it ("guests can RSVP").
    """
    firm, romance = tokens[at - 1].lower() in _FIRM, tokens[at - 1].lower() in words.ROMANCE_MODALS
    limit = min(len(tokens), at + 6)
    while at < limit:
        low = tokens[at].lower()
        if low in words.NEGATIONS or low in (",", ";", ":", "."):
            return None
        if base_verb(low) or low == "be" or low in words.GERMAN_MODALS:
            return at
        if romance and low.endswith(words.INFINITIVES) and low not in words.DETERMINERS | words.STATE_VERBS:
            return at
        if low == "note" and tokens[at - 1].lower() in ("to", "can", "must", "should", "may"):
            return at
        if firm and low.isalpha() and low not in _BETWEEN and low not in words.THING_WORDS | words.DETERMINERS:
            return at if not list(person([low])) else None
        at += 1
    return None


def _parse(tokens: Sequence[str], start: int, opened_at: int) -> tuple[list[Phrase], int]:
    opener = tokens[opened_at].lower()
    subject = tokens[opened_at - 1] if opened_at and opener in words.MODALS else ""
    if opener in words.MODALS and tokens[opened_at + 1 : opened_at + 2] == ["you"]:
        subject = "you"
    if opener in words.GERMAN_MODALS or (tokens[start].lower() in words.VERBS_DE and opener in words.MODALS):
        return _german(tokens, opened_at + 1, subject)
    if tokens[start].lower() == "be":
        return _passive(tokens, start + 1, opened_at)
    return _verbs_then_object(tokens, start, subject)


def _verbs_then_object(tokens: Sequence[str], start: int, subject: str) -> tuple[list[Phrase], int]:
    found: list[Phrase] = []
    last_object: tuple[str, ...] = ()
    at = start
    while at < len(tokens):
        verbs, at = _verb_group(tokens, at)
        if not verbs:
            if found or at != start or not tokens[at].isalpha():
                break
            verbs, at = [tokens[at].lower()], at + 1
        thing, at = _object(tokens, at)
        if thing and thing[0].lower() in ("me", "us", "uns", "nous") and len(thing) > 1:
            thing = thing[1:]
        is_article = bool(thing) and thing[0].lower() in ("le", "la", "les", "lo", "los", "las") and len(thing) > 1
        if not thing or (thing[0].lower() in words.PRONOUNS and last_object and not is_article):
            thing = (*last_object, *thing[1:])
        elif verbs == ["remind"] and thing[0].lower() == "to":
            thing = ("me", *thing)  # "be reminded to water"
        last_object = _core(thing)
        found.extend(Phrase(verb, thing, subject) for verb in verbs)
        skipped = _skip_joiners(tokens, at)
        if skipped == at or not _goes_on(tokens, skipped):
            break
        at = skipped
    return found, max(at, start + 1)


def _goes_on(tokens: Sequence[str], at: int) -> bool:
    if at + 1 < len(tokens) and tokens[at].lower() == "be":
        return bool(base_verb(tokens[at + 1]))
    return at < len(tokens) and bool(base_verb(tokens[at])) and tokens[at].lower() not in words.MODALS


def _verb_group(tokens: Sequence[str], at: int) -> tuple[list[str], int]:
    """ "add, search and delete": the verbs and where they end. A noun that is also a verb ends the group by standing
    after a determiner, or last before the end ("add and tag notes" has two verbs, "add tags" has one)."""
    verbs: list[str] = []
    while at < len(tokens):
        if tokens[at].lower() == "be" and at + 1 < len(tokens):
            at += 1
        verb = base_verb(tokens[at])
        if not verb:
            break
        verbs.append(verb)
        at += 1
        skipped = _skip_joiners(tokens, at)
        if skipped == at or not _goes_on(tokens, skipped):
            break
        at = skipped
    return verbs, at


def _skip_joiners(tokens: Sequence[str], at: int) -> int:
    while at < len(tokens) and (tokens[at] == COMMA or tokens[at].lower() in words.JOINERS):
        at += 1
    return at


def _goes_into(tokens: Sequence[str], at: int) -> bool:
    """Whether a clause belongs to the object: "a tool that is broken", "what I sowed, where and when"."""
    low, after = tokens[at].lower(), tokens[at + 1].lower() if at + 1 < len(tokens) else ""
    return after in _BEING if low in ("that", "which") else low == "where" and tokens[at - 1] == COMMA


_BEING = words.word_set("is are was were has have")
_CLAUSE_WORDS = words.word_set("so because since whenever which that who where weil damit afin")
_QUESTION_WORDS = words.word_set("which who what how where when whether that")
_SUBJECTS = words.word_set("i you we they he she")


def _object(tokens: Sequence[str], at: int) -> tuple[tuple[str, ...], int]:
    kept: list[str] = []
    relative = False  # inside "notes I no longer need"
    while at < len(tokens):
        token = tokens[at]
        low = token.lower()
        if (
            token in PUNCTUATION
            or low in words.CLAUSE_ENDS
            or (low in words.MODALS and kept and not relative and _is_modal(tokens, at))
        ):
            break
        relative = relative or (bool(kept) and low in _SUBJECTS)
        if low in _CLAUSE_WORDS and (kept or low not in _QUESTION_WORDS) and not _goes_into(tokens, at):
            break
        relative = relative or (bool(kept) and low in ("that", "which"))
        if low in words.JOINERS and words.MODALS & {other.lower() for other in tokens[at + 1 : at + 5]}:
            break  # "… and the team can …": another sentence begins
        if token == COMMA or low in words.JOINERS:
            skipped = _skip_joiners(tokens, at)
            goes_on = _goes_on(tokens, skipped) and not _is_field(tokens, skipped, kept)
            if goes_on or (token == COMMA and not _short_list(tokens, skipped)):
                break
            kept.append(token)
        else:
            kept.append(token)
        at += 1
    kept = kept[:LONGEST_OBJECT]
    while kept and kept[-1] == ",":
        kept.pop()
    return tuple(kept), at


def _is_modal(tokens: Sequence[str], at: int) -> bool:
    """Whether a word is a modal verb here rather than a noun: "dietary needs", but "the cook needs to"."""
    after = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
    is_doubtful = tokens[at].lower() in ("need", "needs", "want", "wants", "will", "may", "helps")
    return not is_doubtful or after == "to" or after in words.DETERMINERS or bool(base_verb(after))


_FIELDS = words.word_set("email mail phone fax address contact text note comment tag label rate price photo number")


def _is_field(tokens: Sequence[str], at: int, kept: Sequence[str]) -> bool:
    """Whether a word that may be a verb is a noun in a list: "a person with name, email and phone"."""
    after = tokens[at + 1].lower() if at + 1 < len(tokens) else "."
    ends = after in PUNCTUATION or after == COMMA or after in words.JOINERS
    return tokens[at].lower() in _FIELDS and ends and "with" in (word.lower() for word in kept)


def _short_list(tokens: Sequence[str], at: int) -> bool:
    """Whether a comma stands in a list of nouns ("titles, authors and years") rather than before a clause."""
    ahead = [token.lower() for token in tokens[at : at + 4]]
    return any(ahead_of in words.JOINERS or ahead_of == COMMA for ahead_of in ahead) and not words.MODALS & set(ahead)


def _core(thing: tuple[str, ...]) -> tuple[str, ...]:
    """An object without what follows its first preposition: what "them" later stands for."""
    for index, token in enumerate(thing):
        if index and token.lower() in words.PREPOSITIONS:
            return thing[:index]
    return thing


def _passive(tokens: Sequence[str], at: int, modal_at: int) -> tuple[list[Phrase], int]:
    """ "Notes can be added and deleted": the subject is what the verb acts on."""
    verbs, end = _verb_group(tokens, at)
    if verbs and verbs[0] == "able":
        verbs = []
    if not verbs:
        after = at + 2 if at + 1 < len(tokens) and tokens[at].lower() in ("able", "allowed") else at
        if after < len(tokens) and after > at and base_verb(tokens[after]):
            return _verbs_then_object(tokens, after, tokens[modal_at - 1] if modal_at else "")
        return [], at
    subject = _subject(tokens, modal_at)
    rest, end = _object(tokens, end)
    return [Phrase(verb, (*subject, *rest)) for verb in verbs if subject], end


def _subject(tokens: Sequence[str], before: int) -> tuple[str, ...]:
    kept: list[str] = []
    for token in reversed(tokens[max(0, before - 4) : before]):
        if not token[0].isalnum() or token.lower() in words.JOINERS | words.PREPOSITIONS | words.MODALS:
            break
        kept.insert(0, token)
    while kept and kept[0].lower() in words.DETERMINERS - {"a", "an"}:
        kept.pop(0)
    if not kept or kept[-1].lower() in words.PRONOUNS | words.THING_WORDS:
        return ()
    return (kept[0].lower() if kept[0].istitle() else kept[0], *kept[1:])


def _german(tokens: Sequence[str], at: int, subject: str) -> tuple[list[Phrase], int]:
    """Subject, modal, object, infinitives: "Nutzer können Bücher suchen und ausleihen"."""
    found: list[Phrase] = []
    thing: list[str] = []
    while at < len(tokens) and tokens[at] not in ".;:!?":
        low = tokens[at].lower()
        if low in words.NEGATIONS:
            return found, at
        if not tokens[at].istitle() and (low in words.VERBS_DE or _is_infinitive(tokens, at)):
            verbs, at = _verb_group(tokens, at)
            if not verbs:
                verbs, at = [low], at + 1
            found.extend(Phrase(verb, tuple(thing[:LONGEST_OBJECT]), subject) for verb in verbs)
            at = _skip_joiners(tokens, at)
            thing = []
        else:
            if low not in words.DETERMINERS and tokens[at] != ",":
                thing.append(tokens[at])
            at += 1
    return found, at


def _is_infinitive(tokens: Sequence[str], at: int) -> bool:
    """Whether a word is an infinitive at the end of its clause, though no list has it: "Termine vereinbaren können"."""
    low = tokens[at].lower()
    after = tokens[at + 1].lower() if at + 1 < len(tokens) else "."
    ends = after in PUNCTUATION or after == COMMA or after in words.JOINERS or after in words.GERMAN_MODALS
    known = words.DETERMINERS | words.PREPOSITIONS | words.GERMAN_MODALS | words.PERSON_WORDS | words.STATE_VERBS
    return ends and len(low) > 4 and low.endswith(("en", "eln", "ern")) and low not in known


def _without_repeats(found: list[Phrase]) -> list[Phrase]:
    seen: dict[tuple[str, tuple[str, ...]], Phrase] = {}
    for phrase in found:
        seen.setdefault((phrase.verb, tuple(token.lower() for token in phrase.object)), phrase)
    return list(seen.values())
