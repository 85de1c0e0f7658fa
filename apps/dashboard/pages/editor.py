"""The draft editor: tasks by phase, figures beside those of the base, what was edited, graph and timeline."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from apps.accounts.models import Person
from apps.agents.models import Agent
from apps.core import clock
from apps.dashboard.forms.drafts import Offers
from apps.dashboard.pages.controls import refusal
from apps.dashboard.svg import Edge, Lane, Node, TimelineBar, render_graph, render_timeline
from apps.dashboard.templatetags.wording import duration
from apps.engine.differences import Difference, Figure
from apps.goals.models import PHASE_NAMES, Goal
from apps.planning import drafts, drafts_read
from apps.planning.drafts_rules import begun, library_capabilities
from apps.tasks.models import Plan, PlanEdition

SHOWN = 60


def editor(draft: Plan, person: Person) -> dict[str, Any]:
    """Everything on the page of a draft; the number of queries does not depend on the size of the plan."""
    goal = draft.goal
    blueprint = drafts.blueprint_of(draft)
    locked = begun(goal) if draft.status == "draft" else {}
    found = drafts_read.draft_difference(plan=draft, blueprint=blueprint)
    edits = drafts_read.editions(plan=draft)
    return {
        "goal": goal,
        "draft": draft,
        "phases": _phases(blueprint, locked),
        "number": len(blueprint["tasks"]),
        "figures": _figures(draft, found),
        "limits": _limits(goal, draft, blueprint, locked),
        "difference": found,
        "edits": [_edit(one, draft) for one in reversed(edits)],
        "undo_why_not": "" if draft.edition else "Nothing was edited yet.",
        "redo_why_not": "" if any(one.number > draft.edition for one in edits) else "Nothing was undone.",
        "edit_why_not": _edit_why_not(draft, person),
        "running": goal.status in ("running", "paused"),
        "propose_why_not": _propose_why_not(draft, person),
        "graph": _graph(blueprint, locked),
        "line": _timeline(blueprint, locked),
        "edges": len(blueprint["edges"]),
    }


def edit_button(goal: Goal, plan: Plan | None, person: Person) -> dict[str, Any]:
    """Whether the page of a plan offers to edit it, and why it can't be done."""
    offered = plan is not None and goal.status in ("proposed", "running", "paused")
    return {"edit_offered": offered, "edit_why_not": refusal(person, "plan.edit", goal) if offered else ""}


def offers(blueprint: Mapping[str, Any]) -> Offers:
    """What the forms can offer: three queries."""
    rows = Agent.objects.filter(status="active").prefetch_related("capabilities")
    agents = {agent.slug: frozenset(row.capability for row in agent.capabilities.all()) for agent in rows}
    known = (
        library_capabilities()
        | {task["capability"] for task in blueprint["tasks"]}
        | frozenset().union(*agents.values())
    )
    return Offers(sorted(known), agents, blueprint["tasks"])


def _edit_why_not(draft: Plan, person: Person) -> str:
    if draft.status != "draft":
        return f"Version {draft.version} is {draft.status}, so it is not changed any more."
    return refusal(person, "plan.edit", draft.goal)


def _propose_why_not(draft: Plan, person: Person) -> str:
    goal, base = draft.goal, draft.base
    if draft.status != "draft":
        return f"Version {draft.version} is {draft.status}."
    if goal.status != "proposed":
        return f"The goal is {goal.status}: a draft can be proposed while a plan is proposed."
    if base is not None and base.status != "proposed":
        return f"It was made from version {base.version}, which is {base.status} now."
    return refusal(person, "plan.activate", goal)


def _phases(blueprint: Mapping[str, Any], locked: Mapping[str, str]) -> list[dict[str, Any]]:
    titles = {task["key"]: task["title"] for task in blueprint["tasks"]}
    orders: dict[str, list[dict[str, str]]] = {}
    for edge in blueprint["edges"]:
        if not edge["artifact"]:
            other = {"key": edge["producer"], "title": titles[edge["producer"]]}
            orders.setdefault(edge["consumer"], []).append(other)
    rows = [
        task | {"locked": locked.get(task["key"], ""), "comes_after": orders.get(task["key"], ())}
        for task in blueprint["tasks"]
    ]
    return [
        {"number": number, "name": name, "tasks": found, "note": blueprint["notes"].get(str(number), "")}
        for number, name in PHASE_NAMES.items()
        for found in [[row for row in rows if row["phase"] == number]]
    ]


