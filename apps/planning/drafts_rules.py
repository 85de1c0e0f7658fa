"""What an edit of this goal's plan is judged by: agents, slots, prices, known capabilities, and what was begun."""

import time
from dataclasses import replace
from functools import lru_cache
from typing import Any

from apps.accounts.models import Person
from apps.engine.editing import Rules
from apps.goals.models import Goal
from apps.planning.library import load_library
from apps.planning.models import MethodLibrary
from apps.planning.settings import settings_for
from apps.tasks.models import Task

# A person waits for each edit, so the search for the shortest order is brief; the page says whether it was proven.
EDIT_SECONDS = 0.4
NOT_BEGUN = ("blocked", "ready")
_WORDS = {"conflict": "is in conflict", "reopened": "is being done again"}


def rules_for(*, goal: Goal, person: Person | None) -> Rules:
    """The rules for edits by this person now: eight queries, whatever the size of the plan."""
    end = time.monotonic() + EDIT_SECONDS
    settings = replace(settings_for(goal), deadline=lambda: time.monotonic() > end)
    known = {capability for worker in settings.workers for capability in worker.capabilities}
    by = person.get_username() if person else "the hub"
    return Rules(settings, by, frozenset(known | library_capabilities()), begun(goal))


def begun(goal: Goal) -> dict[str, str]:
    """Tasks of the active plan that are not as they were planned any more, by key, with the words for their status."""
    rows = Task.objects.filter(goal=goal, plan__status="active", kind="work").exclude(status__in=NOT_BEGUN)
    return {key: _WORDS.get(status, f"is {status}") for key, status in rows.values_list("key", "status")}


def library_capabilities() -> frozenset[str]:
    """Every capability that a method of the active library asks for."""
    active = MethodLibrary.objects.filter(active=True).values_list("content", flat=True).first()
    return _capabilities(active) if active else frozenset()


@lru_cache(maxsize=4)
def _capabilities(content: Any) -> frozenset[str]:
    return frozenset(load_library(content).capabilities())
