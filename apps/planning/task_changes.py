"""Changing one task of a plan that stands, before it is begun: what design §7 calls PATCH /tasks/{id}.

Only what leaves the graph as it is can be changed here (estimate, agent, acceptance, RICE's inputs); the rest is an
edit of a draft. The whole plan is rescheduled with it; tasks that were begun keep the figures they were begun with.
"""

from collections.abc import Mapping
from typing import Any

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, events
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Conflict
from apps.goals.models import Goal
from apps.planning import storing
from apps.planning.drafts import blueprint_of, edited
from apps.planning.drafts_rules import NOT_BEGUN, rules_for
from apps.planning.rows import rows_write
from apps.tasks.models import Plan, Task

CHANGEABLE = ("acceptance", "optimistic", "likely", "pessimistic", "agent", "rice")
# What rescheduling computes anew for every task that has not begun.
_DERIVED = (
    *("position", "reach", "impact", "confidence", "effort", "rice", "reasons"),
    *("bottom_level", "critical", "planned_start", "planned_finish"),
)
_OWN = ("acceptance", "optimistic", "likely", "pessimistic", "minutes", "estimate_source", "estimate_samples")


@atomic_again
def task_change(*, task: Task, person: Person, change: Mapping[str, Any]) -> Task:
    """Change a task that was not begun, of the plan that is proposed or active. ``change``: some of ``CHANGEABLE``.

    Raises ``Conflict`` where it was begun or its plan no longer stands, ``Invalid`` with the words beside a field.
    """
    policy.require(person, "plan.edit", task.goal)
    events.lock_streams([task.goal_id])
    goal = Goal.objects.select_for_update(no_key=True).get(pk=task.goal_id)
    plan = Plan.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.plan_id)
    rows = {row.pk: row for row in _locked(plan)}
    found = rows.get(task.pk, task)
    _changeable(found, plan)
    rules = rules_for(goal=goal, person=person)
    before = blueprint_of(plan)
    operation = {name: value for name, value in change.items() if name in CHANGEABLE}
    after = edited(before, {"kind": "change", "task": found.key, **operation}, rules)
    _write(plan, rows.values(), found, after.blueprint)
    told = {"words": after.words, "change": dict(change)}
    actor = person_actor(person)
    events.record(events.Happening(goal.pk, "task.changed", f"task:{task.pk}", told), actor=actor)
    audit.append(actor=actor, what="task.changed", subject=f"task:{task.pk}", data=told)
    return Task.objects.get(pk=task.pk)


def _locked(plan: Plan) -> list[Task]:
    rows = Task.objects.filter(plan=plan, kind="work").order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)))


def _changeable(task: Task, plan: Plan) -> None:
    if plan.status not in ("proposed", "active") or task.kind != "work":
        what = "a review" if task.kind != "work" else f"part of version {plan.version}, which is {plan.status}"
        raise Conflict(f"This task is {what}: only tasks of the plan that stands can be changed.")
    if task.status not in NOT_BEGUN:
        raise Conflict(f"This task is {task.status}: it can be changed only until it is begun.")


def _write(plan: Plan, rows: Any, changed: Task, blueprint: Mapping[str, Any]) -> None:
    """Three statements, whatever the size of the plan."""
    planned = {task["key"]: task for task in blueprint["tasks"]}
    waiting = [row for row in rows if row.status in NOT_BEGUN and row.key in planned]
    agents = storing.wanted_agents(blueprint["tasks"])
    for row in waiting:
        for name in (*_DERIVED, *(_OWN if row.pk == changed.pk else ())):
            setattr(row, name, planned[row.key][name])
        if row.pk == changed.pk:
            row.wanted_agent_id = agents.get(planned[row.key].get("wanted_agent") or "")
    rows_write(waiting, [*_DERIVED, *_OWN, "wanted_agent"])
    Plan.objects.filter(pk=plan.pk).update(**storing.plan_columns(blueprint))
