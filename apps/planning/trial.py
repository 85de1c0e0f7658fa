"""A draft library tried on a brief: what would be planned with it, beside what is planned now. Nothing is stored."""

import time
from dataclasses import dataclass, replace
from typing import Any

from apps.accounts.models import Person
from apps.accounts.policy import require
from apps.core.errors import Invalid
from apps.engine.differences import difference
from apps.engine.facts import Facts, extract_facts
from apps.engine.methods import Library
from apps.engine.planner import Settings, plan
from apps.goals.models import Goal
from apps.planning import blueprints
from apps.planning.library import load_library
from apps.planning.models import MethodLibrary
from apps.planning.settings import settings_for
from apps.planning.versions import library_check, library_seed

SECONDS = 3.0  # for each of the two libraries
LONGEST_BRIEF = 200_000


@dataclass(frozen=True)
class Tried:
    """What one library plans for the brief: approaches (the best first), or the words why there is none."""

    words: str
    approaches: tuple[dict[str, Any], ...] = ()
    blueprint: dict[str, Any] | None = None


@dataclass(frozen=True)
class Trial:
    """``changes`` is the difference of the best approaches (``engine.differences``), where both libraries have one."""

    kind: str
    draft: Tried
    active: Tried
    version: int
    changes: dict[str, Any] | None


def library_try(*, person: Person, content: str, title: str, brief: str) -> Trial:
    """Plan a brief with a draft library and with the active one. Raises ``NotAllowed`` and ``Invalid``."""
    require(person, "library.edit")
    if not brief.strip():
        raise Invalid({"brief": "Choose a goal or paste a brief to try it on."})
    if len(brief) > LONGEST_BRIEF or "\x00" in brief:
        raise Invalid({"brief": f"A brief is text of at most {LONGEST_BRIEF} characters."})
    checked = library_check(content=content)
    if checked.library is None:
        raise Invalid(
            {
                "content": "The draft has problems: mend them first. "
                + str(next(p for p in checked.problems if not p.warning))
            }
        )
    facts = extract_facts(title.strip() or "A goal", brief)
    standing = MethodLibrary.objects.filter(active=True).first() or library_seed()
    draft = _tried(facts, checked.library)
    active = _tried(facts, load_library(standing.content))
    both = draft.blueprint is not None and active.blueprint is not None
    changes = difference(active.blueprint or {}, draft.blueprint or {}).as_dict() if both else None
    return Trial(facts.kind, draft, active, standing.version, changes)


def _tried(facts: Facts, library: Library) -> Tried:
    settings = _settings()
    try:
        explored = plan(facts, library, settings)
    except (ValueError, LookupError) as error:
        return Tried(str(error.args[0] if error.args else error))
    except RecursionError:
        return Tried("The methods lead into each other without an end.")
    rows = [
        {
            "name": one.name,
            "minutes": one.duration,
            "cost": one.cost,
            "score": one.score.total,
            "assumptions": list(one.assumptions),
            "tasks": [
                {"title": task.title, "phase": task.phase, "capability": task.capability}
                for task in sorted(one.tasks, key=lambda task: (task.phase, task.key))
            ],
        }
        for one in explored.approaches
    ]
    best = explored.approaches[explored.best]
    kept = blueprints.blueprint(best, explored.facts.kind, library, settings.slots)
    return Tried("", tuple(rows), kept)


def _settings() -> Settings:
    """Those of a goal without limits of its own."""
    end = time.monotonic() + SECONDS
    return replace(settings_for(Goal()), deadline=lambda: time.monotonic() > end)
