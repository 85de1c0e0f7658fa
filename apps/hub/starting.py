"""Starting a goal: one person's click makes the plan active and clearance 1, in one transaction."""

from django.db import transaction

from apps.accounts.models import Person
from apps.core import audit, clock, transitions
from apps.core.actors import person_actor
from apps.core.errors import Conflict
from apps.delivery import workspaces
from apps.gates import services as gates
from apps.goals.models import Goal
from apps.hub.merging import REQUIREMENTS, requirements_read
from apps.tasks.models import Plan, SuppliedArtifact, Task
from apps.tasks.services.files import artifacts_accept
from apps.tasks.services.readiness import tasks_make_ready, unmet_recount

PROMPT = "strategic_prompt.txt"


def start(*, goal: Goal, person: Person) -> Goal:
    """Start the proposed plan. Raises ``Conflict`` when there is none."""
    plan = Plan.objects.filter(goal=goal, status="proposed").first()
    if goal.status != "proposed" or plan is None:
        raise Conflict(f"This goal is {goal.status}: only a proposed plan can be started.")
    # The repository first: it is made once, and an unused one harms nobody if the transaction fails.
    digest = workspaces.workspace_create(goal=goal)
    with transaction.atomic():
        _start(goal, plan, person)
        supplied = dict(SuppliedArtifact.objects.filter(goal=goal).values_list("path", "blob_id"))
        artifacts_accept(goal_id=goal.pk, attempt=None, changed={**supplied, PROMPT: digest}, deleted=())
        if REQUIREMENTS in supplied:
            requirements_read(goal=goal, digest=supplied[REQUIREMENTS])
        Goal.objects.filter(pk=goal.pk).update(head=workspaces.workspace_head(goal=goal))
    return goal


def _start(goal: Goal, plan: Plan, person: Person) -> None:
    actor = person_actor(person)
    transitions.move(plan, "active", actor=actor, activated_at=clock.now())
    transitions.move(goal, "running", actor=actor, started_at=clock.now())
    gates.clearance_for_start(goal=goal, plan_id=plan.pk, person=person)
    tasks = Task.objects.filter(plan=plan)
    unmet_recount(tasks=list(tasks.values_list("pk", flat=True)))
    tasks_make_ready(tasks=tasks)
    audit.append(
        actor=actor,
        what="goal.started",
        subject=f"goal:{goal.pk}",
        data={"plan": str(plan.pk), "version": plan.version},
    )


def start_as_asked(*, goal: Goal) -> bool:
    """Start a goal whose submitter asked, from a session, to start the plan as soon as it is proposed."""
    start(goal=goal, person=goal.owner)
    Goal.objects.filter(pk=goal.pk).update(start_when_proposed=False)
    return True
