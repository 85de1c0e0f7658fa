"""Actions on tasks: try again, give to another agent, skip, cancel."""

import uuid
from collections.abc import Collection
from typing import Any

from apps.accounts import policy
from apps.accounts.models import Person
from apps.agents.models import Agent
from apps.core import clock, transitions
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Conflict, Unprocessable
from apps.inbox import services as inbox
from apps.tasks.models import Attempt, Edge, Task
from apps.tasks.services.attempts import attempts_end
from apps.tasks.services.readiness import successors_free

UNFINISHED_WAITING = ("retrying", "escalated")


@atomic_again
def task_retry(*, task: Task, person: Person) -> Task:
    """Try an escalated task anew, or one that is backing off at once. Its count of failures begins again."""
    policy.require(person, "task.retry", task)
    if task.status not in UNFINISHED_WAITING:
        raise Conflict(f"This task is {task.status}; one that is escalated or backing off can be tried again.")
    transitions.move(
        task,
        "ready",
        actor=person_actor(person),
        revision=task.revision + 1,
        failures=0,
        not_before=None,
        ready_at=clock.now(),
        wait_reason="slot",
        wait_detail="",
    )
    inbox.escalations_close(task=task, person=person, resolution="It is tried again.")
    return task


@atomic_again
def task_reassign(*, task: Task, agent: Agent, person: Person) -> Task:
    """Have the next attempt made by this agent; a live attempt is cancelled."""
    policy.require(person, "task.reassign", task)
    if not agent.capabilities.filter(capability=task.capability).exists():
        raise Unprocessable(f"{agent.name} can't do {task.capability}: choose an agent with that capability.")
    if task.status in ("completed", "skipped", "cancelled", "merging"):
        raise Conflict(f"This task is {task.status}: there is no next attempt to give to anybody.")
    Task.objects.filter(pk=task.pk).update(wanted_agent=agent)
    task.wanted_agent = agent
    _end_attempts([task.pk], person, f"It was given to {agent.name}.")
    task.refresh_from_db()
    if task.status in ("dispatched", "running"):
        transitions.move(
            task, "retrying", actor=person_actor(person), not_before=clock.now(), wait_reason="backoff", wait_detail=""
        )
        transitions.move(task, "ready", actor=person_actor(person), ready_at=clock.now(), wait_reason="slot")
    elif task.status in UNFINISHED_WAITING:
        task_retry(task=task, person=person)
    return task


def consumers_of(task_id: uuid.UUID) -> list[uuid.UUID]:
    """Every unfinished task that needs this one's output, directly or through others."""
    seen: set[uuid.UUID] = set()
    front = {task_id}
    while front:
        # An edge without an artifact is an order only: who comes after it does not need it.
        edges = Edge.objects.filter(producer__in=front).exclude(artifact="")
        edges = edges.exclude(consumer__status__in=["completed", "skipped", "cancelled"])
        front = set(edges.values_list("consumer_id", flat=True)) - seen
        seen |= front
    return sorted(seen)


@atomic_again
def task_cancel(*, task: Task, person: Person, why: str = "") -> Task:
    """Leave this task out, and with it every task that needs its output."""
    policy.require(person, "task.cancel", task)
    reason = why.strip() or f"{person} cancelled it."
    ids = [task.pk, *consumers_of(task.pk)]
    _end_attempts(ids, person, reason)
    moved = transitions.move_many(
        Task.objects.filter(pk__in=ids), "cancelled", actor=person_actor(person), data={"why": reason}
    )
    if task.pk not in moved:
        raise Conflict(f"This task is {task.status}: it can't be cancelled any more.")
    inbox.escalations_close(task=task, person=person, resolution=reason)
    successors_free(producers=moved)
    task.refresh_from_db()
    return task


@atomic_again
def task_skip(*, task: Task, person: Person, why: str = "") -> Task:
    """Go on without an escalated task; tasks that need its output are cancelled with it."""
    policy.require(person, "task.cancel", task)
    reason = why.strip() or f"{person} skipped it."
    if task.status != "escalated":
        raise Conflict(f"This task is {task.status}; only an escalated task can be skipped.")
    consumers = consumers_of(task.pk)
    transitions.move(task, "skipped", actor=person_actor(person), data={"why": reason})
    _end_attempts(consumers, person, reason)
    moved = transitions.move_many(
        Task.objects.filter(pk__in=consumers), "cancelled", actor=person_actor(person), data={"why": reason}
    )
    inbox.escalations_close(task=task, person=person, resolution=reason)
    successors_free(producers=[task.pk, *moved])
    return task


def _end_attempts(tasks: Collection[Any], person: Person, why: str) -> None:
    live = Attempt.objects.filter(task__in=tasks, status__in=["dispatched", "running"])
    ids = list(live.values_list("pk", flat=True))
    attempts_end(attempts=ids, status="cancelled", error=why, actor=person_actor(person))
