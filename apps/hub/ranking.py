"""From rows to the engine's words: the effective priority of ready tasks, and the choice among able agents."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Case, F, FloatField, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, Extract, Greatest, Least, RowNumber

from apps.engine import matching
from apps.engine.allocation import Candidate, Choice, Pick, Seat
from apps.engine.priority import AGING_SHARE, MAXIMUM, Priority, effective_priority, ranks
from apps.hub.staffing import Member
from apps.tasks.models import Pool, Task

# What is read of a task to rank it.
FIELDS = ("id", "goal_id", "bottom_level", "rice", "ready_at", "plan__critical_minutes")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ready task as ranking sees it. Plain values: the hub looks at a hundred of them for every ten it dispatches."""

    pk: uuid.UUID
    goal_id: uuid.UUID
    bottom_level: float
    rice: float
    ready_at: datetime | None
    critical_minutes: float


def waiting(tasks: QuerySet[Task]) -> list[Waiting]:
    return [Waiting(*row) for row in tasks.values_list(*FIELDS)]


def priorities(tasks: Sequence[Waiting], *, pool: Pool, now: datetime) -> dict[uuid.UUID, float]:
    """The effective priority of each task: one statement for the ranks of all goals."""
    rice = {task.pk: task.rice for task in tasks}
    # The rank of one goal alone is the same for all its tasks: it changes no order, and is not asked for.
    known = ranks(_goals_rice()) if len({task.goal_id for task in tasks}) > 1 else {}
    # Between equals of one goal RICE decides: a nudge far below every step of the formula.
    return {key: one.value + min(rice[key], 1e6) * 1e-12 for key, one in _parts(tasks, known, pool, now).items()}


def best_of_each_goal(tasks: QuerySet[Task], *, most: int, pool: Pool, now: datetime) -> QuerySet[Task]:
    """At most ``most`` tasks of each goal: those that :func:`priorities` would put first among the goal's own.

    The best of all goals are among them, and a long queue need not be read. Inside a goal the rank is the same for all,
    so the database orders by what is left of the formula.
    """
    path = Case(
        When(
            plan__critical_minutes__gt=0,
            then=Greatest(0.0, Least(1.0, F("bottom_level") / F("plan__critical_minutes"))),
        ),
        default=0.0,
        output_field=FloatField(),
    )
    waited = Greatest(0.0, Extract(Value(now) - Coalesce("ready_at", Value(now)), "epoch"), output_field=FloatField())
    age = waited * (MAXIMUM * AGING_SHARE / pool.aging_minutes / 60)
    place = Window(RowNumber(), partition_by="goal_id", order_by=[(path + age).desc(), F("rice").desc(), F("pk").asc()])
    return tasks.annotate(place=place).filter(place__lte=most).order_by()


def explained(tasks: Sequence[Task], *, pool: Pool, now: datetime) -> dict[uuid.UUID, Priority]:
    """The same in its parts, with the sentence that shows them and every goal's true rank."""
    seen = [
        Waiting(task.pk, task.goal_id, task.bottom_level, task.rice, task.ready_at, task.plan.critical_minutes)
        for task in tasks
    ]
    return _parts(seen, ranks(_goals_rice()) if seen else {}, pool, now)


def _parts(
    tasks: Sequence[Waiting], goals: Mapping[str, float], pool: Pool, now: datetime
) -> dict[uuid.UUID, Priority]:
    return {
        task.pk: effective_priority(
            bottom_level=task.bottom_level,
            critical_path=task.critical_minutes,
            goal_rank=goals.get(str(task.goal_id), 0.0),
            waited_minutes=_waited(task, now),
            aging_minutes=pool.aging_minutes,
        )
        for task in tasks
    }


def _waited(task: Waiting, now: datetime) -> float:
    return max(0.0, (now - task.ready_at).total_seconds() / 60) if task.ready_at else 0.0


def _goals_rice() -> dict[str, float]:
    """The mean RICE of each live goal's unfinished work, weighted by the goal's priority."""
    rows = (
        Task.objects.filter(goal__status="running", plan__status="active", kind="work")
        .exclude(status__in=["completed", "skipped", "cancelled"])
        .values_list("goal_id")
        .annotate(mean=Avg(F("rice") * F("goal__priority")))
        .order_by()
    )
    return {str(goal): float(mean or 0) for goal, mean in rows}


def picker(staff: Mapping[str, Member]) -> Pick:
    """A function that chooses among able agents by what is known of them."""

    def pick(candidate: Candidate, able: Sequence[Seat], load: Mapping[str, int]) -> Choice:
        match = matching.best_agent(
            candidate.capability,
            [_view(staff[seat.slug], load[seat.slug], candidate.capability) for seat in able],
            avoid=candidate.excluded,
        )
        rest = "".join(f" {loser.slug}: {loser.reason}." for loser in match.losers)
        return Choice(match.slug, match.explanation + rest)

    return pick


def _view(agent: Member, running: int, capability: str) -> matching.Candidate:
    tries, succeeded, minutes = agent.scores[capability]
    return matching.Candidate(
        slug=agent.slug,
        capabilities=frozenset({capability}),
        running=running,
        limit=agent.limit,
        tries=tries,
        successes=succeeded,
        cost=agent.cost_per_hour / 60,
        minutes=minutes,
    )
