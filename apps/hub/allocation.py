"""Giving free slots to ready tasks: one step over all goals, in a fixed number of statements.

One process allocates at a time (a lock of the transaction); the constraints of the database hold even if two did.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, Sum

from apps.agents.models import Agent, AgentCapability
from apps.agents.runtimes import REGISTRY
from apps.core import clock, transitions
from apps.core.contention import atomic_part
from apps.engine.allocation import Allocation, Assignment, Candidate, GoalLimit, Seat, Wait
from apps.engine.allocation import allocate as engine_allocate
from apps.gates.models import Clearance
from apps.goals.models import Goal
from apps.hub import beats, failing, hints, queueing, ranking
from apps.hub.locks import ALLOCATION, transaction_lock
from apps.hub.tiny import is_tiny
from apps.tasks.models import Attempt, Pool, Slot, Task, Worker

LIVE = ("dispatched", "running")


@dataclass(frozen=True, slots=True)
class Ready(ranking.Waiting):
    """A task that competes; ``wanted`` is the agent that a person chose for it."""

    capability: str
    failures: int
    wait_reason: str
    wait_detail: str
    wanted: str | None


@dataclass(frozen=True)
class Capacity:
    """The slots that may be used now: those of the pool that live workers can serve, less those that are held."""

    free: list[Slot]
    full: Wait
    now: datetime


@atomic_part
def allocate(*, keep_tiny: bool = False) -> list[Attempt]:
    """Dispatch as many ready tasks as slots and agents allow, and tell the workers.

    With ``keep_tiny``, tiny attempts are returned for the caller to run, and no worker is told of them. Whoever
    allocates in another process is waited for: they may have looked before what brought us here was committed.
    """
    transaction_lock(ALLOCATION)
    pool = Pool.objects.get(name="main")
    capacity = _capacity(pool)
    tasks = _competing(pool, capacity)
    if not tasks:
        return []
    agents, able = _able({task.capability for task in tasks})
    result = _decide(pool, tasks, capacity, agents, able)
    dispatched = _dispatch(pool, result.assignments, capacity, agents) if result.assignments else []
    _tell_waits(tasks, result.waits)
    tiny = [one for one in dispatched if is_tiny(one)]
    _send([] if keep_tiny else tiny, [one for one in dispatched if not is_tiny(one)])
    return tiny if keep_tiny else dispatched


def _capacity(pool: Pool) -> Capacity:
    now = clock.database_now()
    since = now - timedelta(seconds=beats.SILENT_SECONDS)
    served = Worker.objects.filter(seen_at__gte=since).aggregate(total=Sum("capacity"))["total"] or 0
    held = Attempt.objects.filter(status__in=LIVE, slot__isnull=False)
    places = list(Slot.objects.filter(pool=pool, number__lte=pool.slots).exclude(pk__in=held.values("slot")))
    usable = max(0, min(pool.slots, served) - (pool.slots - len(places)))
    if not served:
        full = Wait("worker", "No worker is there that could run it.")
    elif served < pool.slots:
        full = Wait("worker", f"The workers that are there can run {served} at once, and do.")
    else:
        full = Wait("slot", f"All {pool.slots} slots are in use.")
    return Capacity(places[:usable], full, now)


def _competing(pool: Pool, capacity: Capacity) -> list[Ready]:
    """The tasks that compete, once the queue is as long as it may be."""
    tasks = _ready(capacity)
    # Where slots are free, all that compete were read, and their number says whether there is anything to do.
    if capacity.free and not queueing.is_due(pool=pool, kept=len(tasks)):
        return tasks
    return _ready(capacity) if queueing.shed(pool=pool) else tasks


def _ready(capacity: Capacity) -> list[Ready]:
    """The tasks that compete. Without a free slot nothing is read but what has not been told why it waits."""
    ready = Task.objects.filter(status="ready", shed=False, goal__status="running")
    if not capacity.free:
        ready = ready.filter(Q(wait_reason="") | Q(wait_reason="paused"))
    columns = (*ranking.FIELDS, "capability", "failures", "wait_reason", "wait_detail", "wanted_agent__slug")
    return [Ready(*row) for row in ready.values_list(*columns)]


def _decide(
    pool: Pool, tasks: Sequence[Ready], capacity: Capacity, agents: Mapping[str, Agent], able: Mapping[str, set[str]]
) -> Allocation:
    goals = {task.goal_id for task in tasks}
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
        _seats(agents.values(), able),
        _limits(goals),
        free=len(capacity.free),
        full=capacity.full,
        pick=ranking.picker(ranking.records(agents.values(), set().union(*able.values()))),
    )


def _spent(failures: Mapping[str, int], pool: Pool) -> frozenset[str]:
    return frozenset(agent for agent, count in failures.items() if count > pool.retries)


def _keeps(failures: Mapping[str, int], pool: Pool) -> str:
    """The agent that failed and has tries left; the one with the most failures where several have."""
    left = {agent: count for agent, count in failures.items() if count <= pool.retries}
    return max(sorted(left), key=lambda agent: left[agent], default="")


def _seats(agents: Iterable[Agent], able: Mapping[str, set[str]]) -> list[Seat]:
    """The active agents that can do any of this, and how much each does now: one statement."""
    load = Counter(
        dict(Attempt.objects.filter(status__in=LIVE).values_list("agent__slug").annotate(Count("pk")).order_by())
    )
    return [Seat(agent.slug, frozenset(able[agent.slug]), load[agent.slug], agent.max_concurrent) for agent in agents]


def _able(capabilities: set[str]) -> tuple[dict[str, Agent], dict[str, set[str]]]:
    """The active agents that can do any of this, and what each of them can do of it: one statement."""
    rows = AgentCapability.objects.filter(
        capability__in=capabilities, agent__status="active", agent__runtime__in=list(REGISTRY)
    )
    agents: dict[str, Agent] = {}
    able: dict[str, set[str]] = defaultdict(set)
    for row in rows.select_related("agent").order_by("agent__slug"):
        agents.setdefault(row.agent.slug, row.agent)
        able[row.agent.slug].add(row.capability)
    return agents, able


def _limits(goals: set[uuid.UUID]) -> dict[str, GoalLimit]:
    # A goal without limits is not asked for: adding up its attempts would cost more the longer it runs.
    limited = Goal.objects.filter(Q(slots__isnull=False) | Q(budget__isnull=False), pk__in=goals)
    rows = limited.annotate(live=Count("attempts", filter=Q(attempts__status__in=LIVE)), spent=Sum("attempts__cost"))
    return {
        str(goal.pk): GoalLimit(
            running=goal.live,
            slots=goal.slots,
            spent=float(goal.spent or 0),
            budget=None if goal.budget is None else float(goal.budget),
        )
        for goal in rows
    }


def _dispatch(
    pool: Pool,
    assignments: Sequence[Assignment],
    capacity: Capacity,
    agents: Mapping[str, Agent],
) -> list[Attempt]:
    moment = clock.now()
    moved = transitions.move_many(
        Task.objects.filter(pk__in=[one.task for one in assignments]),
        "dispatched",
        data=_told(assignments),
        wait_reason="",
        wait_detail="",
    )
    tasks = {str(pk): task for pk, task in Task.objects.in_bulk(moved).items()}
    kept = [one for one in assignments if one.task in tasks]
    fences = _fences(moved)
    clearances = _clearances({task.goal_id for task in tasks.values()})
    until = capacity.now + timedelta(seconds=pool.lease_seconds)
    attempts = []
    for place, one in zip(capacity.free, kept, strict=False):
        task = tasks[one.task]
        fence = fences.get(task.pk, 0) + 1
        attempts.append(
            Attempt(
                task=task,
                goal_id=task.goal_id,
                phase=task.phase,
                clearance_id=clearances[task.goal_id, task.phase],
                agent=agents[one.agent],
                slot=place,
                status=Attempt.lifecycle.initial,
                number=fence,
                revision=task.revision,
                fence=fence,
                lease_until=until,
                dispatched_at=moment,
                why=one.why,
            )
        )
    return Attempt.objects.bulk_create(attempts)


def _told(assignments: Sequence[Assignment]) -> Any:
    agents = {one.task: one.agent for one in assignments}
    return lambda pk: {"agent": agents[str(pk)]}


def _fences(tasks: Sequence[Any]) -> dict[Any, int]:
    rows = Attempt.objects.filter(task__in=tasks).values_list("task").annotate(newest=Max("fence")).order_by()
    return dict(rows)


def _clearances(goals: set[uuid.UUID]) -> dict[tuple[uuid.UUID, int], uuid.UUID]:
    live = Clearance.objects.filter(goal__in=goals, revocation__isnull=True)
    return {(goal, phase): pk for pk, goal, phase in live.values_list("pk", "goal_id", "phase")}


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
