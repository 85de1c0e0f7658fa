"""What was said after a plan was proposed, so that the plan does not know it. It can still be started as it is."""

from datetime import datetime, timedelta
from typing import Any

from apps.goals.models import Goal
from apps.inbox.models import Question
from apps.tasks.models import Exploration, Plan


def stale_words(goal: Goal) -> str:
    """Why the proposed plan is behind what people have said, in a sentence; '' where it is not: three queries.

    Counted from when planning read the brief. An answer that is what the plan took anyhow changes nothing.
    """
    if goal.status != "proposed":
        return ""
    plans = Plan.objects.filter(goal=goal, status="proposed").select_related("approach").defer("approach__blueprint")
    proposed = plans.first()
    explored = Exploration.objects.filter(goal=goal).only("created_at", "seconds").first()
    if proposed is None or explored is None:
        return ""
    read = explored.created_at - timedelta(seconds=explored.seconds)
    taken: dict[str, Any] = proposed.approach.choices if proposed.approach else {}
    answered = Question.objects.filter(goal=goal, answered_at__gt=read).values_list("key", "answer")
    answers = sum(str(taken.get(key, "")).lower() != answer.strip().lower() for key, answer in answered)
    corrections = sum(datetime.fromisoformat(one["at"]) > read for one in goal.corrections)
    parts = [_counted(corrections, "correction"), _counted(answers, "answer")]
    told = " and ".join(part for part in parts if part)
    them = "them" if corrections + answers > 1 else "it"
    return f"{told} came after this plan was made, so that it does not know {them}." if told else ""


def _counted(number: int, name: str) -> str:
    """
    >>> [_counted(number, "answer") for number in (0, 1, 3)]
    ['', '1 answer', '3 answers']
    """
    return f"{number} {name}{'' if number == 1 else 's'}" if number else ""
