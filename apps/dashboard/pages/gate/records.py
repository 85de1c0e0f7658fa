"""The tabs with records: what is odd, the packets that agents were given, and the gate's history in the audit chain."""

import json
import uuid
from typing import Any

from django.db.models import Q

from apps.core.models import AuditLink
from apps.core.untrusted import code, reveal
from apps.dashboard.pages.gate import quality
from apps.gates.models import Clearance, Condition, Vote
from apps.gates.selectors import GatePage
from apps.goals.models import Goal
from apps.inbox.models import Question
from apps.tasks.models import Attempt, Task

MOST = 100


def exceptions(page: GatePage) -> dict[str, Any]:
    """Everything that is not as it should be, each as a tone, a title and words. Seven queries."""
    gate = page.gate
    found = [
        _odd("bad" if check.result == "failed" else "warn", quality.label(check.name), check.sentence)
        for check in page.checks
        if check.result != "passed"
    ]
    found += [_odd("warn", "Sources disagree", words) for words in quality.disagreements(page.checks)]
    attempts = Attempt.objects.filter(goal=gate.goal, phase=gate.phase).select_related("task", "agent")
    troubled = attempts.filter(Q(status__in=["failed", "expired"]) | Q(isolated=False) | Q(salvage__isnull=False))
    found += [_attempt(one) for one in troubled.defer("packet", "result").order_by("-dispatched_at")[:MOST]]
    tasks = Task.objects.filter(goal=gate.goal, plan__status="active", phase=gate.phase, kind="work")
    for task in tasks.filter(status__in=["skipped", "cancelled", "escalated"]):
        found.append(_odd("warn", task.title, f"The task is {task.status}.", f"/tasks/{task.pk}"))
    found += _open_points(gate.goal)
    found += _marks(gate.goal)
    return {"odd": found}


def _attempt(one: Attempt) -> dict[str, str]:
    if one.salvage is not None:
        tone, words = "warn", "A result came too late. It is kept as salvage and not part of the work."
    elif one.status in ("failed", "expired"):
        tone, words = "warn", reveal(one.error or f"The attempt {one.status}.")[:600]
    else:
        tone, words = "bad", "It ran without isolation."
    return _odd(tone, f"{one.task.title}, attempt {one.number} by {one.agent.name}", words, f"/tasks/{one.task_id}")


def _open_points(goal: Goal) -> list[dict[str, str]]:
    questions = Question.objects.filter(goal=goal, answer="")
    conditions = Condition.objects.filter(goal=goal, status="open")
    declined = goal.requirements.filter(kind="declined")
    return [
        *(_odd("human", f"Assumed: {one.default}", f"Nobody has answered: {one.text}") for one in questions[:MOST]),
        *(_odd("human", f"Condition due in phase {one.due_phase}", one.text) for one in conditions[:MOST]),
        *(_odd("warn", f"Requirement {one.number} is declined", f"{one.text} {one.why}") for one in declined[:MOST]),
    ]


def _marks(goal: Goal) -> list[dict[str, str]]:
    passed = Clearance.objects.filter(Q(solo=True) | Q(override=True), goal=goal, phase__gt=1, revocation__isnull=True)
    rows = list(passed.order_by("phase"))
    found = [
        _odd("bad", f"QG-PHASE{one.phase - 1} was overridden", "A failed check was overridden there.")
        for one in rows
        if one.override
    ]
    solo = ", ".join(f"QG-PHASE{one.phase - 1}" for one in rows if one.solo)
    return (
        [*found, _odd("human", "Decided in solo mode", f"One person's vote was enough at {solo}.")] if solo else found
    )


def _odd(tone: str, title: str, words: str, href: str = "") -> dict[str, str]:
    return {"tone": tone, "title": reveal(title), "words": reveal(words)[:600], "href": href}


def packets(page: GatePage, attempt_id: str) -> dict[str, Any]:
    """Every attempt of this phase with its agent and outcome, and one packet in full."""
    gate = page.gate
    rows = Attempt.objects.filter(goal=gate.goal, phase=gate.phase).select_related("task", "agent")
    context: dict[str, Any] = {"attempts": rows.defer("packet", "result", "salvage").order_by("-dispatched_at")[:MOST]}
    key = _uuid(attempt_id)
    chosen = rows.filter(pk=key).first() if key else None
    if chosen is None:
        return context
    text = json.dumps(chosen.packet, indent=2, ensure_ascii=False, default=str)
    return context | {"chosen": chosen, "packet": code(text, "json")}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def history(page: GatePage) -> dict[str, Any]:
    """Every round with its votes, and the links of the audit chain about this gate. Three queries."""
    gate = page.gate
    votes = Vote.objects.filter(round__gate=gate).select_related("person", "group", "round").order_by("-id")
    conditions = Condition.objects.filter(round__gate=gate).select_related("owner", "closed_by")
    links = AuditLink.objects.filter(subject=f"gate:{gate.pk}").order_by("-seq")[:MOST]
    return {
        "all_votes": list(votes[:MOST]),
        "rounds": list(reversed(page.rounds)),
        "made_conditions": list(conditions),
        "links": [_link(one) for one in links],
    }


def _link(one: AuditLink) -> dict[str, Any]:
    told = {key: one.data[key] for key in ("verdict", "why", "round", "words", "reason_code") if one.data.get(key)}
    who = one.actor.get("name", "") if isinstance(one.actor, dict) else ""
    said = ", ".join(reveal(str(value)) for key, value in told.items() if key != "round")
    return {"seq": one.seq, "what": one.what, "who": who, "at": one.at, "digest": one.digest, "said": said[:300]}
