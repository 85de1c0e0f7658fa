"""Activating a draft while its goal runs: one person's click, one transaction (design §4, "Replanning").

Plans are swapped and the goal's status is not touched. What was decided on the old plan is not carried over to another:
live rounds are superseded, and from the first phase that changes after its gate had passed, gates are passed anew.
"""

from typing import Any

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, clock, events, transitions
from apps.core.actors import Actor, person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Conflict, StaleDifference
from apps.delivery import workspaces
from apps.gates import services as gates
from apps.goals.models import Goal
from apps.hub import rounds
from apps.hub.decomposing import key_of
from apps.hub.foreseeing import Foreseen, activator, foresee, why_not
from apps.inbox import services as inbox
from apps.planning import replanning, storing, succession
from apps.tasks.models import Plan, Task
from apps.tasks.services.files import artifacts_accept
from apps.tasks.services.readiness import tasks_make_ready


@atomic_again
def plan_activate(*, plan: Plan, person: Person, digest: str) -> Plan:
    """Make this draft the active plan of its running goal. Only a person's own session does (promise 2).

    ``digest`` is that of what the person saw (``Foreseen.digest``). A second click of the same person finds it done.
    Raises ``Conflict`` with words where the goal does not run, where another version is active by now, or where
    somebody else was first; ``StaleDifference`` with what it would do now, where that is another thing.
    """
    policy.require(person, "plan.activate", plan.goal)
    # The stream first, as everybody who writes events of this goal: votes, merges and dispatches wait here.
    events.lock_streams([plan.goal_id])
    goal = Goal.objects.select_for_update(no_key=True).get(pk=plan.goal_id)
    draft = Plan.objects.select_related("base").select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    if draft.status == "active" and activator(draft).get("id") == str(person.pk):
        return draft
    standing = Plan.objects.filter(goal=goal, status="active").first()
    refusal = why_not(goal, draft, standing)
    if refusal or standing is None:
        raise Conflict(refusal)
    seen = foresee(goal=goal, draft=draft, standing=standing)
    if digest != seen.digest:
        raise StaleDifference(
            f"What activating version {draft.version} would do has changed since you saw it, so it was not activated. "
            "Look at what it would do now, then decide.",
            activation=seen.as_dict(),
            difference=seen.difference.as_dict(),
            digest=seen.digest,
        )
    why = f"Version {draft.version} of the plan was activated by {person}."
    with events.together([goal.pk]):
        _activate(goal, draft, standing, seen, person_actor(person), person, why)
    return draft


def _activate(goal: Goal, draft: Plan, standing: Plan, seen: Foreseen, actor: Actor, person: Person, why: str) -> None:
    _gates_reopen(goal, seen, actor, why)
    _plans_swap(draft, standing, seen, actor)
    escalated = list(Task.objects.filter(plan=standing, kind="work", status="escalated").values_list("pk", flat=True))
    succession.tasks_succeed(old=standing, new=draft, blueprint=seen.after, view=seen.outlook, actor=actor, why=why)
    if seen.first_phase:
        _phases_stop(goal, seen.first_phase, actor, why)
    # Dropped, or begun anew: nobody has to decide about these any more.
    inbox.escalations_overtaken(
        tasks=Task.objects.filter(pk__in=escalated).exclude(status="escalated"), person=person, resolution=why
    )
    facts = seen.after.get("facts")
    if facts:
        Goal.objects.filter(pk=goal.pk).update(facts=facts)
    _files_remove(goal, seen.files, why)
    _drafts_outdated(goal, draft, actor)
    tasks_make_ready(tasks=Task.objects.filter(plan=draft, kind="work"), streams=[goal.pk])
    _tell(goal, draft, standing, seen, actor)


