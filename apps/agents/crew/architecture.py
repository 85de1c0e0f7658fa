"""The specification of each feature and entity, the threats, and an estimate of size."""

import re
from typing import Any

from apps.agents.crew.domain import Entity, Feature
from apps.agents.crew.markdown import bullets, counted, document, listed, safe, table
from apps.agents.crew.work import Work

HOURS = {"create": 1.5, "update": 1.5, "import": 2.0, "export": 1.5, "total": 1.5}


def specification(work: Work) -> str:
    domain = work.domain
    numbers = _requirement_numbers(work)
    sections = [(f"Thing: {safe(entity.name)}", _entity(entity)) for entity in domain.entities if domain.has_code]
    for feature in domain.features:
        sections.append(
            (f"Feature: {safe(feature.title)}", _feature(feature, numbers.get(feature.slug, []), domain.has_code))
        )
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


def _entity(entity: Entity) -> str:
    rows = [(field.name, field.title, field.kind, "yes" if at == 0 else "no") for at, field in enumerate(entity.fields)]
    origin = (
        "Assumption: the brief names no fields." if entity.assumed else f"From sentence {entity.sentence} of the brief."
    )
    return f"{origin} Beside its fields each has a number (`id`) and a `state`.\n\n" + table(
        ["Name", "Words of the brief", "Kind", "Must be given"], rows
    )


def _feature(feature: Feature, numbers: list[int], has_code: bool) -> str:
    noun = "requirement" if len(numbers) == 1 else "requirements"
    answers = f"Answers {noun} {listed([str(n) for n in numbers])}." if numbers else "Answers no requirement."
    if not has_code:
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
    base = THREATS if domain.is_service else COMMAND_THREATS if domain.has_code else TEXT_THREATS
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
            (
                "What may be reached",
                table(["Interface", "By"], [(f"{f.method} {f.path}", f.title) for f in domain.features]),
            ),
            lead="Assumption: the software runs on one machine for people who trust each other.",
        ),
    )
    work.write_json(work.produces(".json", "architecture/estimate.json"), _estimate(work))
    work.claim(f"{len(rows)} threats are listed with what is done about them.")
    return f"{len(rows)} threats, and an estimate of size and effort."


def _estimate(work: Work) -> dict[str, Any]:
    domain = work.domain
    items: list[dict[str, Any]] = [
        {"feature": feature.slug, "hours": HOURS.get(feature.operation, 1.0) if feature.built else 0.0, "assumed": True}
        for feature in domain.features
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


def _figure(text: str, words: str, default: int) -> dict[str, Any]:
    """The largest figure that stands before one of the words in the brief, else the default, labelled assumed."""
    found = [
        int(number.replace(",", ""))
        for number in re.findall(rf"(\d[\d,]{{0,11}})\s+(?:\w+\s+)?(?:{words})\b", text, re.I)
    ]
    return {"value": max(found) if found else default, "assumed": not found}
