"""The brief byte for byte, the facts read from it, requirements with their traces, and questions."""

from collections import defaultdict
from typing import Any

from apps.accounts.models import Person
from apps.core.untrusted import reveal
from apps.dashboard.pages.controls import refusal
from apps.goals import selectors
from apps.goals.models import Goal
from apps.inbox.models import Question


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
        **questions(goal, person),
    }


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
