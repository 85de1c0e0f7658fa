"""The two processes, and what carries people from one to the other: roles, training, measures, means."""

from decimal import Decimal
from typing import Any

from apps.agents.crew import naming, writing
from apps.agents.crew.event.programme import csv_text
from apps.agents.crew.markdown import bullets, counted, document, safe, table
from apps.agents.crew.process import reading
from apps.agents.crew.process.reading import NOBODY, Step
from apps.agents.crew.work import CannotDo, Work

TRAINING_HOURS, PEOPLE_A_ROLE, HOUR = 2, 5, Decimal("40.00")


def current(work: Work) -> str:
    """process/current.json and .md: the steps of today, as far as the brief tells them."""
    found = reading.steps(work, reading.TODAY, reading.FUTURE)
    told = bool(found)
    steps = found or [Step("It is done as the people do it today; the brief does not describe it", NOBODY, 0)]
    rows = [_row(at, step) for at, step in enumerate(steps, 1)]
    lasts = [f"{text} (sentence {number})" for text, number, now in reading.durations(work) if now]
    work.write_json(work.produces(".json", "process/current.json"), {"steps": rows, "described": told, "takes": lasts})
    work.write(
        work.produces(".md", "process/current.md"),
        document(
            f"The process today: {work.domain.title}",
            ("Steps", _table(rows)),
            (
                "How long it takes",
                bullets(lasts, "The brief does not say; it is measured before the change (process/measures.csv)."),
            ),
            (
                "To be looked at where it is done",
                bullets(
                    [
                        "Who does it when somebody is away.",
                        "What happens to cases that don't fit.",
                        *(f"Who does this: {step.text}" for step in steps if step.actor == NOBODY),
                    ]
                ),
            ),
            lead="From the brief only. Nobody has watched the process; that is the first thing to do.",
        ),
    )
    work.claim(f"{len(rows) if told else 0} steps of today are from the brief.")
    return f"The process today in {counted(len(rows), 'step')}."


def _row(at: int, step: Step) -> dict[str, Any]:
    return {
        "number": at,
        "text": step.text,
        "actor": step.actor,
        "sentence": step.sentence,
        "assumed": step.sentence == 0,
    }


def _table(rows: list[dict[str, Any]]) -> str:
    cells = [
        (r["number"], r["text"], r["actor"], f"sentence {r['sentence']}" if r["sentence"] else "assumption")
        for r in rows
    ]
    return table(["Step", "What", "Who", "From"], cells)


def target(work: Work) -> str:
    """process/target.json and .md: the steps of tomorrow, and which of today's each replaces."""
    before = reading.kept(work, "current")
    found = reading.steps(work, reading.FUTURE)
    if not found:
        names = [str(item.get("name")) for item in work.listed("users")]
        who = names[0][:1].upper() + names[0][1:] if names else NOBODY
        found = [Step(feature.title, who, feature.sentence) for feature in work.domain.features[:40]]
    if not found:
        raise CannotDo("The brief names neither steps of the new process nor anything that it is to do.")
    rows = [{**_row(at, step), "replaces": []} for at, step in enumerate(found, 1)]
    dropped = [old["number"] for old in before if not _take_over(old, rows)]
    lasts = [f"{text} (sentence {number})" for text, number, now in reading.durations(work) if not now]
    work.write_json(work.produces(".json", "process/target.json"), {"steps": rows, "dropped": dropped, "takes": lasts})
    changes = [(r["number"], r["text"], ", ".join(map(str, r["replaces"])) or "new") for r in rows] + [
        ("none", next(o["text"] for o in before if o["number"] == n), f"{n} is dropped") for n in dropped
    ]
    work.write(
        work.produces(".md", "process/target.md"),
        document(
            f"The process in future: {work.domain.title}",
            ("Steps", _table(rows)),
            ("Against today", table(["Step", "What", "Replaces step"], changes)),
            ("How long it may take", bullets(lasts, "The brief does not say.")),
            lead="Which step replaces which is read off their words: an assumption that the process owner corrects.",
        ),
    )
    work.claim(f"{len(rows)} steps; {len(dropped)} of today's are dropped.")
    return f"The process in future in {counted(len(rows), 'step')}."


