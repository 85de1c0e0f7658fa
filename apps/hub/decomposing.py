"""An agent answers that its task is too large: the task waits, and people get a draft in which it is split.

Nothing of what the agent proposes runs before a person activates that draft. Discarding it makes the task ready again,
and the next packet's hand-off says what was asked for.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from apps.accounts.models import Person
from apps.core import audit, clock, events, transitions
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Invalid, Unprocessable
from apps.goals.models import Goal
from apps.inbox import services as inbox
from apps.inbox.models import Escalation
from apps.planning import drafts
from apps.planning.drafts_rules import rules_for
from apps.tasks.models import Attempt, Plan, PlanEdition, Task
from apps.tasks.services.attempts import agent_actor

# Where a draft's blueprint says which task it splits.
SPLITS = "decomposes"
_KEY = "decomposition:"


def ask(*, attempt: Attempt, reason: str, parts: Sequence[Mapping[str, Any]], cost: Decimal) -> str:
    """Take an agent's word that its task needs to be split. Returns why that can't be done, in words; '' when it was.

    An attempt that is no longer live changes nothing.
    """
    standing = Plan.objects.filter(goal=attempt.goal_id, status="active").first()
    if standing is None or standing.pk != attempt.task.plan_id or attempt.task.kind != "work":
        return "Only a task of the active plan can be split."
    try:
        blueprint = _split(attempt, standing, parts)
    except (Invalid, Unprocessable) as error:
        return f"It asked for its task to be split in a way that can't be: {error.detail}"
    _wait(attempt, standing, blueprint, reason, cost)
    return ""


def _split(attempt: Attempt, standing: Plan, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The active plan with the parts in the task's place: pure but for reading, so before any lock."""
    key = attempt.task.key
    rules = rules_for(goal=attempt.goal, person=None)
    # The task itself runs, which is why nobody else may edit it now.
    rules = replace(rules, by=attempt.agent.name, locked={one: why for one, why in rules.locked.items() if one != key})
    operation = {"kind": "split", "task": key, "parts": [dict(part) for part in parts], "in_order": False}
    found = drafts.edited(drafts.blueprint_of(standing), operation, rules)
    return {**found.blueprint, SPLITS: key}


@atomic_again
def _wait(attempt: Attempt, standing: Plan, blueprint: Mapping[str, Any], reason: str, cost: Decimal) -> None:
    events.lock_streams([attempt.goal_id])
    moved = transitions.move_many(
        Attempt.objects.filter(pk=attempt.pk, status="running", fence=attempt.fence),
        "waiting",
        actor=agent_actor(attempt),
        data={"reason": reason[:500]},
        finished_at=clock.now(),
        error=f"It asked for the task to be split: {reason}",
        cost=F("cost") + cost,
    )
    if not moved:
        return
    if not Plan.objects.filter(pk=standing.pk, status="active").exists():
        # The plan was replaced meanwhile: the task of the new one is tried as it is.
        transitions.move_many(Task.objects.filter(pk=attempt.task_id, status="running"), "waiting")
        _ready(Task.objects.filter(pk=attempt.task_id))
        return
    transitions.move_many(
        Task.objects.filter(pk=attempt.task_id, status="running"),
        "waiting",
        data={"reason": reason[:500]},
        wait_reason="person",
        wait_detail=f"{attempt.agent.name} asks to have it split: {reason}"[:300],
    )
    draft = drafts.draft_create(
        goal=attempt.goal, origin="decomposition", base=standing, blueprint=blueprint, person=None, why=reason
    )
    inbox.escalation_raise(
        goal=attempt.goal,
        task=attempt.task,
        kind="decomposition",
        key=key_of(draft.pk),
        text=f"{attempt.agent.name} asks to have “{attempt.task.title}” split: {reason[:300]}",
        what_to_do=f"Look at version {draft.version} of the plan, a draft: activate it, edit it, or discard it. "
        "Discarded, or resolved here with your words for the agent, the task is tried again as it is.",
    )


def key_of(plan_id: uuid.UUID) -> str:
    """The key of the escalation about a draft that splits a task."""
    return f"{_KEY}{plan_id}"


@atomic_again
def answered_by_hand(*, escalation: Escalation, person: Person) -> None:
    """A person resolved it without activating or discarding the draft: the task is tried again with what they said.

    The draft is discarded with that, and the next packet's hand-off has their words. One that was activated or
    discarded meanwhile changes nothing.
    """
    events.lock_streams([escalation.stream_id])
    plan_id = escalation.key.removeprefix(_KEY)
    discarded = transitions.move_many(
        Plan.objects.filter(pk=plan_id, goal=escalation.goal_id, status="draft", origin="decomposition"),
        "discarded",
        actor=person_actor(person),
        data={"why": escalation.resolution},
    )
    task = Task.objects.filter(escalations=escalation, status="waiting", wait_reason="person")
    if not discarded or not task.exists():
        return
    asked = Attempt.objects.filter(task=escalation.task_id, status="waiting").order_by("-number").first()
    if asked is not None:
        words = f"{asked.error} It was not split. {person} said: {escalation.resolution}"
        Attempt.objects.filter(pk=asked.pk).update(error=words)
    told = {"plan": plan_id, "why": escalation.resolution}
    audit.append(actor=person_actor(person), what="plan.discarded", subject=f"plan:{plan_id}", data=told)
    _ready(task)


@atomic_again
def release(*, goal_id: uuid.UUID) -> list[Any]:
    """Tasks whose split nobody thinks about any more, because the draft was discarded, are ready again."""
    waiting = Task.objects.filter(goal=goal_id, kind="work", status="waiting", wait_reason="person")
    if not waiting.exists():
        return []
    open_drafts = PlanEdition.objects.filter(
        plan__goal=goal_id, plan__status="draft", plan__origin="decomposition", number=0
    )
    thought_about = set(open_drafts.values_list(f"blueprint__{SPLITS}", flat=True))
    asked = Attempt.objects.filter(task=OuterRef("pk"), status="waiting")
    over = waiting.filter(Exists(asked)).exclude(key__in=thought_about)
    found = list(over.values_list("pk", flat=True))
    discarded = Plan.objects.filter(goal=goal_id, origin="decomposition", status="discarded")
    inbox.escalations_expire(
        keys=[key_of(plan) for plan in discarded.values_list("pk", flat=True)],
        why="The draft was discarded; the task is tried again as it is.",
    )
    return _ready(Task.objects.filter(pk__in=found))


def _ready(tasks: QuerySet[Task]) -> list[Any]:
    return transitions.move_many(
        tasks, "ready", ready_at=clock.now(), not_before=None, wait_reason="slot", wait_detail=""
    )


def goals_waiting() -> QuerySet[Goal]:
    """Goals in which a task waits for people to think about its split (the sweeper looks whether they have)."""
    waiting = Task.objects.filter(goal=OuterRef("pk"), status="waiting", wait_reason="person")
    return Goal.objects.filter(Exists(waiting), status__in=["running", "paused"])
