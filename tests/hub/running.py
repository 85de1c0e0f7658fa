"""A running goal whose work and gates a test brings to where it needs them, by the services that the hub uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps.accounts.models import Person
from apps.agents.models import Agent, AgentCapability
from apps.core import clock
from apps.gates import services as gates
from apps.gates.definitions import definitions_seed
from apps.gates.guards import verify_now
from apps.gates.models import Gate, Round
from apps.gates.results import CheckResult
from apps.goals.models import Goal
from apps.hub import activating, decisions, evidence, merging, starting
from apps.hub.allocation import allocate
from apps.hub.foreseeing import foresee, why_not
from apps.planning import drafts, storing
from apps.tasks.models import Attempt, Plan, Task, Worker
from apps.tasks.services.attempts import Finished, attempts_begin, attempts_succeed
from apps.tasks.services.files import tree_store
from apps.tasks.services.pool import slots_ensure
from tests import factories
from tests.planning.blueprints import task_of

CAPABILITY = "backend.feature"


def blueprint(*tasks: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A blueprint of these tasks, its edges read off what they consume and produce."""
    made = {path: task["key"] for task in tasks for path in task["produces"]}
    edges = [
        {"producer": made[path], "consumer": task["key"], "artifact": path}
        for task in tasks
        for path in task["consumes"]
        if path in made
    ]
    rows = [{**task, "position": position} for position, task in enumerate(tasks)]
    figures = {"slots": 10, "minutes": 14.0, "lower_bound_minutes": 14.0, "proven": True, "critical_minutes": 14.0}
    return {**figures, "cost": "12.50", "notes": {}, "tasks": rows, "edges": edges, **changes}


def work(key: str, phase: int, *needs: str, **changes: Any) -> dict[str, Any]:
    """A task that needs these tasks' files and leaves ``<key>.txt``."""
    given = {"consumes": [f"{one}.txt" for one in needs], "produces": [f"{key}.txt"], **changes}
    return task_of(key, phase, 0, **given)


def digest_of(plan: Plan) -> str:
    """What the page of this draft shows now stands for; '' where it can't be activated."""
    goal = Goal.objects.get(pk=plan.goal_id)
    standing = Plan.objects.filter(goal=goal, status="active").first()
    draft = Plan.objects.select_related("base", "goal").get(pk=plan.pk)
    if standing is None or why_not(goal, draft, standing):
        return ""
    return foresee(goal=goal, draft=draft, standing=standing).digest


def plan_activate(*, plan: Plan, person: Person) -> Plan:
    """Look at what it would do, and do just that."""
    return activating.plan_activate(plan=plan, person=person, digest=digest_of(plan))


@dataclass
class Running:
    """A goal under way. ``agent`` can do everything."""

    goal: Goal
    person: Person
    agent: Agent

    @classmethod
    def begin(cls, plan: Mapping[str, Any], **fields: Any) -> "Running":
        definitions_seed()
        AgentCapability.objects.all().delete()
        slots_ensure(pool=factories.pool())
        Worker.objects.get_or_create(name="here", defaults={"capacity": 10, "seen_at": clock.database_now()})
        agent = factories.agent(capabilities=[CAPABILITY, "backend.assembly"], max_concurrent=50)
        goal = factories.goal(status="proposed", **fields)
        goal.briefs.create(number=1, content=b"Do it.", sha256="0" * 64, added_by=goal.owner, added_at=clock.now())
        gates.gates_create(goal=goal)
        proposed = factories.plan(goal, status="proposed", **storing.plan_columns(plan))
        storing.tasks_store(proposed, plan["tasks"], plan["edges"])
        starting.start(goal=goal, person=goal.owner)
        # What the database checks at the commit is checked now: tests may go on in the same transaction.
        verify_now()
        goal.refresh_from_db()
        return cls(goal, goal.owner, agent)

    @property
    def plan(self) -> Plan:
        return Plan.objects.get(goal=self.goal, status="active")

    def task(self, key: str) -> Task:
        """The task of the active plan with this key."""
        return Task.objects.get(plan__status="active", goal=self.goal, key=key)

    def statuses(self) -> dict[str, str]:
        """The work of the active plan: status by key."""
        rows = Task.objects.filter(plan__status="active", goal=self.goal, kind="work")
        return dict(rows.values_list("key", "status"))

    def gates(self) -> str:
        """The first letters of the gates' statuses, in order."""
        return "".join(status[0] for status in self.goal.gates.order_by("phase").values_list("status", flat=True))

    def cleared(self) -> list[int]:
        found = self.goal.clearances.filter(revocation__isnull=True).order_by("phase")
        return list(found.values_list("phase", flat=True))

    def dispatch(self, *keys: str) -> list[Attempt]:
        """Give slots to what is ready; the attempts of these tasks run."""
        allocate()
        rows = Attempt.objects.filter(goal=self.goal, task__key__in=keys, status="dispatched")
        begun = attempts_begin(attempts=list(rows.values_list("pk", flat=True)), worker="here", lease_seconds=30)
        head = Goal.objects.values_list("head", flat=True).get(pk=self.goal.pk)
        Attempt.objects.filter(pk__in=begun).update(base=head, packet={"inputs": [], "feedback": []})
        found = {row.task.key: row for row in Attempt.objects.filter(pk__in=begun).select_related("task")}
        return [found[key] for key in keys]

    def succeed(self, attempt: Attempt, text: str = "") -> None:
        """The attempt comes back with its files; nothing is merged yet."""
        content = (text or f"{attempt.task.key}, revision {attempt.revision}").encode()
        changed = tree_store(tree=dict.fromkeys(attempt.task.produces, content))
        attempts_succeed(results={attempt.pk: Finished(changed=changed)})

    def finish(self, *keys: str, text: str = "") -> None:
        """Do these tasks, one after the other, and merge them."""
        for key in keys:
            [attempt] = self.dispatch(key)
            self.succeed(attempt, text)
            merging.merge_waiting(goal_id=self.goal.pk)

    def open_gate(self, phase: int) -> Round:
        """A round with frozen evidence, all of its blocking checks passed."""
        live = gates.round_begin(gate=Gate.objects.get(goal=self.goal, phase=phase))
        checks = [CheckResult(name, "passed", f"{name} says so.") for name in live.rule["blocking"]]
        gates.checks_store(round=live, checks=checks)
        head = Goal.objects.values_list("head", flat=True).get(pk=self.goal.pk)
        frozen = evidence.evidence_for(goal=self.goal, round=live, checks=checks, tree=head)
        return gates.evidence_freeze(round=live, evidence=frozen, tree=head)

    def vote(self, live: Round, verdict: str = "approve") -> None:
        gates.vote_cast(
            person=self.person,
            gate=live.gate,
            verdict=verdict,
            evidence_digest=live.evidence_digest,
            signed_in_at=clock.now(),
        )

    def settle(self, phase: int) -> bool:
        """Settle as if the window to take it back were over."""
        with clock.at(clock.now() + timedelta(seconds=3700)):
            return decisions.settle(goal=self.goal, phase=phase)

    def pass_gate(self, *phases: int) -> None:
        for phase in phases:
            self.vote(self.open_gate(phase))
            assert self.settle(phase)

    def draft(self, plan: Mapping[str, Any], **changes: Any) -> Plan:
        given = {"origin": "edit", "base": self.plan, "person": self.person, "why": "It should be otherwise."}
        return drafts.draft_create(goal=self.goal, blueprint=plan, **{**given, **changes})
