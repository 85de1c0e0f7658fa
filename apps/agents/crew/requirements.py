"""Requirements out of the brief: numbered, each traced to sentences, with what was assumed and what was read
otherwise.
"""

import re
from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.domain import Feature
from apps.agents.crew.markdown import bullets, document, safe, table
from apps.agents.crew.migration.rules import mover_of, rule_of
from apps.agents.crew.vocabulary import word_set
from apps.agents.crew.work import Work

UNABLE = word_set(
    """
    postgres postgresql mysql redis docker kubernetes javascript typescript react vue htmx flask django fastapi graphql
    grpc java rust go windows excel parquet pdf
    """
)
QUALITIES = {
    "offline": "It works offline.",
    "mobile": "It works on phones.",
    "auditable": "It can be seen later what was changed.",
    "tested": "It is tested.",
    "private": "What people enter stays private.",
}
NEGATION = re.compile(
    r"\b(?:no|not|never|without|avoid|cannot|nicht|keine?[nrms]?|ohne|ne|pas|sans|aucune?|sin|nunca|ning[uú]n\w*)\b|n't\b",
    re.I,
)
NUMBERING = re.compile(r"^\W*(?:\d+(?:\.\d+)*[.)]?|[A-Z]{1,4}-?\d{1,3}[.:)])\s+")
LIMITS = {
    "must_not": "Not wanted; a person checks that it is not there.",
    "technology": "The means are prescribed; a person checks that they were kept to.",
    "deadline": "A date or time to keep; a person checks it.",
    "budget": "A sum to keep to; infrastructure/cost.json has the estimate, a person checks it.",
    "limit": "A limit; where the reviews can measure it they do, and a person judges.",
}
KINDS = {
    "web_application": "a web application",
    "api_service": "a service with an API",
    "command_line_tool": "a command-line tool",
    "library": "a library",
    "static_site": "a static site",
    "data_pipeline": "a data pipeline",
    "report": "a report",
    "mobile_client": "a mobile client, built as an installable web client",
    "migration": "a migration",
    "event": "an event",
    "process_change": "a change of a process",
}
REJECTED = {
    "search": "Only exact matches count.",
    "delete": "Deleting can be undone.",
    "list": "Everything is shown at once, however much there is.",
    "mark": "The mark is kept with the person and the time.",
    "import": "What is there already is replaced by an import.",
    "export": "Only a selection is exported.",
}


def analysis(work: Work) -> str:
    work.progress(10, "reading the brief again")
    report = _Analysis(work)
    found = report.document()
    target = work.produces(".json", "requirements/requirements.json")
    work.write_json(target, found)
    work.write(work.produces(".md", "requirements/requirements.md"), _markdown(work.domain.title, found))
    asked, untraced = len(report.asking), len(found["untraced"])
    work.claim(f"{asked - untraced} of {asked} asking sentences are traced to a requirement.")
    return (
        f"{len(found['requirements'])} requirements from {asked} asking sentences, "
        f"{len(found['assumptions'])} assumptions."
    )


