"""What can be watched, and which fragments of its pages an event changes.

``goal:<id>`` has the goal's own sequence; ``site`` is everything (home, inbox, agents, pool) and counts all events.
"""

import re
import uuid
from collections.abc import Mapping, Sequence

SITE = "site"
_GOAL = re.compile(r"goal:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

# The three regions of a gate's page.
GATE = ("gate-head", "gate-body", "gate-panel")
# The first part of an event's type → the fragments of the goal's pages that show it.
GOAL_FRAGMENTS: Mapping[str, tuple[str, ...]] = {
    "task": (
        *("goal-head", "goal-rail", "goal-tasks", "goal-graph", "goal-timeline", "goal-events", "goal-metrics"),
        *("task-head", "task-body", "gate-awaits"),
    ),
    "attempt": ("goal-tasks", "goal-timeline", "goal-events", "task-head", "task-body"),
    "gate": (
        "goal-head",
        "goal-rail",
        "goal-gates",
        "goal-tasks",
        "goal-events",
        "gate-head",
        "gate-body",
        "gate-panel",
    ),
    "vote": ("goal-rail", "goal-gates", "goal-events", *GATE),
    "round": ("goal-gates", "goal-events", *GATE),
    "goal": (
        *("goal-head", "goal-rail", "goal-plan", "plan-drafts", "draft-editor", "plan-activation", "goal-tasks"),
        *("goal-gates", "goal-events", "goal-deliverable"),
    ),
    "plan": (
        *("goal-head", "goal-plan", "plan-drafts", "draft-editor", "plan-activation", "goal-tasks", "goal-graph"),
        *("goal-timeline", "goal-events"),
    ),
    "question": ("goal-head", "goal-questions", "goal-events", "gate-body"),
    "condition": ("goal-gates", "goal-events", *GATE),
    "requirement": ("goal-gates", "goal-events", *GATE),
    "escalation": ("goal-head", "goal-tasks", "goal-events", "task-head", "task-body"),
    "clearance": ("goal-rail", "goal-gates", "goal-events", "plan-activation"),
}
GOAL_ANY = ("goal-events",)
# A completed task also brings files.
BRINGS_FILES = {"task.completed"}
FILES = ("goal-artifacts", "goal-history")

SITE_FRAGMENTS: Mapping[str, tuple[str, ...]] = {
    "task": ("home-goals", "home-figures", "home-slots", "pool-slots", "agents-list"),
    "attempt": ("home-slots", "pool-slots", "agents-list"),
    "gate": ("home-goals", "home-figures", "home-needs", "inbox-badge", "inbox-list"),
    "vote": ("home-needs", "inbox-badge", "inbox-list"),
    "goal": ("home-goals", "home-figures", "home-needs", "goals-list"),
    "question": ("home-needs", "home-figures", "inbox-badge", "inbox-list"),
    "escalation": ("home-needs", "home-figures", "inbox-badge", "inbox-list"),
    "agent": ("agents-list",),
    "pool": ("home-slots", "pool-slots"),
}


def goal_topic(goal_id: uuid.UUID) -> str:
    return f"goal:{goal_id}"


def goal_of(topic: str) -> uuid.UUID | None:
    """The goal that a topic is about; None for any other text."""
    found = _GOAL.fullmatch(topic)
    return uuid.UUID(found.group(1)) if found else None


def goal_fragments(types: Sequence[str]) -> set[str]:
    """The fragments of a goal's pages that these events change."""
    found: set[str] = set()
    for kind in types:
        found.update(GOAL_FRAGMENTS.get(kind.partition(".")[0], GOAL_ANY))
        if kind in BRINGS_FILES:
            found.update(FILES)
    return found


def site_fragments(types: Sequence[str]) -> set[str]:
    """The fragments of the pages about everything that these events change."""
    found: set[str] = set()
    for kind in types:
        found.update(SITE_FRAGMENTS.get(kind.partition(".")[0], ()))
    return found
