"""The specification of each feature and entity, the threats, and an estimate of size."""

import re
from typing import Any

from apps.agents.crew.domain import Domain, Entity, Feature
from apps.agents.crew.markdown import bullets, counted, document, listed, safe, table
from apps.agents.crew.migration.rules import rule_of
from apps.agents.crew.work import Work

HOURS = {"create": 1.5, "update": 1.5, "import": 2.0, "export": 1.5, "total": 1.5}


def specification(work: Work) -> str:
    domain = work.domain
    numbers = _requirement_numbers(work)
    has_things = domain.has_code or domain.is_migration
    sections = [(f"Thing: {safe(entity.name)}", _entity(entity, domain)) for entity in domain.entities if has_things]
    for feature in domain.features:
        sections.append((f"Feature: {safe(feature.title)}", _feature(feature, numbers.get(feature.slug, []), domain)))
    sections.append(
        ("Users", bullets(f"{user.get('name')} (sentence {user.get('sentence')})" for user in work.listed("users")))
    )
    sections.append(("Conditions from earlier gates", bullets(item.get("text", "") for item in work.packet.conditions)))
    work.write(
        work.produces(".md", "architecture/specification.md"),
        document(
            f"Specification: {domain.title}", *sections, lead="Each feature names the requirements that it answers."
        ),
    )
    return f"{counted(len(domain.features), 'feature')} and {counted(len(domain.entities), 'thing')} are specified."


def _requirement_numbers(work: Work) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for item in work.document("requirements/requirements.json").get("requirements", []):
        found.setdefault(str(item.get("feature") or ""), []).append(int(item.get("number") or 0))
    return found


def _entity(entity: Entity, domain: Domain) -> str:
    rows = [(field.name, field.title, field.kind, "yes" if at == 0 else "no") for at, field in enumerate(entity.fields)]
    origin = (
        "Assumption: the brief names no fields." if entity.assumed else f"From sentence {entity.sentence} of the brief."
    )
    if domain.is_migration:
        return f"{origin}\n\n" + table(["Name", "Words of the brief", "Kind"], [row[:3] for row in rows])
    return f"{origin} Beside its fields each has a number (`id`) and a `state`.\n\n" + table(
        ["Name", "Words of the brief", "Kind", "Must be given"], rows
    )


def _feature(feature: Feature, numbers: list[int], domain: Domain) -> str:
    noun = "requirement" if len(numbers) == 1 else "requirements"
    answers = f"Answers {noun} {listed([str(n) for n in numbers])}." if numbers else "Answers no requirement."
    if domain.is_migration:
        rule = rule_of(domain, feature)
        return f"{answers} {safe(rule.meaning)}" if rule.kind else f"{answers} Not built: {safe(rule.reason)}."
    if not domain.has_code:
        return f"{answers} A section of its own."
    if not feature.built:
        return f"{answers} Not built: {safe(feature.reason)}. The service says so when it is asked (501)."
    inputs = [(item.name, item.title, item.kind) for item in feature.inputs]
    detail = f" Assumption: {safe(feature.detail)}." if feature.detail else ""
    body = f"{answers} It {safe(feature.meaning)}.{detail}\n\n"
    body += f"Address: `{feature.method} {feature.path}`.\n\n"
    if feature.open_words:
        body += f"Not built of it: what {safe(listed([repr(word) for word in feature.open_words]))} would add.\n\n"
    return body + (table(["Input", "Meaning", "Kind"], inputs) if inputs else "No inputs.")


