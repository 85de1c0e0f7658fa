"""Real rows for tests, each with the least that its guards ask for.

They are inserted as the app's role, past no trigger: what can't be made here can't be made by anybody. A status other
than the lifecycle's beginning is given at the insert, which only tests may do.
"""

import itertools
import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from apps.accounts.models import Group, Person
from apps.agents.models import Agent, AgentCapability
from apps.core import clock
from apps.gates.definitions import definitions_seed
from apps.gates.models import Clearance, Condition, Gate, Round
from apps.gates.services.rounds import gates_create, round_begin
from apps.goals.models import Goal
from apps.inbox.models import Escalation
from apps.tasks.models import Attempt, Edge, Plan, Pool, Slot, Task

_numbers = itertools.count(1)


def group(slug: str = "owners") -> Group:
    return Group.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def person(username: str = "", *, role: str = "lead", groups: Collection[str] = ("owners",), **fields: Any) -> Person:
    made = Person.objects.create_user(username or f"person{next(_numbers)}", password="secret", role=role, **fields)
    made.seat_groups.set([group(slug) for slug in groups])
    return made


def goal(*, owner: Person | None = None, **fields: Any) -> Goal:
    values = {"title": "A list of books", "created_at": clock.now(), **fields}
    return Goal.objects.create(owner=owner or person(), group=group(), **values)


def plan(of: Goal, *, status: str = "active", **fields: Any) -> Plan:
    version = Plan.objects.filter(goal=of).count() + 1
    values = {"version": version, "slots": 10, "created_at": clock.now(), **fields}
    return Plan.objects.create(goal=of, status=status, **values)


def started_plan(**fields: Any) -> Plan:
    """The active plan of a new running goal, with clearance 1."""
    made = plan(goal(status="running", **fields))
    clearance(made)
    return made


def clearance(of: Plan) -> Clearance:
    """Clearance 1: the goal's owner has started this plan."""
    return Clearance.objects.create(goal=of.goal, phase=1, started_by=of.goal.owner, plan_id=of.pk, made_at=clock.now())


def task(of: Plan, key: str = "", **fields: Any) -> Task:
    key = key or f"task-{next(_numbers)}"
    values = {"title": key, "phase": 1, "capability": "backend.feature", **fields}
    return Task.objects.create(plan=of, goal_id=of.goal_id, key=key, **values)


def edge(producer: Task, consumer: Task, artifact: str = "") -> Edge:
    """The edge alone; ``unmet`` of the consumer is counted by ``unmet_recount`` or given to ``task``."""
    path = artifact or f"{producer.key}.txt"
    return Edge.objects.create(plan_id=producer.plan_id, producer=producer, consumer=consumer, artifact=path)


def agent(slug: str = "", *, capabilities: Collection[str] = ("backend.feature",), **fields: Any) -> Agent:
    slug = slug or f"agent-{next(_numbers)}"
    made = Agent.objects.create(slug=slug, name=slug.title(), **{"runtime": "local", **fields})
    AgentCapability.objects.bulk_create(AgentCapability(agent=made, capability=one) for one in capabilities)
    return made


def pool() -> Pool:
    return Pool.objects.get_or_create(name="main")[0]


def slot(number: int = 1) -> Slot:
    return Slot.objects.get_or_create(pool=pool(), number=number)[0]


def attempt(of: Task, *, by: Agent | None = None, **fields: Any) -> Attempt:
    """A dispatched attempt of a task in phase 1, under the goal's clearance."""
    number = Attempt.objects.filter(task=of).count() + 1
    values: dict[str, Any] = {
        "phase": of.phase,
        "number": number,
        "fence": number,
        "revision": of.revision,
        "lease_until": clock.database_now() + timedelta(seconds=30),
        "dispatched_at": clock.now(),
        **fields,
    }
    if "clearance" not in values:
        values["clearance"] = Clearance.objects.get(goal=of.goal_id, phase=of.phase, revocation__isnull=True)
    return Attempt.objects.create(task=of, goal_id=of.goal_id, agent=by or agent(), **values)


def gate(*, status: str = "pending", phase: int = 1) -> Gate:
    return Gate.objects.create(goal=goal(), phase=phase, code=f"QG-PHASE{phase}", status=status)


def round_(of: Goal) -> Round:
    """The first round of the goal's first gate, reviewing."""
    definitions_seed()
    return round_begin(gate=gates_create(goal=of)[0])


def condition(*, status: str = "open") -> Condition:
    of = goal()
    values = {"text": "Name the owner of the data.", "owner": of.owner, "due_phase": 2}
    return Condition.objects.create(goal=of, round=round_(of), status=status, **values)


def escalation(*, status: str = "open") -> Escalation:
    values = {"kind": "slo", "key": str(uuid.uuid4()), "text": "Too few run at once.", "raised_at": clock.now()}
    return Escalation.objects.create(status=status, **values)
