"""The day itself (a checklist with times), and calling the event off: both checked against the programme."""

from decimal import Decimal, InvalidOperation
from typing import Any

from apps.agents.crew.event import reading
from apps.agents.crew.event.frame import frame_of
from apps.agents.crew.event.programme import calendar, clock, csv_text
from apps.agents.crew.event.writing import ROLE_WORDS, sessions_of
from apps.agents.crew.markdown import bullets, document, safe, table
from apps.agents.crew.work import CannotDo, Work

BEFORE = (
    (120, "Open, put up signs, test sound and light", "Place and equipment"),
    (90, "Food and drink are delivered", "Food and drink"),
    (60, "All helpers meet; who stands where", "Lead"),
    (30, "The door opens", "Guests"),
)
AFTER = (
    (15, "Clear away, lost property, count the cash", "Place and equipment"),
    (60, "Lock up", "Place and equipment"),
)


def runbook(work: Work) -> str:
    """docs/runbook.md and event/day-of.csv."""
    here, found = frame_of(work), sessions_of(work)
    rows: list[tuple[Any, ...]] = [(clock(max(0, here.start - before)), what, role) for before, what, role in BEFORE]
    rows += [(clock(s.start), f"{s.stage}: {s.title}", "Host") for s in sorted(found, key=lambda s: (s.start, s.stage))]
    rows += [(clock(min(23 * 60 + 59, here.end + after)), what, role) for after, what, role in AFTER]
    unknown = {role for _, _, role in rows} - {name for name, _, _ in ROLE_WORDS}
    if unknown or [row[0] for row in rows] != sorted(row[0] for row in rows):
        raise CannotDo("The checklist of the day is out of order or names roles that nobody has.")
    work.write("event/day-of.csv", csv_text(("time", "what", "role"), rows))
    tests = work.document("reports/integration.json").get("tests", 0)
    jobs = [f"{one.title} (sentence {one.sentence})" for one in reading.jobs(work)]
    weather = "If it is outdoors: decide by the evening before whether it moves inside, and tell everybody who comes."
    work.write(
        work.produces(".md", "docs/runbook.md"),
        document(
            f"The day: {here.title}",
            ("Checklist", table(["Time", "What", "Role"], rows)),
            (
                "Before the day",
                bullets([*jobs, *(f"{days} days before: {name} is filled." for name, _, days in ROLE_WORDS)]),
            ),
            (
                "When something is wrong",
                bullets(
                    [
                        weather,
                        "A speaker is missing: the host moves the break forward.",
                        "Too many guests: Safety closes the door at the number of seats.",
                        "Somebody is hurt: first aid, then 112; Lead is told.",
                    ]
                ),
            ),
            (
                "Calling it off",
                "See event/cancellation.csv; the calendar entry event/cancellation.ics withdraws every session.",
            ),
            (
                "Checked",
                f"{tests} checks passed when this was written. Again: `python3 -m unittest discover -s tests`.",
            ),
            lead=f"{here.day.isoformat()}, {safe(here.place)}. Assumption: one team, one place.",
        ),
    )
    work.claim(f"{len(rows)} lines of the checklist are in the order of the clock and have a role.")
    return f"The checklist of the day with {len(rows)} lines."


def calling_off(work: Work) -> list[dict[str, Any]]:
    """Makes the cancellation and tries it: does it withdraw all that was announced, and tell all who were invited?"""
    here, found = frame_of(work), sessions_of(work)
    notice = calendar(found, here.title, here.place, cancelled=True)
    work.write("event/cancellation.ics", notice)
    told = [
        (name, "Guests", "by the way of the invitation, and a notice at the door") for name, _ in reading.invited(work)
    ]
    told += [(f"whoever does '{s.title}'", "Lead", "by telephone") for s in found if s.kind == "session"]
    lost = _lost(work)
    work.write("event/cancellation.csv", csv_text(("who is told", "by", "how"), list(told)))
    announced = _uids(work.text("event/programme.ics"))
    withdrawn = _uids(notice)
    guests = work.text("event/guests.csv").splitlines()[1:]
    return [
        _step("every session that was announced is withdrawn", announced == withdrawn and bool(announced)),
        _step("the withdrawal replaces the announcement", "METHOD:CANCEL" in notice and "SEQUENCE:1" in notice),
        _step(
            "every invited group is told",
            all(any(row.split(",")[0].strip('"') in name for name, _, _ in told) for row in guests),
        ),
        _step(f"what is lost by it is known: {lost} at most", lost >= 0),
    ]


def _lost(work: Work) -> Decimal:
    try:
        return Decimal(str(work.document("infrastructure/cost.json").get("once", "0")))
    except InvalidOperation:
        return Decimal(-1)


def _uids(text: str) -> set[str]:
    return {line.partition(":")[2] for line in text.replace("\r\n ", "").splitlines() if line.startswith("UID:")}


def _step(name: str, passed: bool) -> dict[str, Any]:
    return {"step": name, "passed": passed, "output": ""}