def _figures(draft: Plan, found: Difference | None) -> list[dict[str, Any]]:
    proof = "No order is shorter: this is proven." if draft.proven else _slack(draft)
    return [
        _figure("Duration", draft.minutes, found.minutes if found else None, proof, "clock"),
        _figure("Critical path", draft.critical_minutes, found.critical if found else None, "", "timeline"),
        _figure("Cost", float(draft.cost), found.cost if found else None, "", "coin"),
    ]


def _figure(label: str, value: float, figure: Figure | None, note: str, icon: str) -> dict[str, Any]:
    """A figure with its change in words; ``before`` is None where there is nothing to compare with, or no change."""
    before = figure.before if figure is not None and round(figure.change, 2) else None
    return {"label": label, "value": value, "before": before, "note": note, "icon": icon, "money": label == "Cost"}


def _slack(draft: Plan) -> str:
    if not draft.minutes:
        return ""
    slack = max(0.0, draft.minutes - draft.lower_bound_minutes)
    return f"At most {slack / draft.minutes:.0%} longer than any order could be; not proven to be the shortest."


def _limits(goal: Goal, draft: Plan, blueprint: Mapping[str, Any], locked: Mapping[str, str]) -> list[str]:
    """The goal's limits that this draft would not keep."""
    found = []
    if goal.budget is not None and draft.cost > goal.budget:
        found.append(f"It costs {draft.cost} €, and the budget is {goal.budget} €.")
    if goal.deadline is not None:
        left, there = _minutes_left(draft, blueprint, locked), (goal.deadline - clock.now()).total_seconds() / 60
        if left > there:
            when = date_format(localtime(goal.deadline), "j F Y H:i")
            words = f"only {duration(there)} are left until the deadline" if there > 0 else "the deadline has passed"
            found.append(f"It takes {duration(left)} from now, and {words}: {when}.")
    return found


def _minutes_left(draft: Plan, blueprint: Mapping[str, Any], locked: Mapping[str, str]) -> float:
    """Planned minutes from now, without people's time at the gates: from the first task on that was not begun."""
    starts = [task["planned_start"] for task in blueprint["tasks"] if task["key"] not in locked]
    return draft.minutes - (min(starts, default=draft.minutes) if locked else 0.0)


def _edit(edition: PlanEdition, draft: Plan) -> dict[str, Any]:
    return {
        "words": edition.words,
        "by": edition.made_by,
        "at": edition.made_at,
        "undone": edition.number > draft.edition,
        "stands": edition.number == draft.edition,
    }


def _status(key: str, locked: Mapping[str, str]) -> str:
    """A draft's tasks have no status; what was begun is drawn as work that runs or ran."""
    return "completed" if key in locked else "blocked"


def _graph(blueprint: Mapping[str, Any], locked: Mapping[str, str]) -> str:
    tasks = blueprint["tasks"]
    nodes = [
        Node(t["key"], t["title"], t["phase"], _status(t["key"], locked), duration(t["minutes"]), t["critical"])
        for t in tasks
    ]
    counts = {number: sum(task["phase"] == number for task in tasks) for number in PHASE_NAMES}
    lanes = [Lane(n, name, f"{counts[n]} task{'s' * (counts[n] != 1)}") for n, name in PHASE_NAMES.items() if counts[n]]
    edges = [Edge(edge["producer"], edge["consumer"], edge["artifact"]) for edge in blueprint["edges"]]
    return render_graph(nodes, edges, lanes=lanes)


def _timeline(blueprint: Mapping[str, Any], locked: Mapping[str, str]) -> str:
    rows = [f"{n} {name}" for n, name in PHASE_NAMES.items() if any(t["phase"] == n for t in blueprint["tasks"])]
    bars = [
        TimelineBar(
            id=task["key"],
            row=f"{task['phase']} {PHASE_NAMES[task['phase']]}",
            label=task["title"],
            start=task["planned_start"],
            end=task["planned_finish"],
            status=_status(task["key"], locked),
            critical=task["critical"],
        )
        for task in blueprint["tasks"]
    ]
    return render_timeline(bars, rows=rows)
