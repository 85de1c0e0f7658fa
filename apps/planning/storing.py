"""From a blueprint (what the engine gave, kept with an approach) to a plan with tasks and edges, in bulk.

A blueprint is JSON: ``tasks`` (a task's columns by name, see ``TASK_FIELDS`` and ``TASK_DEFAULTS``), ``edges``
({producer, consumer, artifact} by task key) and the plan's own columns (see ``PLAN_FIELDS``).
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max

from apps.agents.models import Agent
from apps.core import clock, transitions
from apps.core.actors import HUB, Actor
from apps.goals.models import Goal
from apps.tasks.models import Approach, Edge, Plan, Task

PLAN_FIELDS = ("slots", "minutes", "lower_bound_minutes", "proven", "critical_minutes", "cost", "notes")
TASK_FIELDS = (
    *("key", "phase", "position", "title", "description", "capability"),
    *("consumes", "produces", "parameters", "acceptance"),
    *("optimistic", "likely", "pessimistic", "minutes", "estimate_source"),
    *("reach", "impact", "confidence", "effort", "rice"),
    *("bottom_level", "critical", "planned_start", "planned_finish"),
)
# What older blueprints do not carry.
TASK_DEFAULTS: dict[str, Any] = {"estimate_samples": 0, "reasons": {}}
BATCH = 1000


def plan_store(*, goal: Goal, approach: Approach, actor: Actor = HUB) -> Plan:
    """Propose the plan of this approach; what was proposed before is discarded. Call it with the goal locked.

    The number of statements does not depend on the number of tasks (a statement carries a thousand rows).
    """
    transitions.move_many(Plan.objects.filter(goal=goal, status__in=["draft", "proposed"]), "discarded", actor=actor)
    newest: int = Plan.objects.filter(goal=goal).aggregate(newest=Max("version"))["newest"] or 0
    blueprint = approach.blueprint
    plan = Plan.objects.create(
        goal=goal,
        approach=approach,
        version=newest + 1,
        status=Plan.lifecycle.initial,
        created_at=clock.now(),
        origin=blueprint.get("origin", "approach"),
        why=blueprint.get("why", ""),
        **plan_columns(blueprint),
    )
    tasks_store(plan, blueprint["tasks"], blueprint["edges"])
    Approach.objects.filter(exploration=approach.exploration_id, chosen=True).exclude(pk=approach.pk).update(
        chosen=False
    )
    Approach.objects.filter(pk=approach.pk).update(chosen=True)
    approach.chosen = True
    told = {"version": plan.version, "approach": approach.name, "tasks": len(blueprint["tasks"])}
    return transitions.move(plan, "proposed", actor=actor, data=told)


def plan_columns(blueprint: Mapping[str, Any]) -> dict[str, Any]:
    """The plan's own columns, as its blueprint has them."""
    return {name: blueprint[name] for name in PLAN_FIELDS}


def tasks_store(plan: Plan, tasks: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, str]]) -> None:
    """Make the rows of a plan's tasks and edges, in bulk: the statements do not depend on how many there are."""
    unmet = Counter(edge["consumer"] for edge in edges)
    wanted = wanted_agents(tasks)
    rows = [
        Task(
            id=uuid.uuid4(),
            goal_id=plan.goal_id,
            plan=plan,
            status=Task.lifecycle.initial,
            unmet=unmet[task["key"]],
            wait_reason="dependency" if unmet[task["key"]] else "gate",
            wanted_agent_id=wanted.get(task.get("wanted_agent") or ""),
            **{name: task[name] for name in TASK_FIELDS},
            **{name: task.get(name, default) for name, default in TASK_DEFAULTS.items()},
        )
        for task in tasks
    ]
    Task.objects.bulk_create(rows, batch_size=BATCH)
    ids = {row.key: row.pk for row in rows}
    Edge.objects.bulk_create(
        [
            Edge(
                plan=plan,
                producer_id=ids[edge["producer"]],
                consumer_id=ids[edge["consumer"]],
                artifact=edge["artifact"],
            )
            for edge in edges
        ],
        batch_size=BATCH,
    )


def wanted_agents(tasks: Sequence[Mapping[str, Any]]) -> dict[str, uuid.UUID]:
    """The agents that some task asks for, by slug; one that is gone meanwhile is nobody's."""
    slugs = {slug for task in tasks if (slug := task.get("wanted_agent"))}
    return dict(Agent.objects.filter(slug__in=slugs).values_list("slug", "pk")) if slugs else {}
