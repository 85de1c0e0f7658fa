"""Actions on goals: submit, choose an approach, start, pause, resume, cancel, accept, plan anew."""

import uuid
from collections.abc import Mapping

from apps.accounts import policy
from apps.accounts.models import Group, Person
from apps.core import audit, clock, events, transitions
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Conflict, Invalid
from apps.gates import services as gates
from apps.goals import services as goals
from apps.goals.models import Goal
from apps.goals.services import Constraints
from apps.goals.weighing import Weighing
from apps.hub import rewinding, starting
from apps.hub.actions.supply import supply
from apps.planning import replanning, templates
from apps.planning import services as planning
from apps.tasks.models import Approach, Plan


@atomic_again
def goal_submit(
    *,
    person: Person,
    title: str,
    brief: bytes,
    constraints: Constraints,
    start: bool = False,
    group: Group | None = None,
    ask: bool = False,
    weigh: Weighing | None = None,
    first_phase: int = 1,
    supplied: Mapping[str, bytes] | None = None,
    template: uuid.UUID | None = None,
) -> Goal:
    """Take a goal in: its brief is kept byte for byte, its seven gates exist from now on, and planning begins.

    With ``ask``, planning waits for answers (the goal stays a draft) if there are any that would change the plan.
    ``supplied`` are files that people bring along, so that work begins in ``first_phase``. With
    ``template``, the approach of this template is proposed first.
    """
    policy.require(person, "goal.submit")
    if start:
        policy.require(person, "goal.start")
    start_from = templates.template_usable(template_id=template)
    goal = goals.goal_create(
        person=person, title=title, brief=brief, constraints=constraints, start=start, group=group, weigh=weigh
    )
    gates.gates_create(goal=goal)
    if start_from is not None:
        templates.goal_start_from(goal=goal, template=start_from)
    if supplied or first_phase != 1:
        goal = supply(goal=goal, person=person, files=supplied or {}, first_phase=first_phase)
    if ask and planning.goal_understand(goal=goal):
        return goal
    return transitions.move(goal, "planning", actor=person_actor(person))


def goal_start(*, goal: Goal, person: Person) -> Goal:
    """Start the proposed plan: clearance 1 is made in this person's name."""
    policy.require(person, "goal.start", goal)
    return starting.start(goal=goal, person=person)


@atomic_again
def approach_choose(*, approach: Approach, person: Person) -> Plan:
    """Propose the plan of another approach instead of the one that is proposed."""
    goal = Goal.objects.select_for_update(no_key=True).get(pk=approach.goal_id)
    policy.require(person, "goal.start", goal)
    if goal.status != "proposed":
        raise Conflict(f"The goal is {goal.status}: an approach can be chosen while a plan is proposed.")
    plan = planning.plan_from_approach(approach=approach)
    audit.append(
        actor=person_actor(person),
        what="approach.chosen",
        subject=f"goal:{goal.pk}",
        data={"approach": approach.name, "plan": str(plan.pk)},
    )
    return plan


@atomic_again
def goal_pause(*, goal: Goal, person: Person) -> Goal:
    """Dispatch nothing more; what runs finishes and merges. People may vote meanwhile."""
    policy.require(person, "goal.pause", goal)
    return transitions.move(goal, "paused", actor=person_actor(person))


@atomic_again
def goal_resume(*, goal: Goal, person: Person) -> Goal:
    policy.require(person, "goal.resume", goal)
    if goal.status != "paused":
        raise Conflict(f"This goal is {goal.status}; only a paused goal can be resumed.")
    return transitions.move(goal, "running", actor=person_actor(person))


@atomic_again
def goal_cancel(*, goal: Goal, person: Person, why: str = "") -> Goal:
    """End the goal at once: slots free, attempts cancelled, gates closed."""
    policy.require(person, "goal.cancel", goal)
    reason = why.strip() or f"{person} cancelled the goal."
    rewinding.end_goal(goal=goal, why=reason, actor=person_actor(person))
    audit.append(actor=person_actor(person), what="goal.cancelled", subject=f"goal:{goal.pk}", data={"why": reason})
    return goal


@atomic_again
def goal_accept(*, goal: Goal, person: Person) -> Goal:
    """The command group has the deliverable and is content."""
    policy.require(person, "goal.accept", goal)
    if goal.status != "delivered":
        raise Conflict(f"This goal is {goal.status}; only a delivered goal can be accepted.")
    audit.append(actor=person_actor(person), what="goal.accepted", subject=f"goal:{goal.pk}", data={})
    return transitions.move(goal, "accepted", actor=person_actor(person), finished_at=clock.now())


@atomic_again
def goal_replan(
    *, goal: Goal, person: Person, why: str = "", addition: str = "", weigh: Weighing | None = None
) -> Goal:
    """Plan anew from the brief with its additions, corrections and answers.

    Before the start, the plan that is proposed is discarded and the goal goes back to planning. While it runs, its
    status stays: a draft is made on the queue that plans, and nothing changes until a person activates it.
    ``addition`` is added to the brief first, with a number of its own; ``weigh`` is how approaches are searched and
    weighed from now on.
    """
    policy.require(person, "goal.replan", goal)
    events.lock_streams([goal.pk])
    goal = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    if goal.status not in ("proposed", "failed", *replanning.RUNNING):
        raise Conflict(
            f"This goal is {goal.status}. It can be planned anew while its plan is proposed or runs, "
            "or after planning failed."
        )
    if addition.strip():
        _add_to_brief(goal, person, addition.strip())
    if weigh is not None:
        goal = goals.goal_weigh(goal=goal, person=person, weigh=weigh)
    if goal.status in replanning.RUNNING:
        return replanning.replan_ask(goal=goal, person=person, why=why.strip())
    transitions.move_many(Plan.objects.filter(goal=goal, status="proposed"), "discarded", actor=person_actor(person))
    return transitions.move(goal, "planning", actor=person_actor(person), failure="")


def _add_to_brief(goal: Goal, person: Person, addition: str) -> None:
    try:
        goals.brief_add(goal=goal, person=person, content=addition.encode())
    except Invalid as error:
        raise Invalid({"addition": error.fields.get("brief", error.detail)}) from error