def _take_over(old: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Gives an old step to the new one that shares most of its longer words; says whether any does."""
    words = _words(old["text"])
    best = max(rows, key=lambda row: (len(words & _words(row["text"])), -row["number"]))
    if not words & _words(best["text"]):
        return False
    best["replaces"].append(old["number"])
    return True


def _words(text: str) -> set[str]:
    return {word.rstrip("s")[:7] for word in naming.plain(text).split() if len(word) > 3}


def roles(work: Work) -> str:
    """process/raci.csv: for each step who does it (R), who answers for it (A), who is asked (C), who is told (I)."""
    steps = reading.kept(work, "target")
    names = reading.actors(steps)
    rows: list[tuple[Any, ...]] = []
    for at, step in enumerate(steps):
        doer = str(step["actor"]) if step["actor"] in names else names[0]
        after = str(steps[at + 1]["actor"]) if at + 1 < len(steps) else ""
        cells = ["R" if name == doer else "I" if name == after else "" for name in names]
        cells[0] = "A R" if doer == names[0] else "A"
        rows.append((step["number"], step["text"], *cells))
    work.write(work.produces("raci.csv", "process/raci.csv"), csv_text(("step", "what", *names), rows))
    unnamed = sum(step["actor"] == NOBODY for step in steps)
    work.claim(
        f"{len(rows)} steps have one who answers for them; {unnamed} have nobody named in the brief, so the owner "
        f"does them."
    )
    return f"Who does what in {counted(len(rows), 'step')}, for {counted(len(names), 'role')}."


def training(work: Work) -> str:
    """process/training.md: what each role must be able to do afterwards, and how it is seen that they can."""
    steps = reading.kept(work, "target")
    rows, parts = [], []
    for name in reading.actors(steps):
        own = [step for step in steps if step["actor"] == name]
        shown = ", ".join(str(step["number"]) for step in own) or (
            "all, as the one who answers for them" if name == "Process owner" else "none"
        )
        rows.append(
            (name, shown, f"{TRAINING_HOURS} hours", "does each step once on a made-up case while another watches")
        )
        parts += [f"{name}: {step['text']}" for step in own]
    asked = [
        f"{text} (sentence {number})" for number, text in told(work, ("train", "course", "learn", "schul", "form"))
    ]
    work.write(
        work.produces(".md", "process/training.md"),
        document(
            f"Training: {work.domain.title}",
            ("By role", table(["Role", "Steps", "Length", "Seen by"], rows)),
            ("What is practised", bullets(parts)),
            ("What the brief asks of it", bullets(asked)),
            lead="Assumption: two hours for each role, in groups, in the week before they need it.",
        ),
    )
    return f"Training for {counted(len(rows), 'role')}."


def told(work: Work, words: tuple[str, ...]) -> list[tuple[int, str]]:
    found = [(int(item.get("number") or 0), str(item.get("text") or "")) for item in work.listed("sentences")]
    return [(number, text) for number, text in found if any(word in text.lower() for word in words)]


def measures(work: Work) -> str:
    """process/measures.csv: what is measured before and after, how, and what it must come to."""
    now = [f"{text} (sentence {n})" for text, n, is_now in reading.durations(work) if is_now]
    then = [f"{text} (sentence {n})" for text, n, is_now in reading.durations(work) if not is_now]
    rows: list[tuple[Any, ...]] = [
        (
            "time from the first step to the last",
            "two dates for each case",
            now[0] if now else "measured for four weeks before",
            then[0] if then else "shorter than before",
            "weekly",
        ),
        (
            "cases that came back",
            "a mark on each case that had to be done again",
            "measured for four weeks before",
            "fewer than before",
            "weekly",
        ),
        (
            "what the people say",
            "three questions to everybody who does a step",
            "asked before the training",
            "no worse than before",
            "after 2 and 8 weeks",
        ),
    ]
    for number, text in told(work, ("measure", "metric", "target", "reduce", "messen", "mesurer")):
        rows.append((text, "as the brief says", "measured for four weeks before", f"see sentence {number}", "weekly"))
    heads = ("measure", "how", "before", "target", "when")
    work.write(work.produces("measures.csv", "process/measures.csv"), csv_text(heads, rows[:30]))
    work.claim(f"{len(rows)} measures; {len(now)} have a figure of today in the brief.")
    return f"{counted(len(rows), 'measure')} with their figure before and their target."


def means(work: Work) -> str:
    """process/means.csv, infrastructure/cost.json and plan.md: the hours and money of the change itself."""
    steps = reading.kept(work, "target")
    names = reading.actors(steps)
    lines = [
        (
            "training",
            len(names) * PEOPLE_A_ROLE * TRAINING_HOURS,
            f"{PEOPLE_A_ROLE} people in each of {len(names)} roles",
        ),
        ("writing the new way down", 2 * len(steps), f"two hours for each of {len(steps)} steps"),
        ("help in the first weeks", 20, "half a day a week for five weeks"),
    ]
    total = sum((HOUR * hours for _, hours, _ in lines), Decimal(0))
    rows: list[tuple[Any, ...]] = [
        (what, hours, f"{HOUR * hours}", f"Assumption: {why}, {HOUR} an hour.") for what, hours, why in lines
    ]
    heads = ("what", "hours", "amount", "why")
    work.write(
        work.produces("means.csv", "process/means.csv"),
        csv_text(heads, [*rows, ("total", sum(h for _, h, _ in lines), f"{total}", "")]),
    )
    found = {
        "monthly": "0.00",
        "once": f"{total}",
        "assumed": True,
        "lines": [
            {"what": what, "quantity": str(hours), "amount": amount, "why": why} for what, hours, amount, why in rows
        ],
        "budget": None,
        "within_budget": None,
    }
    work.write_json(work.produces("cost.json", "infrastructure/cost.json"), found)
    work.write(
        work.produces("plan.md", "infrastructure/plan.md"),
        document(
            f"Means: {work.domain.title}",
            ("What the change itself takes", f"{table(['What', 'Hours', 'Amount', 'Why'], rows)}\n\nTotal: {total}."),
            (
                "Tools",
                bullets(
                    [
                        f"{text} (sentence {n})"
                        for n, text in told(work, ("software", "system", "tool", "form", "e-mail"))
                    ],
                    "The brief names none.",
                ),
            ),
            lead="Working time of the people concerned; nothing is bought unless a sentence of the brief says so.",
        ),
    )
    work.claim(f"The change takes {total} in working time, all of it assumed.")
    return f"Means of {total}, assumed."


def part(work: Work) -> str:
    """A section on one wish of the brief, with the steps that answer it."""
    feature = work.domain.feature(str(work.packet.parameters.get("feature") or ""))
    said = writing.near(work, feature)
    wanted = _words(feature.title)
    steps = [
        s
        for s in reading.kept(work, "target")
        if s["sentence"] == feature.sentence or len(wanted & _words(s["text"])) >= 2
    ]
    work.write(
        work.produces(".md", f"process/parts/{feature.slug}.md"),
        document(
            feature.title,
            (
                "What the brief says",
                "\n\n".join(f"{safe(text, 600)} (sentence {number})" for number, text in said) or "Nothing.",
            ),
            (
                "Steps that answer it",
                bullets(
                    (f"{s['number']}. {s['text']} ({s['actor']})" for s in steps),
                    "None of the steps: it is part of the way there (training, pilot, measures, roll-out).",
                ),
            ),
            (
                "What must still be settled",
                bullets(
                    [
                        "Who agrees that it is so, and by when.",
                        *(f"Who does step {s['number']}." for s in steps if s["actor"] == NOBODY),
                    ]
                ),
            ),
            lead="Every statement names its sentence of the brief or is an assumption.",
        ),
    )
    work.claim(f"'{feature.title}' rests on {len(said)} sentences of the brief.")
    return f"A section on '{feature.title}'."


def assembly(work: Work) -> str:
    """process/handbook.md: the new process in one document, with a section on every wish."""
    names = {feature.slug: f"process/parts/{feature.slug}.md" for feature in work.domain.features}
    missing = [name for name in names.values() if not work.has(name)]
    if missing:
        raise CannotDo(f"{', '.join(missing)} is missing, so the handbook cannot be put together.")
    steps = reading.kept(work, "target")
    head = document(
        f"Handbook: {work.domain.title}",
        ("The steps", _table(steps)),
        ("Who is in it", bullets(reading.actors(steps))),
        ("Files", bullets(name for name in work.files("process/*") if not name.endswith("handbook.md"))),
        lead="Every statement names its sentence of the brief or is an assumption.",
    )
    parts = [writing.lowered(work.text(name)) for name in names.values()]
    work.write(work.produces("handbook.md", work.domain.document), head + "\n" + "\n\n".join(parts))
    work.claim(f"All {len(parts)} wishes of the brief have a section.")
    return f"The handbook with {counted(len(parts), 'section')}."