def _gates_reopen(goal: Goal, seen: Foreseen, actor: Actor, why: str) -> None:
    """Live rounds were about the old plan. Gates from the first changed phase on have to pass again; nobody's
    clearance lets a later phase run meanwhile. The clearance of the first changed phase itself stays."""
    for live in seen.rounds:
        rounds.reviews_end(live, actor, why)
        gates.round_supersede(round=live, why=why, actor=actor)
    if seen.first_phase:
        gates.gates_reopen(goal=goal, from_phase=seen.first_phase, to_phase=7, actor=actor, why=why)
        gates.clearances_revoke(goal=goal, from_phase=seen.first_phase + 1, to_phase=8, actor=actor, why=why)


def _plans_swap(draft: Plan, standing: Plan, seen: Foreseen, actor: Actor) -> None:
    succession.blueprint_freeze(plan=standing, blueprint=seen.before)
    transitions.move(standing, "superseded", actor=actor, data={"version": standing.version, "by": str(draft.pk)})
    told = {"version": draft.version, "from": standing.version}
    transitions.move(draft, "proposed", actor=actor, data={"version": draft.version})
    transitions.move(
        draft,
        "active",
        actor=actor,
        data=told,
        activated_at=clock.now(),
        approach_id=draft.approach_id or standing.approach_id,
        **storing.plan_columns(seen.after),
    )


def _phases_stop(goal: Goal, first: int, actor: Actor, why: str) -> None:
    """Nothing of a later phase goes on without its clearance; finished work of it stays finished."""
    later = Task.objects.filter(goal=goal, phase__gt=first, plan__status="active")
    under_way = later.filter(status__in=succession.UNDER_WAY)
    succession.attempts_cancel(tasks=list(under_way.values_list("pk", flat=True)), actor=actor, why=why)
    transitions.move_many(under_way.filter(kind="review"), "cancelled", actor=actor, data={"why": why})
    transitions.move_many(
        under_way.filter(kind="work"), "blocked", actor=actor, data={"why": why}, wait_reason="gate", wait_detail=""
    )


def _files_remove(goal: Goal, files: tuple[str, ...], why: str) -> None:
    """Files that no task promises any more leave the workspace by a commit; history keeps them."""
    if not files:
        return
    artifacts_accept(goal_id=goal.pk, attempt=None, changed={}, deleted=files)
    workspaces.workspace_remove(goal=goal, paths=files, why=why)


def _drafts_outdated(goal: Goal, draft: Plan, actor: Actor) -> None:
    """Splits that agents asked for were made from the plan that has ended: their tasks go on, and may ask again."""
    old = Plan.objects.filter(goal=goal, status="draft", origin="decomposition", base=draft.base_id)
    gone = transitions.move_many(old.exclude(pk=draft.pk), "discarded", actor=actor, streams=[goal.pk])
    waiting = Task.objects.filter(plan=draft, kind="work", status="waiting", wait_reason="person")
    transitions.move_many(waiting, "ready", streams=[goal.pk], ready_at=clock.now(), wait_reason="slot", wait_detail="")
    inbox.escalations_expire(
        keys=[*map(key_of, [*gone, draft.pk]), replanning.key_of(goal.pk)],
        why=f"Version {draft.version} of the plan is active.",
    )


def _tell(goal: Goal, draft: Plan, standing: Plan, seen: Foreseen, actor: Actor) -> None:
    data: dict[str, Any] = {
        "plan": str(draft.pk),
        "version": draft.version,
        "from": standing.version,
        "difference": seen.difference.sentence,
        "reopened": [task.key for task in seen.reopened],
        "gates": [gate.code for gate in seen.gates],
        "revoked": [one.phase for one in seen.revoked],
        "files": list(seen.files),
        "patched": [one.key for one in seen.patched],
        "digest": seen.digest,
    }
    audit.append(actor=actor, what="plan.activated", subject=f"goal:{goal.pk}", data=data)
    # The name begins with "goal.", so the hub looks at the whole goal.
    events.record(events.Happening(goal.pk, "goal.replanned", f"goal:{goal.pk}", data), actor=actor)
