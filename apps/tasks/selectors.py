"""Reading plans, tasks, attempts and files, in a fixed number of queries whatever their number."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Prefetch, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from apps.core.errors import NotThere
from apps.goals.models import Goal
from apps.tasks.models import Artifact, Attempt, Edge, Plan, Pool, Slot, Task

DONE = ("completed", "skipped")
ENDED = (*DONE, "cancelled")
LIVE_ATTEMPTS = ("dispatched", "running")
# What a person looks for first in a long phase: who needs them, what runs, what comes next, what is done.
_FIRST = (("escalated", "waiting", "conflict"), ("running", "dispatched", "merging"), ("retrying", "ready", "reopened"))


def plan_shown(*, goal: Goal) -> Plan | None:
    """The plan that stands for the goal: the active one, else the proposed one, else the newest that once stood."""
    rank = Case(
        When(status="active", then=Value(0)),
        When(status="proposed", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    plans = Plan.objects.filter(goal=goal).exclude(status__in=["discarded", "draft"]).select_related("approach")
    return plans.defer("approach__blueprint").annotate(rank=rank).order_by("rank", "-version").first()


def tasks_count(*, plans: Collection[Any]) -> Mapping[Any, Mapping[tuple[int, str], int]]:
    """How many tasks of kind work each plan's goal has, by (phase, status): one query."""
    found: dict[Any, dict[tuple[int, str], int]] = defaultdict(dict)
    rows = Task.objects.filter(plan__in=plans, kind="work").order_by()
    for goal, phase, status, number in rows.values_list("goal_id", "phase", "status").annotate(number=Count("pk")):
        found[goal][phase, status] = number
    return found


def tasks_shown(*, plan: Plan, most: int, phase: int | None = None, skip: int = 0) -> QuerySet[Task]:
    """Tasks in the planned order, at most ``most`` of each phase (or of one), those that matter now first."""
    order = [*(When(status__in=statuses, then=Value(n)) for n, statuses in enumerate(_FIRST))]
    rank = Case(*order, When(status__in=ENDED, then=Value(4)), default=Value(3), output_field=IntegerField())
    tasks = Task.objects.filter(plan=plan).annotate(rank=rank)
    if phase is not None:
        return tasks.filter(phase=phase).order_by("rank", "position", "pk")[skip : skip + most]
    place = Window(RowNumber(), partition_by=F("phase"), order_by=["rank", "position", "pk"])
    return tasks.annotate(place=place).filter(place__lte=most).order_by("phase", "position", "pk")


def attempts_newest(*, tasks: Iterable[Any]) -> Mapping[Any, Attempt]:
    """The newest attempt of each task with its agent, without the packet: one query."""
    rows = Attempt.objects.filter(task__in=list(tasks)).select_related("agent").defer("packet", "result", "salvage")
    return {row.task_id: row for row in rows.order_by("task_id", "-number").distinct("task_id")}


def producers_missing(*, tasks: Iterable[Any]) -> Mapping[Any, list[str]]:
    """The titles of the tasks that each of these still waits for: one query."""
    found: dict[Any, list[str]] = defaultdict(list)
    edges = Edge.objects.filter(consumer__in=list(tasks)).exclude(producer__status__in=DONE)
    rows = edges.order_by("producer__position").values_list("consumer_id", "producer__title").distinct()
    for consumer, title in rows.values_list("consumer_id", "producer__title"):
        if title not in found[consumer]:
            found[consumer].append(title)
    return found


@dataclass(frozen=True)
class Drawn:
    """What a graph or a timeline needs of a task. Planned times are minutes after the start of the plan."""

    id: uuid.UUID
    title: str
    phase: int
    kind: str
    status: str
    minutes: float
    critical: bool
    planned_start: float
    planned_finish: float
    started_at: Any
    finished_at: Any


def tasks_drawn(*, plan: Plan) -> list[Drawn]:
    """Every task of kind work of the plan, in the planned order: one query."""
    names = tuple(Drawn.__dataclass_fields__)
    rows = Task.objects.filter(plan=plan, kind="work").order_by("phase", "position", "pk").values_list(*names)
    return [Drawn(*row) for row in rows]


def edges_drawn(*, plan: Plan) -> list[tuple[uuid.UUID, uuid.UUID, str]]:
    """(producer, consumer, artifact) of each edge: one query."""
    return list(Edge.objects.filter(plan=plan).order_by("pk").values_list("producer_id", "consumer_id", "artifact"))


def task_get(*, task_id: uuid.UUID) -> Task:
    """One task with its goal, plan and attempts (oldest first). Raises ``NotThere``."""
    attempts = Prefetch("attempts", Attempt.objects.select_related("agent", "slot").order_by("number"))
    rows = Task.objects.select_related("goal", "plan", "wanted_agent", "round__gate").prefetch_related(attempts)
    task = rows.filter(pk=task_id).first()
    if task is None:
        raise NotThere("There is no task with this id.")
    return task


def neighbours(*, task: Task) -> tuple[list[Edge], list[Edge]]:
    """The edges into the task with their producers, and those out of it with their consumers: two queries."""
    before = task.in_edges.select_related("producer").order_by("producer__position", "artifact")
    after = task.out_edges.select_related("consumer").order_by("consumer__position", "artifact")
    return list(before), list(after)


def consumers_unfinished(*, task: Task) -> list[Task]:
    """Every unfinished task that needs this one's output, directly or through others, in the planned order.

    Two queries, however deep the graph is: its edges are followed here.
    """
    # An edge without an artifact is an order only: who comes after it does not need it.
    edges = Edge.objects.filter(plan=task.plan_id).exclude(artifact="").exclude(consumer__status__in=ENDED)
    following: dict[Any, list[Any]] = defaultdict(list)
    for producer, consumer in edges.values_list("producer_id", "consumer_id"):
        following[producer].append(consumer)
    seen: set[Any] = set()
    front = [task.pk]
    while front:
        front = [one for one in following[front.pop()] if one not in seen] + front
        seen.update(front)
    return list(Task.objects.filter(pk__in=seen).order_by("phase", "position", "pk"))


def artifacts_current(*, goal: Goal) -> list[Artifact]:
    """The files in force, by path, with the task, attempt and agent that made each: one query."""
    rows = Artifact.objects.filter(goal=goal, current=True, deleted=False).order_by("path")
    return list(rows.select_related("task", "attempt__agent").defer("attempt__packet", "attempt__result"))


def slots_now() -> tuple[Pool | None, list[tuple[Slot, Attempt | None]]]:
    """The pool, and its slots with the live attempt that holds each: three queries."""
    pool = Pool.objects.order_by("pk").first()
    if pool is None:
        return None, []
    live = Attempt.objects.filter(status__in=LIVE_ATTEMPTS, slot__pool=pool)
    rows = live.select_related("agent", "task", "goal").defer("packet", "result", "salvage")
    holders = {row.slot_id: row for row in rows}
    places = Slot.objects.filter(pool=pool).order_by("number")
    return pool, [
        (place, holders.get(place.pk)) for place in places if place.number <= pool.slots or place.pk in holders
    ]
