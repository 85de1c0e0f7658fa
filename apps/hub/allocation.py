"""Giving free slots to ready tasks: one step over all goals, in a fixed number of statements.

One process allocates at a time (a lock of the transaction); the constraints of the database hold even if two did.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum

from apps.core import clock
from apps.core.contention import atomic_part
from apps.engine.allocation import Allocation, Candidate, GoalLimit, Wait
from apps.engine.allocation import allocate as engine_allocate
from apps.goals.models import Goal
from apps.hub import failing, hints, queueing, ranking
from apps.hub.capacity import Capacity, capacity_of
from apps.hub.dispatching import dispatch
from apps.hub.locks import ALLOCATION, transaction_lock
from apps.hub.staffing import Member, staff_for
from apps.hub.tiny import does_nothing
from apps.tasks.models import Attempt, Pool, Task

LIVE = ("dispatched", "running")


@dataclass(frozen=True, slots=True)
class Ready(ranking.Waiting):
    """A task that competes; ``wanted`` is the agent that a person chose for it."""

    capability: str
    failures: int
    wait_reason: str
    wait_detail: str
    wanted: str | None
    slots: int | None
    budget: Decimal | None

    @property
    def limited(self) -> bool:
        """Whether its goal has limits of its own. Adding up a goal's attempts costs more the longer it runs."""
        return self.slots is not None or self.budget is not None


@atomic_part
def allocate(*, keep_tiny: bool = False) -> list[Attempt]:
    """Dispatch as many ready tasks as slots and agents allow, and tell the workers.

    With ``keep_tiny``, tiny attempts are returned for the caller to run, and no worker is told of them. Whoever
    allocates in another process is waited for: they may have looked before what brought us here was committed.
    """
    transaction_lock(ALLOCATION)
    pool = Pool.objects.get(name="main")
    capacity = capacity_of(pool)
    tasks = _competing(pool, capacity)
    if not tasks:
        return []
    staff = staff_for({task.capability for task in tasks})
    result = _decide(pool, tasks, capacity, staff)
    chosen = {one.task for one in result.assignments}
    goals = {task.goal_id for task in tasks if str(task.pk) in chosen}
    dispatched = dispatch(result.assignments, capacity, staff, streams=goals, lease_seconds=pool.lease_seconds)
    _tell_waits(tasks, result.waits)
    tiny, rest = _parted(dispatched, staff)
    _send([] if keep_tiny else tiny, rest)
    return tiny if keep_tiny else dispatched


def _parted(attempts: Sequence[Attempt], staff: Mapping[str, Member]) -> tuple[list[Attempt], list[Attempt]]:
    """The tiny ones, and the rest."""
    agents = {member.pk: member for member in staff.values()}
    parts: tuple[list[Attempt], list[Attempt]] = [], []
    for attempt in attempts:
        agent = agents[attempt.agent_id]
        parts[not does_nothing(agent.runtime, agent.config, attempt.task.produces)].append(attempt)
    return parts


def _competing(pool: Pool, capacity: Capacity) -> list[Ready]:
    """The tasks that compete, once the queue is as long as it may be."""
    tasks = _ready(capacity)
    # Where slots are free, all that compete were read, and their number says whether there is anything to do.
    if capacity.free and not queueing.is_due(pool=pool, kept=len(tasks), standing_back=capacity.standing_back):
        return tasks
    return _ready(capacity) if queueing.shed(pool=pool) else tasks


def _ready(capacity: Capacity) -> list[Ready]:
    """The tasks that compete. Without a free slot nothing is read but what has not been told why it waits."""
    ready = Task.objects.filter(status="ready", shed=False, goal__status="running")
    if not capacity.free:
        ready = ready.filter(Q(wait_reason="") | Q(wait_reason="paused"))
    columns = (
        *(*ranking.FIELDS, "capability", "failures", "wait_reason", "wait_detail", "wanted_agent__slug"),
        *("goal__slots", "goal__budget"),
    )
    return [Ready(*row) for row in ready.values_list(*columns)]


def _decide(pool: Pool, tasks: Sequence[Ready], capacity: Capacity, staff: Mapping[str, Member]) -> Allocation:
    retried = [task.pk for task in tasks if task.failures]
    failures = failing.failures_by_agent(retried) if retried else {}
    now = clock.now()
    priorities = ranking.priorities(tasks, pool=pool, now=now)
    candidates = [
        Candidate(
            task=str(task.pk),
            goal=str(task.goal_id),
            capability=task.capability,
            priority=priorities[task.pk],
            excluded=_spent(failures.get(task.pk, Counter()), pool),
            keeps=_keeps(failures.get(task.pk, Counter()), pool),
            wanted=task.wanted or "",
        )
        for task in tasks
    ]
    return engine_allocate(
        candidates,
        [member.seat for member in staff.values()],
        _limits({task.goal_id for task in tasks if task.limited}),
        free=len(capacity.free),
        full=capacity.full,
        pick=ranking.picker(staff),
    )


def _spent(failures: Mapping[str, int], pool: Pool) -> frozenset[str]:
    return frozenset(agent for agent, count in failures.items() if count > pool.retries)


def _keeps(failures: Mapping[str, int], pool: Pool) -> str:
    """The agent that failed and has tries left; the one with the most failures where several have."""
    left = {agent: count for agent, count in failures.items() if count <= pool.retries}
    return max(sorted(left), key=lambda agent: left[agent], default="")


def _limits(goals: set[uuid.UUID]) -> dict[str, GoalLimit]:
    if not goals:
        return {}
    rows = Goal.objects.filter(pk__in=goals).annotate(
        live=Count("attempts", filter=Q(attempts__status__in=LIVE)), spent=Sum("attempts__cost")
    )
    return {
        str(goal.pk): GoalLimit(
            running=goal.live,
            slots=goal.slots,
            spent=float(goal.spent or 0),
            budget=None if goal.budget is None else float(goal.budget),
        )
        for goal in rows
    }


def _send(tiny: Sequence[Attempt], rest: Sequence[Attempt]) -> None:
    def send() -> None:
        hints.run([one.pk for one in tiny], tiny=True)
        hints.run([one.pk for one in rest])

    if tiny or rest:
        transaction.on_commit(send, robust=True)


def _tell_waits(tasks: Sequence[Ready], waits: Mapping[str, Wait]) -> None:
    """Write why tasks wait, one statement for each reason that is new."""
    changed: dict[Wait, list[Any]] = defaultdict(list)
    for task in tasks:
        wait = waits.get(str(task.pk))
        if wait is not None and (task.wait_reason, task.wait_detail) != (wait.reason, wait.sentence[:300]):
            changed[wait].append(task.pk)
    for wait, ids in changed.items():
        Task.objects.filter(pk__in=ids, status="ready").update(wait_reason=wait.reason, wait_detail=wait.sentence[:300])
