"""How a goal went and what it gave: metrics, and the deliverable with its report and manifest."""

from typing import Any

from apps.core.errors import CommandPostError
from apps.core.untrusted import markdown
from apps.delivery.selectors import deliverable_file, deliverable_of, report_markdown
from apps.goals.models import Goal
from apps.insight.selectors import goal_metrics
from apps.tasks.selectors import plan_shown

SHOWN = 200


def metrics(goal: Goal) -> dict[str, Any]:
    """The figures of design §8 for this goal, each with words."""
    found = goal_metrics(goal)
    plan = plan_shown(goal=goal)
    minutes = {name: found[f"{name}_seconds"] for name in ("duration", "execution", "waiting", "human_wait")}
    attempts = found["attempts"]
    good = attempts.get("succeeded", 0)
    ended = sum(attempts.values()) - attempts.get("running", 0) - attempts.get("dispatched", 0)
    return {
        "goal": goal,
        "plan": plan,
        "metrics": found,
        "minutes": {name: None if value is None else value / 60 for name, value in minutes.items()},
        "attempts": sorted(attempts.items()),
        "attempts_total": sum(attempts.values()),
        "first_time": good / ended if ended else None,
        "budget_share": float(found["cost"] / goal.budget) if goal.budget else None,
    }


def deliverable(goal: Goal) -> dict[str, Any]:
    """The newest deliverable; ``missing`` says why there is none, ``report`` is safe markup."""
    found = deliverable_of(goal=goal)
    context: dict[str, Any] = {"goal": goal, "deliverable": found}
    if found is None:
        return context
    files = found.manifest.get("files", [])
    context |= {"files": files[:SHOWN], "files_number": len(files), "audit": found.manifest.get("audit", {})}
    context["plan"] = plan_shown(goal=goal)
    try:
        deliverable_file(goal=goal)
        context["report"] = markdown(report_markdown(goal=goal))
    except CommandPostError as error:
        context["missing"] = error.detail
    return context
