"""The head of a goal's pages: what it is, how it stands, what may be done about it."""

from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse

from apps.accounts.models import Person
from apps.dashboard.pages.controls import Control, refusal
from apps.dashboard.pages.phases import gate_href
from apps.gates.models import Gate
from apps.goals.models import Goal
from apps.inbox.models import Escalation
from apps.planning.staleness import stale_words
from apps.tasks.models import Attempt

ENDED = ("accepted", "cancelled")
_NO_PLAN = {
    "draft": "Planning waits for the answers at the intake; they can be skipped.",
    "planning": "The plan is still being made.",
    "failed": "Planning failed: plan anew first.",
}


def act_href(goal: Goal, key: str) -> str:
    return reverse("goal-act", args=[goal.pk, key])


def head(goal: Goal, person: Person) -> dict[str, Any]:
    """Needs a goal with progress (``goal_get``). Three queries; six while a plan is proposed."""
    stale = stale_words(goal)
    work = Attempt.objects.filter(goal=goal).aggregate(
        spent=Sum("cost"), running=Count("pk", filter=Q(status__in=["dispatched", "running"]))
    )
    waiting = Escalation.objects.filter(goal=goal, status="open").aggregate(number=Count("pk"))["number"]
    gates = Gate.objects.filter(goal=goal, status__in=["open", "deciding"]).order_by("phase")
    return {
        "gates_open": [{"gate": gate, "href": gate_href(gate)} for gate in gates],
        "goal": goal,
        "spent": work["spent"] or 0,
        "running": work["running"],
        "escalations": waiting,
        "controls": controls(goal, person, stale),
        "stale_plan": stale,
        "ended": goal.status in ENDED,
    }


def controls(goal: Goal, person: Person, stale: str = "") -> list[Control]:
    """The buttons of the head, the one that matters most first. ``stale`` says what the proposed plan does not know."""
    found = []
    if goal.status in ("draft", "planning", "proposed"):
        found.append(_start(goal, person, stale))
    if goal.status == "failed" or stale:
        found.append(_one(goal, person, "replan", "Plan anew", "replan", "rotate", primary=True))
    if goal.status == "running":
        found.append(_one(goal, person, "pause", "Pause", "pause", "player-pause"))
    if goal.status == "paused":
        found.append(_one(goal, person, "resume", "Resume", "resume", "player-play", primary=True))
    if goal.status in ("delivering", "delivered"):
        found.append(_accept(goal, person))
    if goal.status not in ENDED:
        found.append(
            Control(
                "cancel", "Cancel", "ban", act_href(goal, "cancel"), refusal(person, "goal.cancel", goal),
                bad=True, dialog="cancel-goal",
            )
        )  # fmt: skip
    return found


def _start(goal: Goal, person: Person, stale: str) -> Control:
    why = _NO_PLAN.get(goal.status, "") or refusal(person, "goal.start", goal)
    if goal.status in _NO_PLAN and goal.start_when_proposed:
        why = "It starts by itself as soon as the plan is there."
    confirm = "The agents begin with phase 1. Nothing passes a gate without a decision of yours."
    if stale and not why:
        confirm = f"{stale} Start this plan as it is all the same? Else close this, and plan anew."
        return Control("start", "Start anyway", "player-play", act_href(goal, "start"), confirm=confirm)
    return Control("start", "Start", "player-play", act_href(goal, "start"), why, primary=True, confirm=confirm)


def _accept(goal: Goal, person: Person) -> Control:
    why = "" if goal.status == "delivered" else "The deliverable is still being packed."
    why = why or refusal(person, "goal.accept", goal)
    confirm = "You have looked at the deliverable and are content with it. The goal ends with this."
    return Control("accept", "Accept", "circle-check", act_href(goal, "accept"), why, primary=True, confirm=confirm)


def _one(goal: Goal, person: Person, key: str, label: str, action: str, icon: str, *, primary: bool = False) -> Control:
    return Control(key, label, icon, act_href(goal, key), refusal(person, f"goal.{action}", goal), primary=primary)
