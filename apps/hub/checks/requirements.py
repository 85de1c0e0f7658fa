"""QG-PHASE1: is this what we want?"""

from collections.abc import Mapping
from typing import Any

from apps.gates.results import CheckResult
from apps.hub.checks.material import Material, QuestionFact
from apps.hub.checks.reading import (
    Unreadable,
    document,
    entries,
    failed,
    listed,
    numbers,
    passed,
    plain,
    text,
    whole,
    words,
)

REQUIREMENTS, ACCEPTANCE = "requirements/requirements.json", "requirements/acceptance.json"
ASSUMPTIONS = "requirements/assumptions.md"
KINDS = ("testable", "manual", "declined")


def checks(material: Material) -> list[CheckResult]:
    return [sentences_traced(material), acceptance_complete(material), questions_settled(material)]


def sentences_traced(material: Material) -> CheckResult:
    """Every sentence that asks for something has a requirement; no requirement names a sentence that is not there."""
    name = "sentences-traced"
    read = document(material, REQUIREMENTS)
    if isinstance(read, Unreadable):
        return failed(name, read.sentence)
    found = entries(read, "requirements")
    if not found:
        return failed(name, "There is not a single requirement.")
    if problem := _misnumbered(found):
        return failed(name, problem)
    sentences = {number: one for one in entries(material.facts, "sentences") if (number := whole(one.get("number")))}
    traced = {number for one in found for number in numbers(one.get("sentences"))}
    foreign = sorted(traced - set(sentences))
    if foreign:
        return failed(name, f"Requirements are traced to sentences that the brief does not have: {listed(foreign)}.")
    asking = [number for number, one in sentences.items() if one.get("asks") is True]
    open_ones = sorted(set(asking) - traced)
    if open_ones:
        first = words(sentences[open_ones[0]].get("text"), 160)
        more = f" {len(open_ones) - 1} more." if len(open_ones) > 1 else ""
        sentence = f"Sentence {open_ones[0]} (“{first}”) asks for something and has no requirement.{more}"
        return failed(name, sentence, sentences=open_ones)
    return passed(
        name,
        f"All {len(asking)} sentences that ask for something are traced to {len(found)} requirements.",
        asked=asking,
    )


def _misnumbered(found: list[Mapping[str, Any]]) -> str:
    given = [whole(one.get("number")) for one in found]
    if None in given or len(set(given)) != len(given):
        return "Requirements need numbers of their own."
    without = [one["number"] for one in found if not words(one.get("text")) or one.get("kind") not in KINDS]
    return f"Requirements without a text or a known kind: {listed(without)}." if without else ""


def acceptance_complete(material: Material) -> CheckResult:
    """Each requirement that was not declined has given, when, then and the test that answers it."""
    name = "acceptance-complete"
    requirements, acceptance = document(material, REQUIREMENTS), document(material, ACCEPTANCE)
    for read in (requirements, acceptance):
        if isinstance(read, Unreadable):
            return failed(name, read.sentence)
    wanted = {
        number
        for one in entries(requirements, "requirements")
        if one.get("kind") != "declined" and (number := whole(one.get("number"))) is not None
    }
    whole_ones = {
        whole(one.get("requirement"))
        for one in entries(acceptance, "acceptance")
        if all(words(one.get(part)) for part in ("given", "when", "then", "test"))
    }
    missing = sorted(wanted - whole_ones)
    if missing or not wanted:
        sentence = f"Without an acceptance test: {listed(missing)}." if missing else "There is nothing to accept."
        return failed(name, sentence, requirements=missing)
    return passed(name, f"Each of {len(wanted)} requirements has its acceptance test.", requirements=sorted(wanted))


def questions_settled(material: Material) -> CheckResult:
    """Each question is answered, or the default it falls back to stands among the assumptions."""
    name = "questions-settled"
    read = text(material, ASSUMPTIONS)
    if isinstance(read, Unreadable):
        return failed(name, read.sentence)
    assumed = plain(read) + " " + _assumed(material)
    unsettled = [one for one in material.questions if not one.answer.strip() and not _default_in(one, assumed)]
    if unsettled:
        words_of = words(unsettled[0].text, 160)
        return failed(
            name,
            f"“{words_of}” is neither answered nor is its default among the assumptions.",
            questions=[one.key for one in unsettled],
        )
    answered = sum(bool(one.answer.strip()) for one in material.questions)
    left = len(material.questions) - answered
    return passed(name, f"{answered} questions are answered; {left} stand with their default as an assumption.")


def _assumed(material: Material) -> str:
    read = document(material, REQUIREMENTS)
    return plain(" ".join(words(one.get("text"), 4000) for one in entries(read, "assumptions")))


def _default_in(question: QuestionFact, assumed: str) -> bool:
    # A long default may have been shortened for a table; its beginning says enough.
    return plain(question.default)[:60].strip() in assumed
