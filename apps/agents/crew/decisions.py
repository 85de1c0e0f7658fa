"""The decision record: what the chosen approach decides, what else there was, and why not."""

from apps.agents.crew.markdown import bullets, document, safe
from apps.agents.crew.work import Work

# choice: value: (what is decided, what it costs)
OPTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "storage": {
        "sqlite": ("keep the data in one SQLite file", "one writer at a time"),
        "files": ("keep each record as a JSON file in a folder", "searching reads every file"),
        "memory": (
            "keep the data in memory and write a snapshot after each change",
            "bounded by memory; large data is slow to save",
        ),
    },
    "structure": {
        "layered": ("a module for each entity below a module for each feature", "more files for small things"),
        "event-log": ("one log of events from which the state is replayed", "the log grows with every change"),
        "contract-first": (
            "the contract is written first and the service reads its routes from it",
            "the contract must be there to start",
        ),
    },
    "pages": {
        "page-per-feature": ("a page of its own for each feature", "more clicks between features"),
        "single-page": ("one page that holds every feature", "a long page when there are many features"),
    },
    "argument": {
        "sections": (
            "sections are written side by side from one outline",
            "they may repeat each other until put together",
        ),
        "evidence-first": ("a register of claims and sources comes first", "nothing is written before it is there"),
        "answer-first": ("the one-page answer comes first", "it may have to change later"),
    },
    "form": {
        "single-stage": ("one stage, so that everybody sees everything", "the hours bound what fits in"),
        "parallel": ("parallel rooms, so that more fits in", "nobody sees everything, and each room needs a host"),
        "open-space": ("an open space that the guests fill", "what comes out cannot be foreseen"),
    },
    "guests": {
        "invitation": ("guests are invited by name or group", "whoever is forgotten is offended"),
        "registration": ("whoever signs up first comes", "nobody knows beforehand who comes"),
    },
    "rollout": {
        "pilot": ("one group tries it before everybody", "two ways are kept up for weeks"),
        "waves": ("role after role changes", "at each seam the old and the new way meet"),
        "cutover": ("everybody changes on one day", "a fault meets everybody at once"),
    },
    "move": {
        "all-at-once": ("everything is moved in one run", "the new system is not to be used until it is verified"),
        "by-entity": ("each thing has a step and a test of its own", "more files, and an order to keep"),
        "side-by-side": ("both systems run on and are compared", "whoever enters something enters it twice meanwhile"),
    },
    "offline": {
        "shell": ("the pages open without a network, data needs one", "nothing can be entered in a dead spot"),
        "read-copy": ("what was last seen can be read without a network", "it may be old; the page says how old"),
        "outbox": ("what is entered without a network is sent later", "two people may change the same meanwhile"),
    },
    "verification": {
        "at-the-end": ("tests of the whole run when everything is there", "faults between parts are found late"),
        "acceptance-first": (
            "acceptance tests run as soon as the service is assembled",
            "one more step before the end",
        ),
    },
}


def decisions(work: Work) -> str:
    chosen = {name: str(value) for name, value in work.packet.choices.items() if isinstance(value, str)}
    sections: list[tuple[str, str]] = []
    for number, (name, value) in enumerate(sorted(chosen.items()), 1):
        if name in {"feature", "entity", "page"}:
            continue
        what = OPTIONS.get(name, {}).get(value, (f"{name} is {value}", ""))[0]
        sections.append((f"Decision {number}: {safe(what)}", _decision(name, value)))
    sections += _constraints(work)
    sections.append(("Decided for every goal of this crew", bullets(_common(work))))
    summary = safe(work.packet.approach.get("summary") or work.packet.approach.get("name") or "No approach was named.")
    work.write(
        work.produces(".md", "docs/decisions.md"),
        document(f"Decisions: {work.domain.title}", *sections, lead=f"The approach: {summary}"),
    )
    work.claim(f"{len(sections)} decisions are recorded with alternatives or the constraint that made them.")
    return f"{len(sections)} decisions recorded."


def _decision(name: str, value: str) -> str:
    options = OPTIONS.get(name, {})
    price = options.get(value, ("", "nothing is known about its price"))[1]
    others = [
        f"{text[:1].upper()}{text[1:]} ({other}). Its price: {cost}."
        for other, (text, cost) in options.items()
        if other != value
    ]
    return (
        f"The choice '{safe(name)}' is {safe(value)}.\n\nStatus: proposed by the chosen approach, "
        "agreed at QG-PHASE2.\n\n"
        f"Price: {safe(price)}.\n\nAlternatives:\n\n{bullets(others, 'No other way was considered.')}"
    )


def _constraints(work: Work) -> list[tuple[str, str]]:
    found = work.document("requirements/requirements.json")
    declined = [item for item in found.get("requirements", []) if item.get("kind") == "declined"]
    limits = [
        f"{str(item.get('kind', 'limit')).replace('_', ' ')}: {item.get('text', '')} (sentence {item.get('sentence')})"
        for item in work.listed("constraints")
    ]
    for name in ("deadline", "budget"):
        if value := work.packet.constraints.get(name):
            limits.append(f"{name}: {value} (given with the goal)")
    sections = [("Constraints that hold", bullets(limits, "The brief sets none."))]
    if declined:
        sections.append(("Proposed not to be done", bullets(f"{item['text']}: {item['why']}" for item in declined)))
    return sections


def _common(work: Work) -> list[str]:
    if work.domain.is_migration:
        return [
            "Assumption: Python 3.11 with its standard library only; the new system is a SQLite file.",
            "Assumption: the old system gives its tables as CSV files or as a SQLite file, opened for reading only.",
        ]
    if not work.domain.has_code:
        return ["Assumption: plain text without outside resources, so that it can be read anywhere."]
    return [
        (
            "Assumption: Python 3.11 with its standard library only. Alternative: a framework; not chosen, "
            "because tests must run without a network."
        ),
        "Assumption: no sign-in. Whoever reaches the service may use all of it; it listens on the local machine only.",
        "Assumption: numbers identify records. Alternative: random identifiers; not chosen, because people type them.",
    ]
