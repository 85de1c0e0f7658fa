"""Tasks: look, and help one along."""

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Query, Router

from apps.api import queries
from apps.api.auth import person_of
from apps.api.paging import Page, Paging, page
from apps.api.schemas.drafts import TaskChangeIn
from apps.api.schemas.goals import Why
from apps.api.schemas.plans import ReassignIn, TaskOut, TaskRow
from apps.core.errors import Invalid, NotThere
from apps.engine.lifecycle import TASK
from apps.hub import actions

router = Router(tags=["tasks"])


@router.get("/goals/{goal_id}/tasks", response=Page[TaskRow], summary="List a goal's tasks")
def task_list(
    request: HttpRequest,
    goal_id: uuid.UUID,
    paging: Paging,
    phase: Annotated[int | None, Query(ge=1, le=7)] = None,
    status: Annotated[str, Query(max_length=24, pattern="^[a-z]*$")] = "",
) -> Any:
    """The tasks of the plan in force (and its reviews), by phase and planned place."""
    plan = queries.plan_of(queries.goal(goal_id).pk)
    rows = queries.tasks().filter(plan=plan.pk)
    if status and status not in TASK.statuses:
        raise Invalid({"status": f"A task is one of: {', '.join(TASK.statuses)}."})
    rows = rows.filter(**({"phase": phase} if phase else {}), **({"status": status} if status else {}))
    return page(rows, paging, order=["phase", "position", "id"])


@router.get("/tasks/{task_id}", response=TaskOut, summary="Get a task")
def task_get(request: HttpRequest, task_id: uuid.UUID) -> Any:
    """The whole task: its attempts, what it needs and what it feeds."""
    return queries.task_whole(task_id)


@router.patch("/tasks/{task_id}", response=TaskOut, summary="Change a task that was not begun")
def task_change(request: HttpRequest, task_id: uuid.UUID, payload: TaskChangeIn) -> Any:
    """Of the proposed or active plan, which is computed anew with it. What changes the graph is an edit of a draft."""
    task = queries.one(queries.tasks().select_related("goal"), "task", pk=task_id)
    actions.task_change(task=task, person=person_of(request), change=payload.dict(exclude_unset=True))
    return queries.task_whole(task_id)


@router.get("/tasks/{task_id}/packet", response=dict[str, Any], summary="Get the newest task_packet.json")
def task_packet(request: HttpRequest, task_id: uuid.UUID) -> Any:
    """What the agent of the newest attempt was given."""
    task = queries.one(queries.tasks(), "task", pk=task_id)
    newest = task.attempts.order_by("-dispatched_at", "-number").first()
    if newest is None or not newest.packet:
        raise NotThere("This task has not been given to an agent yet, so there is no packet.")
    return newest.packet


@router.post("/tasks/{task_id}/retry", response=TaskOut, summary="Try a task again")
def task_retry(request: HttpRequest, task_id: uuid.UUID) -> Any:
    """An escalated task, or one that is backing off, is tried at once; its count of failures begins again."""
    task = queries.one(queries.tasks(), "task", pk=task_id)
    actions.task_retry(task=task, person=person_of(request))
    return queries.task_whole(task_id)


@router.post("/tasks/{task_id}/reassign", response=TaskOut, summary="Give a task to another agent")
def task_reassign(request: HttpRequest, task_id: uuid.UUID, payload: ReassignIn) -> Any:
    """The next attempt is made by this agent."""
    task = queries.one(queries.tasks(), "task", pk=task_id)
    agent = queries.agents().filter(slug=payload.agent).first()
    if agent is None:
        raise Invalid({"agent": f"There is no agent '{payload.agent}'."})
    actions.task_reassign(task=task, agent=agent, person=person_of(request))
    return queries.task_whole(task_id)


@router.post("/tasks/{task_id}/cancel", response=TaskOut, summary="Cancel a task")
def task_cancel(request: HttpRequest, task_id: uuid.UUID, payload: Annotated[Why | None, Body()] = None) -> Any:
    """Takes the tasks that need its output along."""
    task = queries.one(queries.tasks(), "task", pk=task_id)
    actions.task_cancel(task=task, person=person_of(request), why=payload.why if payload else "")
    return queries.task_whole(task_id)
