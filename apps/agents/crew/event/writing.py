"""What guests and helpers get: programme, rooms, guide, invitation, registration, roles, and the handbook of it all."""

from typing import Any

from apps.agents.crew import naming, writing
from apps.agents.crew.domain import Feature
from apps.agents.crew.event import reading
from apps.agents.crew.event.frame import frame_of
from apps.agents.crew.event.programme import Session, as_csv, calendar, clock, csv_text, from_csv, sessions
from apps.agents.crew.markdown import bullets, document, safe, table
from apps.agents.crew.work import CannotDo, Work

PROGRAMME = "event/programme.csv"
ROLE_WORDS = (
    ("Lead", "decides on the day; has the last word", 30),
    ("Host", "welcomes, leads through the programme, keeps the time", 14),
    ("Place and equipment", "chairs, sound, light, signs; opens and locks", 7),
    ("Guests", "invitations, answers, the door", 21),
    ("Food and drink", "orders, serves, clears away", 10),
    ("Safety", "first aid, ways out, the authorities", 14),
)


def sessions_of(work: Work) -> list[Session]:
    if not work.has(PROGRAMME):
        raise CannotDo(f"{PROGRAMME} is missing, so there is no programme to rest on.")
    return from_csv(work.text(PROGRAMME))


def programme(work: Work) -> str:
    """event/programme.csv, .ics and .md."""
    here = frame_of(work)
    try:
        found = sessions(reading.items_of(work), here.day, here.days, here.start, here.end, here.stages)
    except ValueError as error:
        raise CannotDo(f"{error} Name fewer items, longer hours, or choose parallel rooms.") from error
    work.write(work.produces("programme.csv", PROGRAMME), as_csv(found))
    work.write(work.produces("programme.ics", "event/programme.ics"), calendar(found, here.title, here.place))
    ordered = sorted(found, key=lambda s: (s.day, s.start, s.stage))
    rows = [
        (
            s.day.isoformat(),
            f"{clock(s.start)} to {clock(s.end)}",
            s.stage,
            s.title,
            f"sentence {s.sentence}" if s.sentence else "assumption",
        )
        for s in ordered
    ]
    work.write(
        work.produces("programme.md", "event/programme.md"),
        document(
            f"Programme: {here.title}",
            ("Sessions", table(["Day", "Time", "Stage", "What", "From"], rows)),
            (
                "Open",
                bullets(f"Who does '{s.title}', and whether they have agreed." for s in ordered if s.kind == "session"),
            ),
            lead="Order and lengths are assumptions; that each item is there is from the brief. Times are local.",
        ),
    )
    work.claim(f"{sum(s.kind == 'session' for s in found)} sessions, none of which overlaps another on its stage.")
    return f"A programme of {len(found)} entries from {clock(here.start)} to {clock(here.end)}."


