"""The frame of the event (day, hours, place, guests, money) and its budget: read once, then used by every task."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from apps.agents.crew.event import reading
from apps.agents.crew.event.programme import clock, csv_text
from apps.agents.crew.event.reading import Told
from apps.agents.crew.infrastructure import money_of
from apps.agents.crew.markdown import bullets, document, safe, table
from apps.agents.crew.work import CannotDo, Work

FRAME = "event/frame.json"
FORMS = {"single-stage": 1, "parallel": 3, "open-space": 2}
# Share of the budget, and price per head where the brief has no budget. All assumed.
LINES = (
    ("place and equipment", Decimal("0.30"), Decimal("8.00")),
    ("food and drink", Decimal("0.35"), Decimal("12.00")),
    ("programme and fees", Decimal("0.20"), Decimal("6.00")),
    ("invitations and notices", Decimal("0.05"), Decimal("1.00")),
    ("reserve", Decimal("0.10"), Decimal("3.00")),
)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Frame:
    title: str
    day: date
    days: int
    start: int
    end: int
    place: str
    guests: int
    form: str

    @property
    def stages(self) -> list[str]:
        count = FORMS.get(self.form, 1)
        if self.form == "open-space":
            return ["Plenary", "Circle"]
        return ["Main stage"] if count == 1 else [f"Room {letter}" for letter in "ABC"[:count]]


def frame(work: Work) -> str:
    """event/frame.json: each value with the sentence it is from, or marked as an assumption."""
    start, end = reading.hours_of(work)
    told = {
        "day": reading.day_of(work, date.today()),
        "days": reading.days_of(work),
        "start": Told(clock(start.value), start.sentence),
        "end": Told(clock(end.value), end.sentence),
        "place": reading.place_of(work),
        "guests": reading.guests_of(work),
        "form": Told(str(work.packet.choices.get("form") or "single-stage"), 0),
    }
    items = [{"title": one.title, "sentence": one.sentence, "minutes": one.minutes} for one in reading.items_of(work)]
    found: dict[str, Any] = {
        "title": work.domain.title,
        **{name: value.as_dict() for name, value in told.items()},
        "items": items,
        "limits": [text for text, _ in reading.limits(work, "must_not") + reading.limits(work, "limit")],
    }
    work.write_json(work.produces("frame.json", FRAME), found)
    assumed = [name for name, value in told.items() if value.sentence == 0]
    rows = [
        (name, value.value, f"sentence {value.sentence}" if value.sentence else "assumption")
        for name, value in told.items()
    ]
    work.write(
        work.produces("frame.md", "event/frame.md"),
        document(
            f"Frame: {work.domain.title}",
            ("When, where, how many", table(["What", "Value", "From"], rows)),
            (
                "What the programme is made of",
                bullets(f"{i['title']} (sentence {i['sentence']}, {i['minutes']} minutes)" for i in items),
            ),
            ("What limits it", bullets(found["limits"])),
            lead="What the brief does not say is called an assumption; a person says otherwise by an answer or at a "
            "gate.",
        ),
    )
    work.claim(
        f"{len(told) - len(assumed)} of {len(told)} values are from the brief; {', '.join(assumed)} are assumed."
    )
    return f"The frame of the event, with {len(items)} items of the programme."


def frame_of(work: Work) -> Frame:
    """The frame as an earlier task left it. Raises CannotDo."""
    found = work.document(FRAME)
    try:
        value = {name: found[name]["value"] for name in ("day", "days", "start", "end", "place", "guests", "form")}
        hours = [int(value[name][:2]) * 60 + int(value[name][3:]) for name in ("start", "end")]
        return Frame(
            str(found["title"]),
            date.fromisoformat(value["day"]),
            int(value["days"]),
            hours[0],
            hours[1],
            str(value["place"]),
            int(value["guests"]),
            str(value["form"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CannotDo(f"{FRAME} is missing or is no frame of an event: {error}.") from error


def budget(work: Work) -> str:
    """event/budget.csv, infrastructure/cost.json and infrastructure/plan.md: lines that add up to the whole."""
    here = frame_of(work)
    given = money_of(work.packet.constraints.get("budget"))
    sentence = 0
    if not given:
        for text, number in reading.limits(work, "budget"):
            if amount := money_of("".join(part for part in text.split() if part[:1].isdigit() or part[1:2].isdigit())):
                given, sentence = amount, number
                break
    lines = _shares(given) if given else [(name, (price * here.guests).quantize(CENT)) for name, _, price in LINES]
    total = sum((amount for _, amount in lines), Decimal(0))
    why = "its share of the budget is assumed" if given else f"an assumed price a head for {here.guests} guests"
    rows: list[tuple[Any, ...]] = [(name, f"{amount}", why) for name, amount in lines]
    work.write(
        work.produces("budget.csv", "event/budget.csv"),
        csv_text(("line", "amount", "why"), [*rows, ("total", f"{total}", "")]),
    )
    found = {
        "monthly": "0.00",
        "once": f"{total}",
        "assumed": True,
        "lines": [{"what": name, "amount": f"{amount}", "why": f"Assumption: {why}."} for name, amount in lines],
        "budget": f"{given}" if given else None,
        "within_budget": total <= given if given else None,
    }
    work.write_json(work.produces("cost.json", "infrastructure/cost.json"), found)
    source = f"sentence {sentence}" if sentence else "the goal's limit"
    verdict = (
        f"The budget is {given} ({source}); the lines add up to it."
        if given
        else "No budget was given: a person decides."
    )
    work.write(
        work.produces("plan.md", "infrastructure/plan.md"),
        document(
            f"Place, means and money: {here.title}",
            ("Budget", f"{table(['Line', 'Amount', 'Why'], rows)}\n\nTotal: {total}."),
            ("Against the budget", verdict),
            ("The place", f"{safe(here.place)}. It must hold {here.guests} guests; nobody has asked there yet."),
            lead="Every amount is an assumption until somebody has an offer in writing.",
        ),
    )
    work.claim(f"The lines add up to {total}; none of them is an offer.")
    return f"A budget of {total}."


def _shares(whole: Decimal) -> list[tuple[str, Decimal]]:
    """Shares in whole cents; what rounding leaves goes to the reserve, so that they add up exactly."""
    parts = [(name, (whole * share).quantize(CENT, ROUND_DOWN)) for name, share, _ in LINES]
    rest = whole.quantize(CENT, ROUND_DOWN) - sum((amount for _, amount in parts), Decimal(0))
    return [*parts[:-1], (parts[-1][0], parts[-1][1] + rest)]
