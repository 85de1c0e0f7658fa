"""The inbox: one table, its tabs and their numbers; and the side panel that shows one thing to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import Person
from apps.agents.models import Agent
from apps.core.errors import NotThere
from apps.dashboard.pages.controls import refusal
from apps.dashboard.pages.gate import effects, quality
from apps.gates.models import Gate
from apps.gates.selectors import gate_page
from apps.inbox import selectors
from apps.inbox.models import Escalation, Question
from apps.inbox.selectors import Inbox, Item, Tab

TITLES = {"needs_you": "Needs you", "waiting": "Waiting on others", "decided": "Decided", "all": "All open"}


def table(person: Person, tab: Tab) -> dict[str, Any]:
    """The rows of one tab and the numbers of all: one look at everything open."""
    found = selectors.inbox(person)
    items = selectors.decided(person) if tab == "decided" else rows(found, tab)
    counts = found.counts
    tabs = [
        {"key": key, "title": title, "href": f"/inbox?tab={key}", "count": counts.get(key, "")}
        for key, title in TITLES.items()
    ]
    return {"tab": tab, "tabs": tabs, "items": items, "inbox_count": counts["needs_you"]}


def rows(found: Inbox, tab: Tab) -> Sequence[Item]:
    return {"needs_you": found.needs_you, "waiting": found.waiting}.get(tab, found.items)


@dataclass(frozen=True)
class Place:
    """Where an item stands in its tab: the one after it, to go on without leaving."""

    number: int
    total: int
    following: Item | None


def place(person: Person, tab: Tab, kind: str, key: str) -> Place:
    """Its place among the open items of the tab; what is not in it has the first one as its next."""
    items = rows(selectors.inbox(person), tab)
    at = next((n for n, item in enumerate(items) if (item.kind, item.id) == (kind, key)), None)
    rest = [item for item in items if (item.kind, item.id) != (kind, key)]
    if at is None:
        return Place(0, len(items), rest[0] if rest else None)
    following = items[at + 1] if at + 1 < len(items) else (rest[0] if rest else None)
    return Place(at + 1, len(items), following)


def preview(person: Person, kind: str, key: str) -> dict[str, Any]:
    """What the side panel shows of one thing. Raises ``NotThere``."""
    return {"kind": kind} | {"gate": _gate, "question": _question, "escalation": _escalation}[kind](person, key)


def _gate(person: Person, key: str) -> dict[str, Any]:
    gate = Gate.objects.select_related("goal__owner", "goal__group").filter(pk=key).first()
    if gate is None:
        raise NotThere("There is no such gate.")
    page = gate_page(gate=gate, person=person)
    return {"page": page, "gate": gate, "effects": effects.effects(gate, page.round)} | quality.quality(page)


def _question(person: Person, key: str) -> dict[str, Any]:
    found = Question.objects.select_related("goal", "task", "answered_by").filter(pk=key).first()
    if found is None:
        raise NotThere("There is no such question.")
    return {"question": found, "why_not": refusal(person, "question.answer")}


def _escalation(person: Person, key: str) -> dict[str, Any]:
    found = Escalation.objects.select_related("goal", "task", "resolved_by").filter(pk=key).first()
    if found is None:
        raise NotThere("There is no such escalation.")
    task = found.task
    able = Agent.objects.filter(capabilities__capability=task.capability, status="active") if task else []
    return {
        "escalation": found,
        "task": task,
        "agents": list(able),
        "why_not": refusal(person, "escalation.resolve"),
        "retry_why_not": refusal(person, "task.retry"),
        "acts": bool(task and found.status == "open" and task.status in ("escalated", "retrying")),
        "last_error": _last_error(task) if task else "",
    }


def _last_error(task: Any) -> str:
    """What the newest attempt said when it failed; an agent wrote it, the template shows it as text."""
    newest = task.attempts.exclude(error="").order_by("-number").values_list("error", flat=True).first()
    return (newest or "")[:2000]
