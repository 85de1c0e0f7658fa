"""From an assignment to a dispatched attempt: its clearance, its fence, its lease and its slot, for a set at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery

from apps.core import clock, transitions
from apps.engine.allocation import Assignment
from apps.gates.models import Clearance
from apps.hub.capacity import Capacity
from apps.hub.staffing import Member
from apps.tasks.models import Attempt, Task


def dispatch(
    assignments: Sequence[Assignment],
    capacity: Capacity,
    staff: Mapping[str, Member],
    *,
    streams: Collection[Any],
    lease_seconds: int,
) -> list[Attempt]:
    """Dispatch the tasks that are still ready; the attempts are read with their tasks. Three statements.

    ``streams``: the goals of the tasks.
    """
    if not assignments:
        return []
    moved = transitions.move_many(
        Task.objects.filter(pk__in=[one.task for one in assignments]),
        "dispatched",
        data=_told(assignments),
        streams=streams,
        wait_reason="",
        wait_detail="",
    )
    tasks = {str(task.pk): task for task in _with_rights(moved)}
    kept = [one for one in assignments if one.task in tasks]
    moment, until = clock.now(), capacity.now + timedelta(seconds=lease_seconds)
    return Attempt.objects.bulk_create(
        Attempt(
            task=task,
            goal_id=task.goal_id,
            phase=task.phase,
            clearance_id=task.clearance,
            agent_id=staff[one.agent].pk,
            slot_id=place,
            status=Attempt.lifecycle.initial,
            number=(task.fence or 0) + 1,
            revision=task.revision,
            fence=(task.fence or 0) + 1,
            lease_until=until,
            dispatched_at=moment,
            why=one.why,
        )
        for place, one in zip(capacity.free, kept, strict=False)
        for task in [tasks[one.task]]
    )


def _told(assignments: Sequence[Assignment]) -> Callable[[Any], Mapping[str, Any]]:
    agents = {one.task: one.agent for one in assignments}
    return lambda pk: {"agent": agents[str(pk)]}


def _with_rights(tasks: Collection[Any]) -> QuerySet[Any]:
    """The tasks with what an attempt of each needs: the fence before it, and the clearance of its phase that holds."""
    clearance = Clearance.objects.filter(goal=OuterRef("goal_id"), phase=OuterRef("phase"), revocation__isnull=True)
    return (
        Task.objects.filter(pk__in=tasks)
        .only("goal_id", "phase", "revision", "capability", "produces")
        .annotate(fence=Max("attempts__fence"), clearance=Subquery(clearance.values("pk")[:1]))
        .order_by()
    )