THREATS = (
    ("Script in a stored text is shown in a page", "every value is escaped; a policy forbids scripts", "low"),
    ("A query is built out of input", "the store uses fixed statements with parameters only", "low"),
    ("A huge or broken body exhausts the service", "bodies above 1 MB are refused, JSON is parsed once", "low"),
    ("A path leads out of the pages folder", "only files of that folder by plain name are served", "low"),
    (
        "Somebody who should not use the service reaches it",
        "there is no sign-in; it listens on the local machine only",
        "high",
    ),
    ("Another site posts a form in a visitor's name", "forms from other origins are refused", "medium"),
    ("The data file is lost", "the runbook tells how to back up; restoring was tried in the rollback", "medium"),
)
COMMAND_THREATS = (
    ("An option is taken for a command", "options are parsed by argparse, nothing is handed to a shell", "low"),
    ("An imported file is huge or broken", "its lines are checked before any is kept", "medium"),
    ("The data file is readable by others", "the runbook tells which permissions to set", "medium"),
)
TEXT_THREATS = (
    (
        "Something is stated that the brief does not say",
        "every statement names its sentence or is labelled an assumption",
        "medium",
    ),
    ("Markup of the brief acts in the reader's browser", "it is escaped everywhere", "low"),
)
CLIENT_THREATS = (
    *THREATS,
    (
        "What was cached on a phone is read by whoever holds it",
        "pages only are kept there; lists are shown afresh",
        "medium",
    ),
    ("Something entered without a network is lost", "the page says at once that it was not kept", "medium"),
)
MIGRATION_THREATS = (
    ("The old system is changed by the move", "it is opened for reading only; tests compare its digests", "low"),
    (
        "Rows get lost on the way",
        "each row is moved, merged or in the list of rejected ones; counts are compared",
        "low",
    ),
    ("A value is changed on the way", "checksums of both systems are compared after the run", "low"),
    ("Half of it is moved", "everything is written in one transaction, or nothing", "low"),
    (
        "People go on working in the old system meanwhile",
        "the runbook says to stop it first; compare finds what came later",
        "high",
    ),
    (
        "The real data look otherwise than the brief tells",
        "a dry run on a copy shows every row that would be rejected",
        "high",
    ),
)
EVENT_THREATS = (
    (
        "Fewer guests come than are expected",
        "food and drink are ordered two weeks before, by the answers there are",
        "medium",
    ),
    ("More guests come than there are seats", "the door counts; a waiting list or a second room", "medium"),
    ("Somebody of the programme does not come", "each session has a second person who can lead it", "medium"),
    ("It becomes dearer than planned", "a tenth of the budget is kept as reserve", "medium"),
    ("Somebody is hurt", "first aid is a role of its own; ways out stay free", "low"),
    (
        "The weather does not allow it outdoors",
        "a decision on the evening before; the place indoors is named",
        "medium",
    ),
    (
        "Addresses of guests get into wrong hands",
        "only names and needs are asked, and destroyed four weeks later",
        "low",
    ),
)
PROCESS_THREATS = (
    (
        "People go on in the former way",
        "each step has one who answers for it, and the former form is withdrawn",
        "high",
    ),
    ("A case gets lost between the two ways", "open cases are listed on the day before", "medium"),
    ("Somebody who is needed is away", "each step has a second person, named in the training", "medium"),
    (
        "It takes longer than before",
        "the time is measured before and after; a person decides whether it goes on",
        "medium",
    ),
    ("A control is dropped with a step", "each dropped step is named for the process owner to agree", "high"),
)
BY_KIND = {
    "mobile_client": CLIENT_THREATS,
    "migration": MIGRATION_THREATS,
    "event": EVENT_THREATS,
    "process_change": PROCESS_THREATS,
}
LEADS = {
    "event": "Assumption: one place, one team, guests of full age or with their parents.",
    "process_change": "Assumption: nobody's post is dropped by the change; if it is, people decide that elsewhere.",
    "report": "Assumption: it is read inside and outside the house.",
}
PERSONAL = frozenset(
    [
        "name",
        "email",
        "e-mail",
        "phone",
        "address",
        "birthday",
        "patient",
        "customer",
        "member",
        "person",
        "user",
        "employee",
        "student",
    ]
)


def threats(work: Work) -> str:
    domain = work.domain
    base = BY_KIND.get(domain.kind) or (
        THREATS if domain.is_service else COMMAND_THREATS if domain.has_code else TEXT_THREATS
    )
    rows: list[tuple[str, str, str]] = list(base)
    for entity in domain.entities:
        words = {entity.name.lower(), *(field.title.lower() for field in entity.fields)}
        if domain.has_code and any(part in PERSONAL for word in words for part in word.split()):
            rows.append(
                (
                    f"'{entity.name}' may hold personal data",
                    "kept locally, deleted for good on delete; a person decides the rest",
                    "medium",
                )
            )
    for feature in domain.features:
        if feature.operation in {"delete", "import"} and domain.has_code:
            rows.append(
                (
                    f"'{feature.title}' used by mistake changes many or loses some",
                    "answers name what was changed; back up first",
                    "medium",
                )
            )
    work.write(
        work.produces(".md", "architecture/threats.md"),
        document(
            f"Threats: {domain.title}",
            ("Threats and what is done", table(["Threat", "What is done", "Rest of the risk"], rows)),
            *_interfaces(domain),
            lead=LEADS.get(
                domain.kind, "Assumption: the software runs on one machine for people who trust each other."
            ),
        ),
    )
    work.write_json(work.produces(".json", "architecture/estimate.json"), _estimate(work))
    work.claim(f"{len(rows)} threats are listed with what is done about them.")
    return f"{len(rows)} threats, and an estimate of size and effort."


def _interfaces(domain: Domain) -> list[tuple[str, str]]:
    if not domain.has_code and domain.kind != "static_site":
        return []
    rows = [(f"{f.method} {f.path}", f.title) for f in domain.features]
    return [("What may be reached", table(["Interface", "By"], rows))]


def _estimate(work: Work) -> dict[str, Any]:
    domain = work.domain
    items: list[dict[str, Any]] = [
        {"feature": feature.slug, "hours": _hours(domain, feature), "assumed": True} for feature in domain.features
    ]
    text = " ".join(str(item.get("text")) for item in work.listed("sentences"))
    return {
        "hours": sum(item["hours"] for item in items) + 2.0 * len(domain.entities) + 2.0,
        "assumed": True,
        "features": items,
        "sizes": {
            "people": _figure(text, r"users?|people|members?|customers?|employees?|staff|students?", 10),
            "records": _figure(text, r"records?|entries|items?|rows?|books?|orders?|notes?|documents?", 1000),
            "requests_a_day": _figure(text, r"requests?|visits?|calls?", 500),
        },
    }


def _hours(domain: Domain, feature: Feature) -> float:
    if not domain.has_code:
        return 2.0 if domain.is_migration else 1.0
    return HOURS.get(feature.operation, 1.0) if feature.built else 0.0


def _figure(text: str, words: str, default: int) -> dict[str, Any]:
    """The largest figure that stands before one of the words in the brief, else the default, labelled assumed."""
    found = [
        int(number.replace(",", ""))
        for number in re.findall(rf"(\d[\d,]{{0,11}})\s+(?:\w+\s+)?(?:{words})\b", text, re.I)
    ]
    return {"value": max(found) if found else default, "assumed": not found}
