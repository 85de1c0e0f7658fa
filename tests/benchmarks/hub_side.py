"""The hub's side of the measurement: a goal whose plan is the graph, started as a person would start it."""

import time
import uuid

from django.db import transaction

from apps.accounts.models import Person
from apps.agents.models import Agent, AgentCapability
from apps.core import clock, transitions
from apps.gates import services as gates
from apps.goals.models import Goal
from apps.goals.services import Constraints, goal_create
from apps.hub.actions import goal_cancel, goal_start
from apps.tasks.models import Edge, Plan, Pool, Task
from tests.benchmarks.graphs import Graph

CAPABILITY = "bench.noop"


def agent_ensure() -> None:
    agent, fresh = Agent.objects.get_or_create(
        slug="bench-noop",
        defaults={
            "name": "No-operation agent",
            "runtime": "local",
            "config": {"entry": "noop"},
            "status": Agent.lifecycle.initial,
            "max_concurrent": 50,
        },
    )
    if fresh:
        AgentCapability.objects.create(agent=agent, capability=CAPABILITY)


@transaction.atomic
def propose(graph: Graph, person: Person) -> Goal:
    """A goal with a proposed plan of these tasks, all in phase 1."""
    goal = goal_create(person=person, title=graph.name, brief=b"Measure the hub.", constraints=Constraints())
    gates.gates_create(goal=goal)
    transitions.move(goal, "planning")
    plan = Plan.objects.create(
        goal=goal, version=1, status="draft", slots=10, critical_minutes=1, created_at=clock.now()
    )
    tasks = [
        Task(
            goal=goal, plan=plan, key=f"t{number}", phase=1, position=number, title=f"Task {number}",
            capability=CAPABILITY, status=Task.lifecycle.initial,
        )
        for number in range(graph.nodes)
    ]  # fmt: skip
    Task.objects.bulk_create(tasks)
    Edge.objects.bulk_create(
        Edge(plan=plan, producer=tasks[producer], consumer=tasks[consumer], artifact="x")
        for producer, consumer in graph.edges
    )
    transitions.move(plan, "proposed")
    return transitions.move(goal, "proposed")


def run_graph(graph: Graph, seconds: float = 120) -> float:
    """Run the graph through the hub; returns how long it took from the start of the plan, in seconds."""
    person = Person.objects.filter(role="admin").order_by("date_joined").first()
    assert person is not None
    goal = propose(graph, person)
    began = time.perf_counter()
    goal_start(goal=goal, person=person)
    while done(goal.pk) < graph.nodes:
        if time.perf_counter() - began > seconds:
            raise TimeoutError(f"the hub did not finish {graph.name}: {done(goal.pk)} of {graph.nodes}")
        time.sleep(0.05)
    took = time.perf_counter() - began
    goal.refresh_from_db()
    goal_cancel(goal=goal, person=person, why="measured")
    return took


def done(goal: uuid.UUID) -> int:
    return Task.objects.filter(goal=goal, status="completed", kind="work").count()


def slots() -> int:
    return Pool.objects.get(name="main").slots