def rooms(work: Work) -> str:
    """event/rooms.csv: which stage holds how many at which hour."""
    here, found = frame_of(work), sessions_of(work)
    seats = -(-here.guests // max(1, len(here.stages) - 1))
    rows = [
        (stage, seats if at else here.guests, sum(s.stage == stage and s.kind == "session" for s in found), "assumed")
        for at, stage in enumerate(here.stages)
    ]
    work.write(work.produces("rooms.csv", "event/rooms.csv"), csv_text(("room", "seats", "sessions", "standing"), rows))
    work.claim("The first room holds all guests, the others together hold them twice less the first.")
    return f"{len(rows)} rooms with seats for {here.guests} guests."


def moderation(work: Work) -> str:
    """event/moderation.md: how an open space is led, with the day's own times."""
    here = frame_of(work)
    slots = [s for s in sessions_of(work) if s.kind == "session"]
    steps = [
        f"{clock(here.start)}: the host explains the rules and asks who brings what.",
        *(
            f"{clock(s.start)} in {s.stage}: {s.title}. Whoever brought it begins; a second person writes down what "
            f"came out."
            for s in slots
        ),
        f"{clock(here.end - 15)}: each circle says one sentence; the notes are collected.",
    ]
    rules = [
        "Whoever comes is the right person.",
        "Who neither learns nor helps moves on.",
        "What is not written down did not happen.",
    ]
    work.write(
        work.produces("moderation.md", "event/moderation.md"),
        document(
            f"Guide for the hosts: {here.title}",
            ("Through the day", bullets(steps)),
            ("Rules on the wall", bullets(rules)),
            lead="Assumption: what is named in the brief are offers; guests may bring further ones in the morning.",
        ),
    )
    return f"A guide through {len(slots)} circles."


def guests(work: Work) -> str:
    """event/guests.csv (groups, numbers, who asks them) and event/invitation.md."""
    here, groups = frame_of(work), reading.invited(work)
    shares = _shares(here.guests, [name for name, _ in groups])
    rows: list[tuple[Any, ...]] = [
        (name, count, "Guests", "not yet asked", f"sentence {number}" if number else "assumption")
        for (name, number), count in zip(groups, shares, strict=True)
    ]
    heads = ("group", "expected", "asked by", "answer", "from")
    work.write(work.produces("guests.csv", "event/guests.csv"), csv_text(heads, rows))
    work.write(
        work.produces("invitation.md", "event/invitation.md"),
        _invitation(work, "Please answer three weeks before, by the way that the hosts name."),
    )
    work.claim(
        f"{len(groups)} groups are listed with {here.guests} expected guests; how many of each is an assumption."
    )
    return f"{len(groups)} groups to invite, and the invitation."


def _shares(guests: int, names: list[str]) -> list[int]:
    """How many of each group, together all guests: one of what reads like one person, the rest alike."""
    single = [_is_one(name) for name in names]
    if all(single) or guests < len(names):
        single = [False] * len(names)
    rest, groups = guests - sum(single), single.count(False)
    shares, at = [], 0
    for one in single:
        shares.append(1 if one else rest // groups + (at < rest % groups))
        at += not one
    return shares


def _is_one(name: str) -> bool:
    """ "Mayor" is one; "Members of the board", "Local press" and "Staff" are many."""
    words = naming.plain(name).split()
    many = {
        "press",
        "staff",
        "public",
        "family",
        "team",
        "board",
        "people",
        "media",
        "council",
        "community",
        "audience",
    }
    return not set(words) & many and not any(word.endswith("s") for word in words[:2])


def _invitation(work: Work, answer: str) -> str:
    here = frame_of(work)
    items = [
        f"{clock(s.start)}: {s.title}"
        for s in sorted(sessions_of(work), key=lambda s: (s.day, s.start))
        if s.kind == "session"
    ]
    must = [text for text, _ in reading.limits(work, "must_not") + reading.limits(work, "limit")]
    days = f"{here.day:%A}, {here.day.isoformat()}" + (f", {here.days} days" if here.days > 1 else "")
    return document(
        here.title,
        ("When and where", f"{days}, {clock(here.start)} to {clock(here.end)}, {safe(here.place)}."),
        ("What awaits you", bullets(items)),
        ("Good to know", bullets(must, "Nothing beyond that.")),
        ("Your answer", answer),
        lead="You are invited. (Draft: names of speakers are to be agreed before it goes out.)",
    )


def registration(work: Work) -> str:
    """event/registration.md: how people sign up, how many there are, and who gets a place that becomes free."""
    here = frame_of(work)
    fields = ["name", "how to reach them", "number of people", "needs (access, food)"]
    work.write(
        work.produces("registration.csv", "event/registration.csv"),
        csv_text(("received", *fields, "place or waiting"), []),
    )
    rules = [
        f"There are {here.guests} places. They are given in the order in which people sign up.",
        "Who comes later is on a waiting list and is told so at once; a place that becomes free goes to its first.",
        "Nothing else is asked, and the list is destroyed four weeks after the event (assumption).",
        "Who has no answer after two days asks the role Guests.",
    ]
    work.write(
        work.produces("registration.md", "event/registration.md"),
        _invitation(work, "Sign up with: " + ", ".join(fields) + ".")
        + "\n"
        + "## How places are given\n\n"
        + bullets(rules)
        + "\n",
    )
    return f"Registration for {here.guests} places with a waiting list."


def roles(work: Work) -> str:
    """event/roles.csv: who is needed, for what, until when; a name stands only where the brief has one."""
    rows: list[tuple[Any, ...]] = [(name, what, days, "to be named", "assumption") for name, what, days in ROLE_WORDS]
    people = [str(item.get("name")) for item in work.listed("users")]
    for one in reading.jobs(work):
        who = next((name for name in people if name.lower() in one.title.lower()), "to be named")
        rows.append((_role_for(one), one.title, 7, who, f"sentence {one.sentence}"))
    work.write(
        work.produces("roles.csv", "event/roles.csv"), csv_text(("role", "what", "days before", "who", "from"), rows)
    )
    work.claim(f"{len(rows)} jobs have a role; persons are named by people, not here.")
    return f"{len(rows)} jobs with their roles."


def _role_for(feature: Feature) -> str:
    words = set(naming.plain(feature.title).split())
    for role, signs in (
        ("Guests", "invite invitation invitations guests register registration press"),
        ("Food and drink", "food drink drinks catering serve cook coffee buffet"),
        ("Place and equipment", "tents tent chairs stage sound room hall book set equipment clean transport"),
        ("Safety", "safety first aid security fire permit police"),
        ("Host", "moderate host welcome lead present"),
    ):
        if words & set(signs.split()):
            return role
    return "Lead"


def part(work: Work) -> str:
    """A section on one wish of the brief: when it happens or who does it, what the brief says, what is open."""
    feature = work.domain.feature(str(work.packet.parameters.get("feature") or ""))
    said = writing.near(work, feature)
    found = [s for s in sessions_of(work) if reading.same_words(feature.title, s.title)]
    place = [f"{s.day.isoformat()}, {clock(s.start)} to {clock(s.end)}, {s.stage}: {s.title}" for s in found]
    is_job = not place
    plan = place or [f"It is work before or on the day. Responsible: {_role_for(feature)} (a person is to be named)."]
    needed = ["Who does it, and when they have agreed."] + (
        [] if is_job else ["What it needs: room, sound, material, fee."]
    )
    work.write(
        work.produces(".md", f"event/parts/{feature.slug}.md"),
        document(
            feature.title,
            (
                "What the brief says",
                "\n\n".join(f"{safe(text, 600)} (sentence {number})" for number, text in said) or "Nothing.",
            ),
            ("How it is planned", bullets(plan)),
            ("What must still be settled", bullets(needed)),
            lead="What is planned is an assumption unless a sentence of the brief stands behind it.",
        ),
    )
    work.claim(f"'{feature.title}' rests on {len(said)} sentences of the brief.")
    return f"A section on '{feature.title}'."


def assembly(work: Work) -> str:
    """event/handbook.md: one document with every wish, the programme, the roles and the money."""
    here = frame_of(work)
    names = [f"event/parts/{feature.slug}.md" for feature in work.domain.features]
    missing = [name for name in names if not work.has(name)]
    if missing:
        raise CannotDo(f"{', '.join(missing)} is missing, so the handbook cannot be put together.")
    files = [name for name in work.files("event/*") if not name.endswith("handbook.md")]
    parts = [writing.lowered(work.text(name)) for name in names]
    head = document(
        f"Handbook: {here.title}",
        (
            "In one line",
            f"{here.day.isoformat()}, {clock(here.start)} to {clock(here.end)}, {safe(here.place)}, {here.guests} "
            f"guests.",
        ),
        ("Files", bullets(files)),
        ("Roles", bullets(f"{name}: {what}" for name, what, _ in ROLE_WORDS)),
        lead="Every statement names its sentence of the brief or is an assumption.",
    )
    work.write(work.produces("handbook.md", work.domain.document), head + "\n" + "\n\n".join(parts))
    work.claim(f"All {len(work.domain.features)} wishes of the brief have a section.")
    return f"The handbook with {len(parts)} sections."
