"""Reports and content: what the brief says, each statement with its sentence, and what must still be found out."""

import re
from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.domain import Feature
from apps.agents.crew.markdown import bullets, document, safe, table
from apps.agents.crew.work import CannotDo, Work

FIGURE = re.compile(r"\b\d[\d.,]*\s*(?:%|[a-zA-Z€$£]{1,12})?")
NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-ZÄÖÜ][\w'-]{2,}(?:\s+[A-ZÄÖÜ][\w'-]+){0,3}")


def _sentences(work: Work) -> list[tuple[int, str]]:
    return [(int(item.get("number") or 0), str(item.get("text") or "")) for item in work.listed("sentences")]


def near(work: Work, feature: Feature) -> list[tuple[int, str]]:
    """The feature's own sentence, then others that share at least two longer words with its title."""
    wanted = {word for word in naming.plain(feature.title).split() if len(word) > 3}
    found = []
    for number, text in _sentences(work):
        shared = wanted & set(naming.plain(text).split())
        if number == feature.sentence or len(shared) >= 2:
            found.append((number, text))
    return sorted(found, key=lambda item: (item[0] != feature.sentence, item[0]))


LEAD = "Every statement names its sentence of the brief. Nothing else is stated."
# What a section needs before it can answer, by the verb that asks for it.
NEEDED = {
    "compare": "The measures by which the options are compared, the same for all.",
    "estimate": "Each figure with its source, its date and what it leaves out.",
    "assess": "For each risk how likely it is, what it would do, and what can be done.",
    "recommend": "The reasons, out of the sections before, and what speaks against it.",
    "describe": "Who can vouch for it, and as of when it holds.",
}


def section(work: Work) -> str:
    feature = work.domain.feature(str(work.packet.parameters.get("feature") or ""))
    default = f"report/{feature.slug}.md" if work.domain.kind == "report" else f"content/{feature.slug}.md"
    said = near(work, feature)
    figures = sorted({match.strip() for _, text in said for match in FIGURE.findall(text)})
    missing = [
        f"What the answer to '{feature.title}' is: the brief asks and does not say.",
        *([NEEDED[feature.verb]] if feature.verb in NEEDED else []),
        *(f"Where the figure {figure} comes from." for figure in figures),
    ]
    bearing = _bearing(work, feature)
    text = document(
        feature.title,
        (
            "What the brief says",
            "\n\n".join(f"{safe(_capital(text), 600)} (sentence {number})" for number, text in said) or "Nothing.",
        ),
        *([("What bears on it", bullets(bearing))] if bearing else []),
        ("What must still be found out", bullets(missing)),
        lead=LEAD,
    )
    work.write(work.produces(".md", default), text)
    work.claim(f"'{feature.title}' rests on {len(said)} sentences of the brief; nothing was added to them.")
    return f"A section on '{feature.title}' from {len(said)} sentences."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bearing(work: Work, feature: Feature) -> list[str]:
    """Constraints that speak of what the section is about; those of the whole stand in front of it."""
    wanted = {word for word in naming.plain(feature.title).split() if len(word) > 3}
    return [text for words, text in _constraints(work) if wanted & words]


def _constraints(work: Work) -> list[tuple[set[str], str]]:
    found = []
    for item in work.listed("constraints"):
        text = naming.one_line(str(item.get("text") or "")).rstrip(".")
        found.append((set(naming.plain(text).split()), f"{text}. (sentence {item.get('sentence')})"))
    return found


def sources(work: Work) -> str:
    rows: list[tuple[Any, ...]] = []
    for number, text in _sentences(work):
        for figure in dict.fromkeys(match.strip() for match in FIGURE.findall(text)):
            rows.append((number, "figure", figure, "to be looked up: no source in the brief"))
        for name in dict.fromkeys(NAME.findall(text)):
            rows.append((number, "name", name, "to be checked: spelling and role"))
        if not any(item.get("number") == number and item.get("asks") for item in work.listed("sentences")):
            rows.append((number, "claim", text, "stated by the brief; not checked"))
    work.write(
        work.produces(".md", "report/sources.md"),
        document(
            f"Sources: {work.domain.title}",
            ("Register", table(["Sentence", "Kind", "Words", "Standing"], rows)),
            lead="Everything that the brief states, and what must be looked up. No other source was read.",
        ),
    )
    work.claim(f"{len(rows)} claims, figures and names are registered; none was looked up.")
    return f"A register of {len(rows)} claims, figures and names."


def summary(work: Work) -> str:
    asked = [
        f"{_capital(str(item.get('text')))} (sentence {item.get('number')})"
        for item in work.listed("sentences")
        if item.get("asks")
    ]
    stated = [
        f"{item.get('text')} (sentence {item.get('number')})"
        for item in work.listed("sentences")
        if not item.get("asks") and str(item.get("text")).rstrip().endswith((".", "!"))
    ]
    work.write(
        work.produces("summary.md", "report/summary.md"),
        document(
            f"Summary: {work.domain.title}",
            ("What is asked", bullets(asked[:12])),
            ("What the brief itself states", bullets(stated[:12])),
            ("What the sections support", bullets(feature.title for feature in work.domain.features)),
            lead="Assumption: the reader has one minute. An answer that the brief does not hold is not invented here.",
        ),
    )
    return "A summary of what is asked and stated."


def assembly(work: Work) -> str:
    parts, missing = [], []
    for feature in work.domain.features:
        name = f"report/{feature.slug}.md"
        if not work.has(name):
            missing.append(name)
            continue
        parts.append(lowered(work.text(name)))
    if missing:
        raise CannotDo(f"{', '.join(missing)} is missing, so the report cannot be put together.")
    for name in ("report/summary.md", "report/sources.md"):
        if work.has(name):
            text = lowered(work.text(name))
            parts = [text, *parts] if "summary" in name else [*parts, text]
    contents = bullets(feature.title for feature in work.domain.features)
    readers = [f"{item.get('name')} (sentence {item.get('sentence')})" for item in work.listed("users")]
    limits = bullets([*(f"For: {name}" for name in readers), *(text for _, text in _constraints(work))], "None.")
    head = f"# {safe(work.domain.title, 160)}\n\n{LEAD}\n\nContents:\n\n{contents}\n"
    head += f"\n## What holds for all of it\n\n{limits}\n"
    work.write(work.produces("report.md", "report/report.md"), head + "\n" + "\n\n".join(parts))
    work.claim(f"All {len(work.domain.features)} sections are in the report.")
    return f"The report with {len(parts)} parts."


def lowered(text: str) -> str:
    """A section below the report's own heading."""
    text = text.replace(f"{LEAD}\n\n", "")
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in text.strip().splitlines()) + "\n"
