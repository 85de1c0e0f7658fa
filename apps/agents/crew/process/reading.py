"""What a brief says about a process: its steps today, its steps in future, who does them, how long it takes."""

import re
from dataclasses import dataclass
from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.vocabulary import word_set
from apps.agents.crew.work import CannotDo, Work

TODAY = re.compile(
    r"\b(?:today|currently|at present|at the moment|right now|so far|until "
    r"now|nowadays|heute|bisher|derzeit|aujourd'hui|actualmente)\b",
    re.I,
)
FUTURE = re.compile(
    r"\b(?:in (?:the )?future|from now on|will|shall|the new (?:process|procedure|way)|instead|afterwards|tomorrow|"
    r"künftig|in zukunft|à l'avenir|en el futuro)\b",
    re.I,
)
LEADS = re.compile(
    r"^(?:today|currently|at present|at the moment|so far|until now|nowadays|in (?:the )?future|from now "
    r"on|instead|then|and|"
    r"finally|after(?:wards| that)|the new process is|first|,|:)+\s*",
    re.I,
)
SPLIT = re.compile(
    r",\s*(?:and\s+|then\s+|and then\s+)?|;\s*|\s+and then\s+|\s+then\s+|\s+and\s+(?=(?:the |an? )?[\w "
    r"]{2,30}?\b(?:\w+s)\b)",
    re.I,
)
DOES = word_set(
    """
    approve sign check pay copy arrive send receive review enter record file forward scan order confirm reject
    inform ask fill submit decide assign close archive print hand write deliver prepare book register collect
    compare count note report release open start stop update verify test call email mail pass take bring give make
    add set issue transfer request schedule train use log track store move go come wait answer notify post upload
    download escalate plan
    """
)
DURATION = re.compile(
    r"\b(\d{1,4}|one|two|three|four|five|six|ten)\s+(minutes?|hours?|days?|weeks?|months?|tagen?|wochen?|stunden?)\b",
    re.I,
)
NOBODY = "to be named"
# What these verbs are said of is a thing that comes along, not somebody who does a step.
HAPPENS = frozenset({"arrive", "come", "go", "wait", "take", "stay", "lie"})


@dataclass(frozen=True)
class Step:
    text: str
    actor: str
    sentence: int


def steps(work: Work, when: re.Pattern[str], but: re.Pattern[str] | None = None) -> list[Step]:
    """The steps of the sentences that speak of that time, in the order of the brief."""
    found: list[Step] = []
    for item in work.listed("sentences"):
        text, number = str(item.get("text") or ""), int(item.get("sentence") or item.get("number") or 0)
        if not when.search(text) or (but and but.search(text)):
            continue
        parts = [LEADS.sub("", part.strip()).strip() for part in SPLIT.split(text.rstrip(".!?"))]
        told = [Step(_capital(part), actor_of(part), number) for part in parts if len(part.split()) > 1]
        found += told
    return found[:40]


def actor_of(text: str) -> str:
    """Who does it: the words before the verb. Without a verb that is known: to be named."""
    words = re.sub(r"^(?:the|an?|our|each|every|all)\s+", "", text.strip(), flags=re.I).split()
    for at, word in enumerate(words[:7]):
        plain = naming.plain(word)
        if at and (plain in DOES or _base(plain) in DOES or plain in {"will", "must", "should", "can", "shall"}):
            if _base(plain) in HAPPENS:
                return NOBODY
            who = " ".join(words[:at])
            return naming.one_line(who[:1].upper() + who[1:], 40)
    return NOBODY


def _base(word: str) -> str:
    for ending, instead in (("ies", "y"), ("es", "e"), ("es", ""), ("s", "")):
        if word.endswith(ending) and word[: -len(ending)] + instead in DOES:
            return word[: -len(ending)] + instead
    return word


def _capital(text: str) -> str:
    line = naming.one_line(text, 200)
    return line[:1].upper() + line[1:]


def durations(work: Work) -> list[tuple[str, int, bool]]:
    """(how long, sentence, whether it is how long it takes today)."""
    found = []
    before = False
    for item in work.listed("sentences"):
        text, number = str(item.get("text") or ""), int(item.get("number") or 0)
        is_future = bool(FUTURE.search(text)) or bool(
            re.search(r"\b(?:within|at most|no more than|instead of)\b", text, re.I)
        )
        # "That takes 14 days" belongs to the sentence before it.
        now = bool(TODAY.search(text)) or (before and not is_future)
        found += [(match.group(), number, now and not is_future) for match in DURATION.finditer(text)]
        before = now and not is_future
    return found


def kept(work: Work, name: str) -> list[dict[str, Any]]:
    """The steps that an earlier task wrote. Raises CannotDo."""
    found = work.document(f"process/{name}.json").get("steps")
    if not isinstance(found, list) or not found:
        raise CannotDo(f"process/{name}.json is missing or has no steps.")
    return [item for item in found if isinstance(item, dict)]


def actors(found: list[dict[str, Any]]) -> list[str]:
    """Everybody who does a step, once, in their order; the process owner is always there."""
    names = [str(item.get("actor")) for item in found if item.get("actor") not in (None, "", NOBODY)]
    return [
        "Process owner",
        *dict.fromkeys(naming.one_line(name, 40).replace("|", "/") for name in names if name != "Process owner"),
    ]
