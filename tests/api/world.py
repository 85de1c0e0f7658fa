"""What the API is tried on: a goal with a proposed plan of seven phases, an agent, and a pool."""

from dataclasses import dataclass

from apps.accounts.models import Person
from apps.agents.models import Agent
from apps.agents.registry import capabilities_set
from apps.core import clock, transitions
from apps.gates import definitions
from apps.gates import services as gates
from apps.gates.models import Gate
from apps.goals.intake import Constraints
from apps.goals.models import Goal
from apps.goals.services import goal_create
from apps.planning.storing import plan_store
from apps.tasks.models import Approach, Artifact, Attempt, Blob, Exploration, Plan, Pool, Slot, Task
from apps.tasks.services.readiness import tasks_make_ready
from tests.planning.blueprints import blueprint

BRIEF = "Keep a list of books.\nA librarian adds a book."


@dataclass
class World:
    goal: Goal
    plan: Plan
    approaches: list[Approach]
    agent: Agent
    pool: Pool

    @property
    def task(self) -> Task:
        return self.plan.tasks.get(key="p1-0")

    @property
    def gate(self) -> Gate:
        return Gate.objects.get(goal=self.goal, phase=1)

    def start(self) -> "World":
        """Running: clearance 1 is there, the first task is ready."""
        transitions.move(self.plan, "active", activated_at=clock.now())
        transitions.move(self.goal, "running", started_at=clock.now())
        gates.clearance_for_start(goal=self.goal, plan_id=self.plan.pk, person=self.goal.owner)
        tasks_make_ready(tasks=Task.objects.filter(plan=self.plan))
        return self

    def attempt(self) -> Attempt:
        """A running attempt of the first task, in slot 1."""
        task = self.task
        attempt = Attempt.objects.create(
            task=task,
            goal=self.goal,
            phase=1,
            clearance=self.goal.clearances.get(phase=1),
            agent=self.agent,
            slot=Slot.objects.get(number=1),
            status="dispatched",
            number=1,
            revision=1,
            fence=1,
            lease_until=clock.now(),
            packet={"schema": "task_packet/1", "task": {"id": str(task.pk)}},
            why="the only one",
            dispatched_at=clock.now(),
        )
        transitions.move(task, "dispatched")
        transitions.move(task, "running", started_at=clock.now())
        return transitions.move(attempt, "running", started_at=clock.now())

    def artifact(self, path: str = "docs/a.md", content: bytes = b"# A\n") -> Artifact:
        digest = f"{len(content):064x}"
        Blob.objects.create(sha256=digest, content=content, size=len(content))
        return Artifact.objects.create(
            goal=self.goal, path=path, sha256=digest, size=len(content), at=clock.now(), task=self.task
        )


def world_made(owner: Person) -> World:
    definitions.definitions_seed()
    pool, _ = Pool.objects.get_or_create(name="main")
    Slot.objects.bulk_create([Slot(pool=pool, number=n) for n in range(1, pool.slots + 1)], ignore_conflicts=True)
    agent, _ = Agent.objects.get_or_create(
        slug="builder", defaults={"name": "Builder", "runtime": "local", "status": "active"}
    )
    capabilities_set(agent=agent, capabilities=["backend.feature"])
    goal = goal_create(person=owner, title="Books", brief=BRIEF.encode(), constraints=Constraints())
    gates.gates_create(goal=goal)
    transitions.move(goal, "planning")
    exploration = Exploration.objects.create(goal=goal, created_at=clock.now(), why="it is faster", tree={"root": {}})
    approaches = [
        Approach.objects.create(goal=goal, exploration=exploration, number=n, name=f"way {n}", blueprint=blueprint())
        for n in (1, 2, 3)
    ]
    plan = plan_store(goal=goal, approach=approaches[0])
    transitions.move(goal, "proposed")
    return World(goal, plan, approaches, agent, pool)