class _Analysis:
    def __init__(self, work: Work) -> None:
        self.work, self.domain = work, work.domain
        self.requirements: list[dict[str, Any]] = []
        self.assumptions: list[dict[str, Any]] = []
        self.rejected: list[dict[str, Any]] = []
        self.sentences = {
            int(item.get("number") or 0): str(item.get("text") or "") for item in work.listed("sentences")
        }
        self.asking = [int(item.get("number") or 0) for item in work.listed("sentences") if item.get("asks")]

    def document(self) -> dict[str, Any]:
        for feature in self.domain.features:
            self._feature(feature)
        self._limits()
        self._statements()
        self._rest()
        self._assume_fields()
        self._read_again()
        questions = self._questions()
        self.requirements.sort(key=lambda item: (item["sentences"][:1] or [10**6], item["kind"] != "testable"))
        traced = {number for item in self.requirements for number in item["sentences"]}
        return {
            "requirements": _numbered(self.requirements),
            "assumptions": _numbered(self.assumptions),
            "questions": questions,
            "rejected_readings": self.rejected,
            "untraced": [number for number in self.asking if number not in traced],
            "amendments": self.work.amendments(),
        }

    def _require(self, text: str, kind: str, sentence: int, why: str, feature: str = "") -> None:
        sentences = [sentence] if sentence in self.sentences else []
        self.requirements.append({"text": text, "kind": kind, "sentences": sentences, "feature": feature, "why": why})

    def _assume(self, text: str, sentence: int = 0) -> None:
        self.assumptions.append({"text": text, "sentence": sentence})

    def _feature(self, feature: Feature) -> None:
        if self.domain.is_migration:
            self._migrated(feature)
            return
        if not self.domain.has_code:
            name = self.domain.document_name
            thing = f"{name} has a section" if self.domain.document else f"{name} has a place"
            self._require(
                f"The {thing} on: {feature.title}", "testable", feature.sentence, _heard(feature), feature.slug
            )
            return
        if not feature.built:
            why = f"Not built: {feature.reason}. A person decides whether it is needed."
            self._require(feature.title, "manual", feature.sentence, why, feature.slug)
            return
        text = f"{feature.title}. It {feature.meaning}."
        self._require(text, "testable", feature.sentence, _heard(feature), feature.slug)
        if feature.detail:
            self._assume(f"'{feature.label}': {feature.detail}.", feature.sentence)
        for assumption in feature.assumptions:
            self._assume(f"'{feature.title}': {assumption}.", feature.sentence)
        if feature.open_words:
            words = ", ".join(f"'{word}'" for word in feature.open_words)
            text = f"{feature.title}: what {words} {'adds' if len(feature.open_words) == 1 else 'add'} to it."
            why = f"Not built: the service does '{feature.operation}' for any {feature.entity_name}. A person decides."
            self._require(text, "manual", feature.sentence, why, feature.slug)
        if feature.operation in REJECTED:
            reading = {
                "sentence": feature.sentence,
                "text": REJECTED[feature.operation],
                "why": "The brief does not say so.",
            }
            if reading["text"] not in [item["text"] for item in self.rejected]:
                self.rejected.append(reading)

    def _migrated(self, feature: Feature) -> None:
        rule = rule_of(self.domain, feature)
        if rule.kind:
            text = f"{feature.title}. {rule.meaning}"
            self._require(text, "testable", feature.sentence, _heard(feature), feature.slug)
            return
        why = f"Not built: {rule.reason}. A person decides whether it is needed."
        self._require(feature.title, "manual", feature.sentence, why, feature.slug)

    def _limits(self) -> None:
        for item in self.work.listed("constraints"):
            text, sentence = naming.one_line(str(item.get("text") or "")), int(item.get("sentence") or 0)
            kind = str(item.get("kind") or "limit")
            foreign = sorted(set(naming.plain(text).split()) & UNABLE)
            if kind == "technology" and foreign:
                why = f"The crew uses Python's standard library, not {', '.join(foreign)}. To be agreed at QG-PHASE1."
                self._require(text, "declined", sentence, why)
            else:
                stop = "" if text.endswith((".", "!", "?")) else "."
                text = _constraint_text(kind, text)
                self._require(f"{text}{stop}", "manual", sentence, LIMITS.get(kind, LIMITS["limit"]))
        for item in self.work.listed("qualities"):
            name, sentence = str(item.get("name") or ""), int(item.get("sentence") or 0)
            why = f"A quality ({name}): where the reviews can measure it they do, and a person judges."
            is_alone = not any(sentence in item["sentences"] for item in self.requirements)
            said = naming.one_line(self.sentences.get(sentence, "")) if is_alone else ""
            self._require(said or QUALITIES.get(name, f"It is {name}."), "manual", sentence, why)

    def _statements(self) -> None:
        for item in self.work.amendments():
            if item.get("kind") == "statement":
                self._require(
                    item.get("text", ""), "manual", 0, "A person asked for it in answer to the first version."
                )

    def _rest(self) -> None:
        traced = {number for item in self.requirements for number in item["sentences"]}
        for number in self.asking:
            text = naming.one_line(self.sentences[number])
            if number not in traced and re.search(r"\w", text):
                self._require_sentence(text, number)
        for number, text in self.sentences.items():
            is_lead = text.rstrip().endswith(":")
            if (
                number not in self.asking
                and not is_lead
                and set(naming.plain(text).split())
                & {
                    "must",
                    "should",
                    "shall",
                    "muss",
                    "doit",
                    "debe",
                }
            ):
                self._assume(f"Sentence {number} is taken as background, not as a demand.", number)

    def _require_sentence(self, text: str, number: int) -> None:
        """A sentence that asks without being a feature: it names the whole, describes a thing, or is for a person."""
        evidence = {int(item.get("sentence") or 0) for item in self.work.listed("kind_evidence")}
        if number == min(evidence - {0}, default=0):
            kind = KINDS.get(self.domain.kind, "something")
            self._require(text, "manual", number, f"It names the whole: {kind}. A person judges the finished work.")
            return
        described = [e for e in self.domain.entities if e.sentence == number and not e.assumed]
        maker = next((f for f in self.domain.features if f.operation == "create" and f.entity in described), None)
        if described and self.domain.is_migration and (mover := mover_of(self.domain, described[0])):
            why = f"The fields of {described[0].name} are in the mapping and are compared one by one; that is tested."
            self._require(text, "testable", number, why, mover.slug)
            return
        if maker and self.domain.has_code:
            why = f"The fields are given and kept when a {maker.entity_name} is added; that is tested."
            self._require(text, "testable", number, why, maker.slug)
            return
        self._require(text, "manual", number, "It asks, but no feature was recognised in it: a person judges.")

    def _assume_fields(self) -> None:
        if not self.domain.has_code and not self.domain.is_migration:
            return
        for entity in self.domain.entities:
            names = ", ".join(field.title for field in entity.fields)
            if entity.assumed:
                self._assume(f"'{entity.name}' has the fields {names}: the brief names none.", entity.sentence)
            for field in entity.fields:
                if field.kind != "text":
                    self._assume(f"'{field.title}' of '{entity.name}' is a {field.kind}.", entity.sentence)
            if self.domain.is_migration:
                continue
            first = entity.fields[0].title
            self._assume(f"'{first}' of '{entity.name}' must be given, other fields may be empty.", entity.sentence)

    def _read_again(self) -> None:
        """Looks for words of the brief that are in no numbered sentence: what facts missed must not vanish silently."""
        known = naming.plain(" ".join(self.sentences.values()))
        for line in self.work.text("strategic_prompt.txt").splitlines()[:5000]:
            words = naming.plain(NUMBERING.sub("", line))
            if len(words.split()) >= 4 and words not in known and not _mostly(words, known):
                self._assume(
                    f"This line of the brief is in no numbered sentence and was not used: {naming.one_line(line, 160)}"
                )
                if len(self.assumptions) > 300:
                    return

    def _questions(self) -> list[dict[str, Any]]:
        found = []
        for item in self.work.listed("questions"):
            answer = self.work.packet.answers.get(str(item.get("key") or ""), "")
            entry = {name: item.get(name, "") for name in ("key", "text", "default", "changes", "sentence")}
            entry["answer"] = answer
            found.append(entry)
            if not answer:
                text = f"{item.get('text', '')} Nobody answered, so the default is taken: {item.get('default', '')}."
                self._assume(naming.one_line(text), int(item.get("sentence") or 0))
        return found


