"""What is kept of asking a model, and what was spent on the plan before."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from apps.core import clock
from apps.engine.facts import Facts
from apps.goals.models import Goal
from apps.planning.models import ModelCall
from apps.planning.thinking.dialogue import Asked
from apps.planning.thinking.since import planning_since

MOST_COST = Decimal("9999.999999")
MOST_TOKENS = 2**31 - 1
LEAST_NAME = 8  # characters: shorter titles are words that any plan may use


def call_keep(*, goal: Goal, model: str, asked: Asked[Any]) -> dict[str, Any]:
    """Keep a question and what came of it, at once: what was spent is known also after a crash. Returns it as JSON."""
    row = ModelCall.objects.create(
        goal=goal,
        purpose=asked.purpose,
        model=model[:200],
        outcome=asked.outcome,
        words=asked.words,
        input_tokens=min(asked.input_tokens, MOST_TOKENS),
        output_tokens=min(asked.output_tokens, MOST_TOKENS),
        cost=min(asked.cost, MOST_COST),
        seconds=asked.seconds,
        called_at=clock.now(),
    )
    return {
        "purpose": row.purpose,
        "outcome": row.outcome,
        "words": row.words,
        "input_tokens": row.input_tokens,
        "output_tokens": row.output_tokens,
        "cost": str(row.cost),
        "seconds": round(row.seconds, 3),
        "calls": asked.calls,
    }


def spent(*, goal: Goal) -> Decimal:
    """What was spent on this plan already, in euro."""
    rows = ModelCall.objects.filter(goal=goal, called_at__gte=planning_since(goal=goal))
    total: Decimal | None = rows.aggregate(total=Sum("cost"))["total"]
    return total or Decimal(0)


def unspeakable(*, goal: Goal, facts: Facts) -> Mapping[str, str]:
    """Texts that no proposal may contain, with the reason: gates' codes, and names of other goals.

    A name that this brief itself uses is not one of them.
    """
    brief = " ".join([facts.title, *(sentence.text for sentence in facts.sentences)]).casefold()
    texts = {"QG-PHASE": "speaks of a quality gate; gates are not part of a plan"}
    for pk, title in Goal.objects.exclude(pk=goal.pk).values_list("pk", "title"):
        texts[str(pk)] = "names another goal"
        if len(title) >= LEAST_NAME and " " in title.strip() and title.casefold() not in brief:
            texts[title] = "names another goal"
    return texts
