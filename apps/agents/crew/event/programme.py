"""From items and hours to a programme whose sessions never overlap on one stage, as a table and as a calendar."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.event.reading import Item

COLUMNS = ("number", "day", "start", "end", "stage", "title", "kind", "sentence")
WELCOME, END, CHANGE = 15, 15, 10
SHORTEST = 10
MOST_FREE = 90  # minutes between two items of one stage, where there is time to spare


@dataclass(frozen=True)
class Session:
    """`start` and `end` in minutes after midnight; `sentence` 0 marks what was assumed."""

    number: int
    day: date
    start: int
    end: int
    stage: str
    title: str
    kind: str  # frame, session, break
    sentence: int

    @property
    def uid(self) -> str:
        return f"{self.day.isoformat()}-{self.number}@{naming.slug(self.stage, 'stage')}.event"


def sessions(items: list[Item], first: date, days: int, start: int, end: int, stages: list[str]) -> list[Session]:
    """Every item once. Items are shortened alike where the hours are too few; what then still remains is in parallel.

    Raises ValueError where not even that leaves ten minutes for each.
    """
    items = sorted(items, key=_part_of_day)
    per_day = [items[at::days] for at in range(days)] if days > 1 else [items]
    made: list[Session] = []
    for at, todays in enumerate(per_day):
        _day(made, todays, first + timedelta(days=at), start, end, stages)
    return made


def _day(made: list[Session], items: list[Item], day: date, start: int, end: int, stages: list[str]) -> None:
    def add(begin: int, finish: int, stage: str, title: str, kind: str, sentence: int) -> None:
        made.append(Session(len(made) + 1, day, begin, finish, stage, title, kind, sentence))

    add(start, start + WELCOME, stages[0], "Welcome", "frame", 0)
    lanes = [items[at :: len(stages)] for at in range(len(stages))]
    room = end - END - start - WELCOME
    longest = max((sum(item.minutes + CHANGE for item in lane) for lane in lanes), default=0)
    pause = 30 if room - longest >= 30 and longest > 150 else 0
    factor = min(1.0, (room - pause) / longest) if longest else 1.0
    for stage, lane in zip(stages, lanes, strict=True):
        at, rested = start + WELCOME, not pause
        spare = room - pause - sum(item.minutes + CHANGE for item in lane)
        free = min(MOST_FREE, max(0, spare) // max(1, len(lane))) // 5 * 5
        for item in lane:
            if not rested and at - start > (end - start) * 0.45:
                add(at, at + pause, stage, "Break", "break", 0)
                at, rested = at + pause, True
            step = int((item.minutes + CHANGE) * factor)
            minutes = min(item.minutes, step - min(CHANGE, step // 5))
            if minutes < SHORTEST:
                raise ValueError(f"{len(items)} items don't fit between the beginning and the end of the day.")
            add(at, at + minutes, stage, item.title, "session", item.sentence)
            at += step + free
    add(end - END, end, stages[0], "Thanks and goodbye", "frame", 0)


EARLY = frozenset(["opening", "breakfast", "morning", "welcome", "keynote"])
LATE = frozenset(["evening", "dinner", "concert", "closing", "party", "fireworks", "night", "award", "awards"])


def _part_of_day(item: Item) -> int:
    """0 for what belongs to the beginning, 2 for what belongs to the end; the brief's order stays otherwise."""
    words = set(naming.plain(item.title).split())
    return 2 if words & LATE else 0 if words & EARLY else 1


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def as_csv(found: list[Session]) -> str:
    rows = [
        (s.number, s.day.isoformat(), clock(s.start), clock(s.end), s.stage, s.title, s.kind, s.sentence)
        for s in sorted(found, key=lambda s: (s.day, s.start, s.stage))
    ]
    return csv_text(COLUMNS, rows)


def csv_text(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """CSV in which no cell acts as a formula when a spreadsheet opens it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([[_inert(cell) for cell in row] for row in rows])
    return out.getvalue()


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t" and cell else cell


def calendar(found: list[Session], title: str, place: str, *, cancelled: bool = False) -> str:
    """RFC 5545, with local times. A cancellation has the same identifiers, a higher sequence and METHOD:CANCEL."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Command Post//crew//EN",
        f"METHOD:{'CANCEL' if cancelled else 'PUBLISH'}",
    ]
    for one in found:
        midnight = datetime(one.day.year, one.day.month, one.day.day)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.uid}",
            f"DTSTAMP:{midnight:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{midnight + timedelta(minutes=one.start):%Y%m%dT%H%M%S}",
            f"DTEND:{midnight + timedelta(minutes=one.end):%Y%m%dT%H%M%S}",
            f"SEQUENCE:{1 if cancelled else 0}",
            f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
            f"SUMMARY:{_escaped(f'{title}: {one.title}')}",
            f"LOCATION:{_escaped(f'{one.stage}, {place}')}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "\r\n".join(part for line in lines for part in _folded(line)) + "\r\n"


def _escaped(text: str) -> str:
    line = naming.one_line(text, 200)
    return line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets; a continuation begins with a blank."""
    parts, current = [], ""
    for sign in line:
        if len((current + sign).encode()) > 74:
            parts.append(current)
            current = " "
        current += sign
    return [*parts, current]


def from_csv(text: str) -> list[Session]:
    """The sessions again, from what another task wrote."""
    found = []
    for row in csv.DictReader(io.StringIO(text)):
        begin, end = (int(row[name][:2]) * 60 + int(row[name][3:]) for name in ("start", "end"))
        found.append(
            Session(
                int(row["number"]),
                date.fromisoformat(row["day"]),
                begin,
                end,
                row["stage"],
                row["title"],
                row["kind"],
                int(row["sentence"]),
            )
        )
    return found
