"""The brief byte for byte, the facts read from it, requirements with their traces, and questions."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime

from apps.accounts.models import Person
from apps.core.untrusted import reveal
from apps.dashboard.pages.controls import refusal
from apps.engine.facts import BadCorrection, parsed
from apps.goals import selectors
from apps.goals.models import Goal
from apps.inbox.models import Question
from apps.planning.understanding import CORRECTABLE


def brief(goal: Goal, person: Person) -> dict[str, Any]:
    """Three queries."""
    requirements = list(selectors.requirements(goal=goal))
    traced = defaultdict(list)
    for requirement in requirements:
        for number in requirement.sentences:
            traced[number].append(requirement.number)
    facts = goal.facts or {}
    sentences = [
        {
            "number": one.get("number"),
            "text": reveal(str(one.get("text", ""))),
            "asks": one.get("asks"),
            "requirements": traced.get(one.get("number"), []),
        }
        for one in facts.get("sentences", [])
    ]
    return {
        "goal": goal,
        "briefs": [
            {"brief": one, "shown": reveal(one.text), "size": len(one.content)} for one in selectors.briefs(goal=goal)
        ],
        "facts": facts,
        "kind": str(facts.get("kind", "")).replace("_", " "),
        "sentences": sentences,
        "requirements": requirements,
        "corrections": corrections(goal),
        "correctable": goal.status in CORRECTABLE,
        **questions(goal, person),
    }


def corrections(goal: Goal) -> list[dict[str, Any]]:
    """What people changed in the facts, in words, newest first."""
    return [_told(item) for item in reversed(goal.corrections)]


def _told(item: Mapping[str, Any]) -> dict[str, Any]:
    try:
        words = str(parsed(item))
    except BadCorrection:
        words = "A correction of an older version, which is not applied any more."
    return {"words": words, "by": item.get("by", ""), "at": parse_datetime(str(item.get("at", "")))}


def questions(goal: Goal, person: Person) -> dict[str, Any]:
    """The goal's questions, open ones first, and whether this person may answer: one query."""
    rows = Question.objects.filter(goal=goal).select_related("answered_by", "task").order_by("answered_at", "asked_at")
    why_not = refusal(person, "question.answer")
    if goal.status in ("delivered", "accepted", "cancelled"):
        why_not = f"The goal is {goal.status}: an answer would not change anything any more."
    listed = list(rows)
    open_ones = [one for one in listed if not one.answer]
    return {
        "questions": open_ones + [one for one in listed if one.answer],
        "questions_open": len(open_ones),
        "answer_why_not": why_not,
    }
