"""The page of a task, and what people do with one."""

import uuid
from collections.abc import Callable, Mapping

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import Person
from apps.agents.models import Agent
from apps.core.errors import Invalid, NotThere
from apps.dashboard.live.topics import goal_topic
from apps.dashboard.pages import task as pages
from apps.dashboard.replies import acted
from apps.dashboard.views.signed_in import person_of
from apps.goals.selectors import stream_seq
from apps.hub import actions
from apps.tasks.models import Task
from apps.tasks.selectors import task_get


def _found(task_id: uuid.UUID) -> Task:
    try:
        return task_get(task_id=task_id)
    except NotThere as error:
        raise Http404(error.detail) from error


@login_required
@require_GET
def task(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    goal_id = get_object_or_404(Task.objects.only("goal_id"), pk=task_id).goal_id
    seq = stream_seq(stream=goal_id)
    context = pages.page(_found(task_id), person_of(request))
    return render(
        request, "tasks/page.html", context | {"nav_active": "goals", "topic": goal_topic(goal_id), "seq": seq}
    )


@login_required
@require_GET
def fragment(request: HttpRequest, task_id: uuid.UUID, name: str) -> HttpResponse:
    """The head or the body of the task's page, read again."""
    if name not in ("task-head", "task-body"):
        raise Http404
    context = pages.page(_found(task_id), person_of(request))
    return render(request, f"tasks/_{name.removeprefix('task-')}.html", context)


def _retry(found: Task, person: Person, posted: QueryDict) -> str:
    actions.task_retry(task=found, person=person)
    return "The task is tried again."


def _cancel(found: Task, person: Person, posted: QueryDict) -> str:
    actions.task_cancel(task=found, person=person, why=posted.get("why", "").replace("\x00", "")[:2000])
    return "The task is cancelled, and with it what needed its output."


def _skip(found: Task, person: Person, posted: QueryDict) -> str:
    actions.task_skip(task=found, person=person, why=posted.get("why", "").replace("\x00", "")[:2000])
    return "The task is skipped. The rest goes on."


def _reassign(found: Task, person: Person, posted: QueryDict) -> str:
    agent = Agent.objects.filter(slug=posted.get("agent", "").replace("\x00", "")).first()
    if agent is None:
        raise Invalid({"agent": "Choose an agent from the list."})
    actions.task_reassign(task=found, agent=agent, person=person)
    return f"The next attempt is made by {agent.name}."


ACTIONS: Mapping[str, Callable[[Task, Person, QueryDict], str]] = {
    "retry": _retry,
    "reassign": _reassign,
    "cancel": _cancel,
    "skip": _skip,
}


@login_required
@require_POST
def act(request: HttpRequest, task_id: uuid.UUID, key: str) -> HttpResponse:
    """Try again, give to another agent, skip or cancel."""
    if key not in ACTIONS:
        raise Http404
    found, person = get_object_or_404(Task, pk=task_id), person_of(request)
    back = reverse("task", args=[task_id])
    leave = key != "retry"
    return acted(request, lambda: ACTIONS[key](found, person, request.POST), back=back, reread="task-head", leave=leave)


urlpatterns = [
    path("tasks/<uuid:task_id>", task, name="task"),
    path("tasks/<uuid:task_id>/act/<slug:key>", act, name="task-act"),
    path("tasks/<uuid:task_id>/fragment/<slug:name>", fragment, name="task-fragment"),
]
