"""The events of a goal in words. What a template shows is text; what agents wrote stays text."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.core.models import Event
from apps.dashboard.statuses import LOOKS, status_look
from apps.gates.models import Gate
from apps.goals.models import Goal
from apps.goals.selectors import events_before
from apps.tasks.models import Attempt, Task

PAGE = 50
MOST = 400

_SAID = {
    "task.started": "started",
    "task.completed": "completed",
    "task.failed": "failed",
    "task.dispatched": "was dispatched",
    "task.ready": "is ready",
    "task.blocked": "waits",
    "task.retrying": "is tried again",
    "task.escalated": "needs a person",
    "task.merging": "is being merged",
    "task.reopened": "was reopened",
    "task.cancelled": "was cancelled",
    "task.skipped": "was skipped",
    "task.conflict": "conflicts with the workspace",
    "goal.submitted": "was submitted",
    "goal.planning": "is being planned",
    "goal.proposed": "has a plan to start",
    "goal.running": "is running",
    "goal.requirements": "has its requirements numbered",
    "plan.proposed": "was proposed",
    "plan.active": "was activated",
    "plan.superseded": "was replaced by a newer one",
    "plan.discarded": "was discarded",
    "attempt.running": "is running",
    "attempt.expired": "ran out of its lease",
    "gate.open": "needs a decision",
    "gate.reviewing": "is being reviewed",
    "gate.deciding": "is being decided",
    "gate.pending": "waits for its phase",
    "gate.passed": "passed",
    "gate.changes_requested": "asks for changes",
    "question.asked": "was asked",
    "question.answered": "was answered",
    "vote.cast": "has a vote",
    "escalation.raised": "was escalated",
    "condition.opened": "was demanded",
    "clearance.made": "was made",
    "clearance.revoked": "was revoked",
}
_DETAILS = ("why", "error", "note", "comment", "resolution", "answer", "text")


@dataclass(frozen=True)
class Line:
    """One line of the feed: its tone and icon, the thing with its address, what happened, and a detail."""

    seq: int
    at: Any
    tone: str
    icon: str
    thing: str
    href: str
    said: str
    detail: str
    who: str


def feed(goal: Goal, *, before: int | None = None, since: int | None = None) -> dict[str, Any]:
    """Newest first: a page of events below number ``before``, or all from ``since`` on (at most ``MOST``).

    Four queries. ``since`` lets a live region keep its beginning while new events come in.
    """
    limit = PAGE if since is None else MOST
    events = events_before(stream=goal.pk, before=before, since=since, limit=limit)
    oldest = events[-1].seq if events else 0
    return {
        "goal": goal,
        "lines": lines(events),
        "oldest": oldest,
        "since": since or oldest,
        "older": oldest if oldest > 1 and (since is None or since > 1) else 0,
    }


def lines(events: Sequence[Event]) -> list[Line]:
    """Events as lines, with the names of what they are about: three queries."""
    names = _names(events)
    return [_line(event, names) for event in events]


def _line(event: Event, names: Mapping[str, tuple[str, str]]) -> Line:
    kind, _, status = event.type.partition(".")
    look = _look(kind, status, event)
    thing, href = names.get(event.subject, (kind.replace("_", " ").capitalize(), ""))
    said = _SAID.get(event.type) or status.replace("_", " ")
    if event.type == "task.progress":
        said = f"is at {event.data.get('percent', event.data.get('progress', '?'))} %"
    if event.type == "vote.cast":
        said = f"has a vote: {str(event.data.get('verdict', '')).replace('_', ' ')}"
    detail = next((str(event.data[name]) for name in _DETAILS if event.data.get(name)), "")
    if kind == "task" and event.data.get("agent"):
        said += f" to {event.data['agent']}" if event.type == "task.dispatched" else f" by {event.data['agent']}"
    who = event.actor.get("name", "") if event.actor.get("kind") == "person" else ""
    return Line(event.seq, event.at, look[0], look[1], thing, href, said, detail[:300], who)


def _look(kind: str, status: str, event: Event) -> tuple[str, str]:
    if kind == "vote":
        found = status_look("vote", str(event.data.get("verdict", "")))
    elif event.type == "task.failed":
        return "bad", "x"
    else:
        known = LOOKS.get(kind, {})
        aliases = {"started": "running", "progress": "running", "raised": "open", "asked": "open", "opened": "open"}
        name = aliases.get(status, status)
        if name not in known:
            icons = {"goal": "target", "clearance": "shield-check", "requirement": "checks", "plan": "graph"}
            return "neutral", icons.get(kind, "circle-dot")
        found = status_look(kind, name)
    return found.tone, found.icon


def _names(events: Sequence[Event]) -> dict[str, tuple[str, str]]:
    """What each subject is called, and its page."""
    ids: dict[str, set[uuid.UUID]] = defaultdict(set)
    for event in events:
        kind, _, key = event.subject.partition(":")
        try:
            ids[kind].add(uuid.UUID(key))
        except ValueError:
            continue
    found: dict[str, tuple[str, str]] = {}
    for pk, title in Task.objects.filter(pk__in=ids["task"]).values_list("pk", "title"):
        found[f"task:{pk}"] = (title, f"/tasks/{pk}")
    attempts = Attempt.objects.filter(pk__in=ids["attempt"]).values_list("pk", "number", "task_id", "task__title")
    for pk, number, task, title in attempts:
        found[f"attempt:{pk}"] = (f"Attempt {number} of {title}", f"/tasks/{task}")
    for gate in Gate.objects.filter(pk__in=ids["gate"]):
        found[f"gate:{gate.pk}"] = (gate.code, f"/gates/{gate.pk}")
    return found