def _constraint_text(kind: str, text: str) -> str:
    if kind == "technology":
        return f"It is made with {text}"
    if kind == "must_not" and not NEGATION.search(text):
        return f"Out of scope: {text}"
    return text[:1].upper() + text[1:]


def _heard(feature: Feature) -> str:
    if feature.sentence:
        return f"Sentence {feature.sentence} asks for it."
    return "A person asked for it in answer to the first version."


def _mostly(words: str, known: str) -> bool:
    parts = words.split()
    pairs = [" ".join(parts[at : at + 3]) for at in range(0, len(parts) - 2, 3)]
    return sum(pair in known for pair in pairs) * 2 >= len(pairs)


def _numbered(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"number": number, **item} for number, item in enumerate(items, 1)]


def _markdown(title: str, found: dict[str, Any]) -> str:
    rows = [
        (item["number"], item["text"], item["kind"], ", ".join(map(str, item["sentences"])) or "none", item["why"])
        for item in found["requirements"]
    ]
    untraced = [f"Sentence {number} asks for something that no requirement answers." for number in found["untraced"]]
    rejected = [f"{item['text']} ({item['why']})" for item in found["rejected_readings"]]
    return document(
        f"Requirements: {title}",
        ("Requirements", table(["Number", "Requirement", "Kind", "Sentences", "Why"], rows)),
        ("Sentences without a requirement", bullets(untraced)),
        ("Assumptions", bullets(item["text"] for item in found["assumptions"])),
        ("Readings that were rejected", bullets(rejected)),
        lead="Testable: proven by a program. Manual: a person ticks it at QG-PHASE6. Declined: to be left out.",
    )


def questions(work: Work) -> str:
    """requirements/assumptions.md: every assumption and question in one place, for the people who decide."""
    found = work.document("requirements/requirements.json")
    answered = [item for item in found.get("questions", []) if item.get("answer")]
    still_open = [item for item in found.get("questions", []) if not item.get("answer")]
    rows = [(item["text"], item["default"], item["changes"], item["sentence"]) for item in still_open]
    work.write(
        work.produces(".md", "requirements/assumptions.md"),
        document(
            f"Assumptions and questions: {work.domain.title}",
            ("Assumptions", bullets(_with_sentence(item) for item in found.get("assumptions", []))),
            (
                "Open questions, with the default that is taken",
                table(["Question", "Default", "Changes", "Sentence"], rows),
            ),
            (
                "Answered",
                "\n".join(f"- {safe(item['text'])} Answer: {safe(item['answer'])}" for item in answered) or "None.",
            ),
            lead="Everything here was not in the brief. It holds until a person says otherwise.",
        ),
    )
    work.claim(f"{len(still_open)} questions stand with their default.")
    return f"{len(found.get('assumptions', []))} assumptions, {len(still_open)} open questions."


def _with_sentence(item: dict[str, Any]) -> str:
    where = f" (sentence {item['sentence']})" if item.get("sentence") else ""
    return f"{item.get('text', '')}{where}"
