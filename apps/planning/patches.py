"""What people changed in the plan that stands after a draft was made from it: the draft that follows keeps it.

A draft says what it changes itself. What it left alone is taken as it is by now: an estimate that a person has set
meanwhile, an acceptance criterion, an agent. Where both changed the same, the draft's word stands, and the difference
shows it.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from apps.core.models import Event
from apps.engine.editing import reschedule
from apps.planning.settings import settings_for
from apps.tasks.models import Plan, PlanEdition, Task

# What a change of one thing writes, and which of the reasons belong to it.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "estimate": (*("optimistic", "likely", "pessimistic", "minutes", "estimate_source", "estimate_samples"),),
    "acceptance": ("acceptance",),
    "priority": ("reach", "impact", "confidence", "effort", "rice"),
    "agent": ("wanted_agent",),
}
_REASONS: Mapping[str, tuple[str, ...]] = {
    "estimate": ("estimate",),
    "priority": ("reach", "impact", "confidence", "effort"),
}
_KIND = {"optimistic": "estimate", "likely": "estimate", "pessimistic": "estimate", "rice": "priority"}


@dataclass(frozen=True)
class Patched:
    """A task of which the running plan's ``words`` (estimate, acceptance, priority, agent) are carried over."""

    key: str
    title: str
    words: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"key": self.key, "title": self.title, "fields": list(self.words)}


def carried(
    *, draft: Plan, before: Mapping[str, Any], after: Mapping[str, Any], rows: Mapping[str, Task]
) -> tuple[dict[str, Any], tuple[Patched, ...]]:
    """The draft's blueprint with what was changed in the running plan since, and what that was.

    ``before`` is the running plan's blueprint and ``rows`` its tasks by key. Two queries, and those of the planner's
    settings where times have to be computed anew; without a search, so that the same things give the same plan.
    """
    first = PlanEdition.objects.filter(plan=draft, number=0).values_list("blueprint", flat=True).first() or {}
    drafted = {task["key"]: task for task in first.get("tasks", ())}
    now = {task["key"]: task for task in before["tasks"]}
    changed = _changed_since(draft, rows)
    told: list[Patched] = []
    tasks = []
    for task in after["tasks"]:
        key = task["key"]
        if key in now and key in drafted:
            task, words = _with(task, drafted[key], now[key], changed.get(rows[key].pk, set()))
            if words:
                told.append(Patched(key, task["title"], words))
        tasks.append(task)
    found = {**after, "tasks": tasks}
    if any({"estimate", "priority"} & set(one.words) for one in told):
        found = reschedule(found, replace(settings_for(draft.goal), deadline=lambda: True))
    return found, tuple(told)


def _changed_since(draft: Plan, rows: Mapping[str, Task]) -> dict[uuid.UUID, set[str]]:
    """What of each task was changed after the draft was made, by the task's id."""
    told = Event.objects.filter(stream_id=draft.goal_id, type="task.changed", at__gte=draft.created_at)
    by_subject = {f"task:{row.pk}": row.pk for row in rows.values()}
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for subject, change in told.values_list("subject", "data__change"):
        if subject in by_subject:
            found[by_subject[subject]] |= {_KIND.get(name, name) for name in change or {}}
    return found


def _with(
    task: Mapping[str, Any], drafted: Mapping[str, Any], now: Mapping[str, Any], changed: set[str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """One task of the draft, and what of it was carried over."""
    found, words = dict(task), []
    for kind in sorted(changed & set(_COLUMNS)):
        names = _COLUMNS[kind]
        own = any(task.get(name) != drafted.get(name) for name in names[:3])
        if own or all(task.get(name) == now.get(name) for name in names):
            continue
        found |= {name: now[name] for name in names if name in now}
        reasons = {name: now["reasons"][name] for name in _REASONS.get(kind, ()) if name in now.get("reasons", {})}
        found["reasons"] = {**found.get("reasons", {}), **reasons}
        words.append(kind)
    if (task.get("wanted_agent") or "") == (drafted.get("wanted_agent") or ""):
        # Another agent may have been given a task without a change of the plan, also while it runs.
        found["wanted_agent"] = now.get("wanted_agent") or ""
    return found, tuple(words)
