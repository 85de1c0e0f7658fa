"""What a brief says about an event: day, hours, place, guests, money, items of the programme."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.domain import Feature
from apps.agents.crew.vocabulary import word_set
from apps.agents.crew.work import Work

MONTHS = {
    name: at
    for at, names in enumerate(
        (
            "january januar janvier enero jan",
            "february februar fevrier febrero feb",
            "march marz mars marzo mar",
            "april avril abril apr",
            "may mai mayo",
            "june juni juin junio jun",
            "july juli juillet julio jul",
            "august aout agosto aug",
            "september septembre septiembre sep sept",
            "october oktober octobre octubre oct",
            "november novembre noviembre nov",
            "december dezember decembre diciembre dec",
        ),
        1,
    )
    for name in names.split()
}
SESSIONS = word_set(
    """
    talk talks reading readings workshop workshops panel concert lecture lectures keynote session sessions
    discussion debate dinner lunch breakfast reception ceremony tour tours game games show screening exhibition
    presentation presentations demonstration demo award awards quiz dance performance stall stalls speech welcome
    opening closing bbq barbecue picnic match tournament race parade fireworks film q&a poster networking hackathon
    vortrag lesung konzert fuhrung diskussion empfang conference-dinner atelier conference visite
    """
)
LEADS = re.compile(
    r"^(?:we want |there (?:is|are|will be|should be) |the programme (?:includes|has|covers|is)|with |including |and |"
    r"then |an? |the |some |finally |it has |it includes |first )+",
    re.I,
)
SPLIT = re.compile(r",\s*(?:and\s)?|;\s*|:\s+|\sand\s(?:an?\s|the\s|then\s)?|\bincludes?\s|\bincluding\s", re.I)
TIME = r"(\d{1,2})(?:[:.h](\d{2}))?\s?(am|pm|uhr|h)?"
SPAN = re.compile(rf"\b(?:from|von|between|de)?\s*{TIME}\s*(?:to|until|till|and|bis|a|-|–)\s*{TIME}", re.I)
FROM = re.compile(r"\b(?:starts?|begins?|beginnt|beginning|at|from|um|ab)\s+(?:at\s+)?(\d{1,2})[:.](\d{2})", re.I)
PLACE = re.compile(
    r"\b(?:in|at|im|in der)\s+(?:the\s+|our\s+)?([A-Za-zÀ-ÿ][\wÀ-ÿ'’ "
    r"-]{2,50}?(?:hall|garden|centre|center|library|school|room|"
    r"park|hotel|museum|house|square|church|theatre|stadium|campus|building|canteen|office|club|rathaus|halle|saal|garten))\b",
    re.I,
)
GUESTS = re.compile(
    r"\b(\d[\d.,]{0,6})\s+(?:\w+\s+){0,2}?(?:guests?|people|participants?|attendees|visitors|persons|delegates|"
    r"employees|members|seats|gäste|personen|teilnehmer\w*|invités|personnes|personas)\b",
    re.I,
)
DAYS = re.compile(r"\b(two|three|four|five|2|3|4|5|zwei|drei)[- ](?:days?|tägig\w*|tage)\b", re.I)
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "zwei": 2, "drei": 3}
DEFAULT_GUESTS, LONGEST_DAYS = 50, 5


@dataclass(frozen=True)
class Item:
    """Something that happens at the event; `minutes` are assumed unless the brief says."""

    title: str
    sentence: int
    minutes: int


@dataclass(frozen=True)
class Told:
    """A value with the sentence it rests on; 0 means that it is an assumption."""

    value: Any
    sentence: int

    def as_dict(self) -> dict[str, Any]:
        return {"value": self.value, "assumed": self.sentence == 0, "sentence": self.sentence}


def sentences(work: Work) -> list[tuple[int, str]]:
    found = [(int(item.get("number") or 0), str(item.get("text") or "")) for item in work.listed("sentences")]
    return found or [(0, work.domain.title)]


def day_of(work: Work, today: date) -> Told:
    """The first day. Where the brief has none: the first Saturday after three months, as an assumption."""
    for number, text in sentences(work):
        if found := date_in(text):
            return Told(found.isoformat(), number)
    later = today + timedelta(days=90)
    return Told((later + timedelta(days=(5 - later.weekday()) % 7)).isoformat(), 0)


def date_in(text: str) -> date | None:
    """The first date of a sentence that has day, month and year."""
    named = re.search(
        r"\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?([^\W\d]{3,10})\.?,?\s+(?:de\s+)?(\d{4})\b", text
    )
    if named and (month := MONTHS.get(naming.plain(named[2]))):
        return _date(int(named[3]), month, int(named[1]))
    turned = re.search(r"\b([^\W\d]{3,10})\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", text)
    if turned and (month := MONTHS.get(naming.plain(turned[1]))):
        return _date(int(turned[3]), month, int(turned[2]))
    if iso := re.search(r"\b(\d{4})-(\d{2})-(\d{2})\b", text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if dotted := re.search(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b", text):
        return _date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def hours_of(work: Work) -> tuple[Told, Told]:
    """Beginning and end as minutes after midnight; assumed from 9 to 17."""
    for number, text in sentences(work):
        for found in SPAN.finditer(text):
            if not any((found[2], found[3], found[5], found[6])):
                continue  # "2 to 3" are no times
            half = (
                found[6] if found[6] and not found[3] and found[6].lower() == "pm" and int(found[1]) < 12 else found[3]
            )
            begin, end = _minutes(found[1], found[2], half), _minutes(found[4], found[5], found[6])
            if begin is not None and end is not None and end - begin >= 30:
                return Told(begin, number), Told(end, number)
        if (at := FROM.search(text)) and (begin := _minutes(at[1], at[2], None)) is not None and begin <= 20 * 60:
            return Told(begin, number), Told(min(begin + 240, 23 * 60), 0)
    return Told(9 * 60, 0), Told(17 * 60, 0)


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    value = int(hour) + (12 if half and half.lower() == "pm" and int(hour) < 12 else 0)
    return value * 60 + int(minute or 0) if value < 24 and int(minute or 0) < 60 else None


def guests_of(work: Work) -> Told:
    for number, text in sentences(work):
        if found := GUESTS.search(text):
            return Told(max(1, int(re.sub(r"\D", "", found[1]) or 1)), number)
    return Told(DEFAULT_GUESTS, 0)


def place_of(work: Work) -> Told:
    for number, text in sentences(work):
        if found := PLACE.search(text):
            return Told(naming.one_line(found[1], 60), number)
    return Told("a place that is still to be found", 0)


def days_of(work: Work) -> Told:
    for number, text in sentences(work):
        if found := DAYS.search(text):
            value = NUMBERS.get(found[1].lower()) or int(found[1])
            return Told(min(value, LONGEST_DAYS), number)
    return Told(1, 0)


def items_of(work: Work) -> list[Item]:
    """What happens, in the order of the brief. Without any: its features, as an assumption."""
    found: dict[str, Item] = {}
    for number, text in sentences(work):
        for part in SPLIT.split(text.rstrip(".!?")):
            title = LEADS.sub("", part.strip())
            words = naming.plain(title).split()
            if set(words) & SESSIONS and len(words) <= 12 and not date_in(title) and not _whole(title, work):
                found.setdefault(" ".join(words), Item(_capital(title), number, _length(title)))
    if found:
        return list(found.values())[:40]
    return [Item(feature.title, feature.sentence, 45) for feature in work.domain.features[:40]]


def _whole(title: str, work: Work) -> bool:
    """ "We hold a workshop" names the event itself and is no item of it."""
    low = naming.plain(title)
    return bool(re.search(r"\b(?:hold|organi[sz]e|plan|host|run|prepare|want)\b", low)) or low == naming.plain(
        work.domain.title
    )


def _length(title: str) -> int:
    if found := re.search(r"\b(\d{1,3})[- ]?min", title, re.I):
        return max(5, min(int(found[1]), 480))
    if found := re.search(r"\b(one|two|three|1|2|3)[- ]hours?\b", title, re.I):
        return 60 * ({"one": 1, "two": 2, "three": 3}.get(found[1].lower()) or int(found[1]))
    words = set(naming.plain(title).split())
    if words & {"welcome", "opening", "closing", "speech", "award", "awards"}:
        return 20
    return 60 if words & {"workshop", "workshops", "concert", "dinner", "lunch", "panel", "tournament", "film"} else 45


def _capital(text: str) -> str:
    line = naming.one_line(text, 120)
    return line[:1].upper() + line[1:]


INVITED = re.compile(r"\b(?:invite|invitations? (?:to|for)|einladen|inviter|invitar)\b\s+(?:to\s+)?(.{3,200})", re.I)


def invited(work: Work) -> list[tuple[str, int]]:
    """Groups of people that the brief wants to invite."""
    found = []
    for number, text in sentences(work):
        if match := INVITED.search(text.rstrip(".!?")):
            parts = re.split(r",\s*(?:and\s)?|\sand\s|\sund\s|\set\s|\sy\s", match[1])
            found += [
                (_capital(re.sub(r"^(?:the|all|our|an?)\s+", "", part.strip(), flags=re.I)), number) for part in parts
            ]
    groups = [(name, number) for name, number in found if name]
    users = [(str(item.get("name")), int(item.get("sentence") or 0)) for item in work.listed("users")]
    return (
        groups[:30]
        or [(_capital(naming.plural(name, work.domain.language)), at) for name, at in users[:30]]
        or [("Guests", 0)]
    )


def jobs(work: Work) -> list[Feature]:
    """Features that are work to be done rather than items of the programme."""
    items = [item.title for item in items_of(work)]
    return [one for one in work.domain.features if not any(same_words(one.title, item) for item in items)]


def same_words(first: str, second: str) -> bool:
    """Whether two titles mean the same: one is in the other, or they share most of their longer words."""
    one, other = naming.plain(first), naming.plain(second)
    shared = {word for word in one.split() if len(word) > 3} & set(other.split())
    return one in other or other in one or len(shared) >= 2


def limits(work: Work, kind: str) -> list[tuple[str, int]]:
    return [
        (naming.one_line(str(item.get("text") or "")), int(item.get("sentence") or 0))
        for item in work.listed("constraints")
        if item.get("kind") == kind
    ]
