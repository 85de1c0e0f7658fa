"""The intake of a goal: what was understood of its brief, each fact with its sentence, and what is asked."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.accounts.models import Person
from apps.core.untrusted import reveal
from apps.dashboard.pages.brief import corrections, questions
from apps.dashboard.pages.controls import refusal
from apps.engine.facts import KINDS, Facts
from apps.engine.facts.languages import LANGUAGE_NAMES
from apps.goals.models import Goal
from apps.inbox.models import Question
from apps.planning.understanding import CORRECTABLE, understanding

LIMITS = {
    "deadline": "Deadline",
    "budget": "Budget",
    "limit": "Limit",
    "technology": "Technology",
    "must_not": "What it must not do",
}
WRITTEN = {"sqlite": "SQLite"}


def intake(goal: Goal, person: Person) -> dict[str, Any]:
    """Everything that the page shows: a constant number of queries."""
    found = understanding(goal=goal)
    facts = found.facts
    texts = {sentence.number: reveal(sentence.text) for sentence in facts.sentences}
    added = {" ".join(str(c["change"].get("add", "")).split()) for c in goal.corrections}
    listed = questions(goal, person)
    return listed | {
        "goal": goal,
        "changed": found.changed,
        "kinds": [{"key": kind, "name": kind.replace("_", " ")} for kind in KINDS],
        "kind": facts.kind,
        "kind_evidence": [{"word": e.word, "text": texts.get(e.sentence, goal.title)} for e in facts.kind_evidence],
        "language": LANGUAGE_NAMES.get(facts.language, facts.language),
        "features": _rows(facts.features, texts, added),
        "entities": _rows(facts.entities, texts, added),
        "users": _rows(facts.users, texts, added),
        "qualities": _rows(facts.qualities, texts, added),
        "constraints": [row | {"kind": LIMITS[row["fact"].kind]} for row in _rows(facts.constraints, texts, added)],
        "asked": _asked(listed["questions"], facts),
        "assumed": _assumed(facts, listed["questions"]),
        "corrections": corrections(goal),
        "edit_why_not": _edit_why_not(goal, person),
        "plan_why_not": refusal(person, "goal.submit", goal),
        "replan_why_not": refusal(person, "goal.replan", goal),
    }


def _edit_why_not(goal: Goal, person: Person) -> str:
    if goal.status not in CORRECTABLE:
        return f"The goal is {goal.status}: facts are corrected before a plan is started."
    return refusal(person, "facts.edit", goal)


def _rows(items: Iterable[Any], texts: Mapping[int, str], added: set[str]) -> list[dict[str, Any]]:
    """Each fact with the sentence that it rests on."""
    return [
        {
            "fact": item,
            "number": item.sentence,
            "text": texts.get(item.sentence, ""),
            "added": texts.get(item.sentence) in added,
        }
        for item in items
    ]


def _asked(rows: Iterable[Question], facts: Facts) -> list[dict[str, Any]]:
    """The questions that nobody has answered, each option with what it would change."""
    known = {question.key: question for question in facts.questions}
    found = []
    for row in rows:
        question = known.get(row.key)
        if row.answer or question is None or not question.options:
            continue
        effects = dict(part.split(": ", 1) for part in row.changes.split("; ") if ": " in part)
        options = [
            {"value": option, "name": WRITTEN.get(option, option.replace("_", " ")), "effect": effects.get(option, "")}
            for option in question.options
        ]
        found.append({"row": row, "options": options, "default": row.default})
    return found


def _assumed(facts: Facts, rows: Iterable[Question]) -> list[dict[str, str]]:
    """Open points that nobody is asked about, for no answer changes a task."""
    asked = {row.key for row in rows}
    return [{"text": q.text, "default": q.default} for q in facts.questions if q.key not in asked]
