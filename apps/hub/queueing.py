"""Queue overflow: beyond the limit the lowest priority is shed until the queue is short again (design §8)."""

from django.db import transaction
from django.db.models import Count, Q

from apps.core import clock
from apps.hub import ranking
from apps.inbox import services as inbox
from apps.tasks.models import Pool, Task

KEY = "queue_full"


def is_due(*, pool: Pool, kept: int, standing_back: bool) -> bool:
    """Whether ``shed`` has something to do, given how many tasks compete and whether others stand back."""
    return kept > pool.queue_limit or (standing_back and kept < pool.queue_resume)


@transaction.atomic(savepoint=False)
def shed(*, pool: Pool) -> bool:
    """Keep at most ``queue_limit`` tasks in the competition; bring shed ones back below ``queue_resume``.

    Returns whether the competition has changed.
    """
    ready = Task.objects.filter(status="ready", goal__status="running")
    counts = ready.aggregate(kept=Count("pk", filter=Q(shed=False)), shed=Count("pk", filter=Q(shed=True)))
    if counts["kept"] > pool.queue_limit:
        _shed(pool)
        return True
    if counts["shed"] and counts["kept"] < pool.queue_resume:
        _bring_back(pool, room=pool.queue_limit - counts["kept"], waiting=counts["shed"])
        return True
    return False


def _shed(pool: Pool) -> None:
    ready = Task.objects.filter(status="ready", goal__status="running", shed=False)
    tasks = ranking.waiting(ready)
    priorities = ranking.priorities(tasks, pool=pool, now=clock.now())
    lowest = sorted(tasks, key=lambda task: (-priorities[task.pk], str(task.pk)))[pool.queue_limit :]
    Task.objects.filter(pk__in=[task.pk for task in lowest]).update(
        shed=True,
        wait_reason="queue_full",
        wait_detail=f"More than {pool.queue_limit} tasks are ready; those of the lowest priority stand back.",
    )
    inbox.escalation_raise(
        goal=None,
        task=None,
        kind="queue_full",
        key=KEY,
        text=f"More than {pool.queue_limit} tasks are ready; {len(lowest)} of the lowest priority stand back.",
        what_to_do=f"They come back by themselves when fewer than {pool.queue_resume} wait. More slots would help.",
    )


def _bring_back(pool: Pool, *, room: int, waiting: int) -> None:
    now = clock.now()
    shed_ones = Task.objects.filter(status="ready", goal__status="running", shed=True)
    tasks = ranking.waiting(ranking.best_of_each_goal(shed_ones, most=room, pool=pool, now=now))
    priorities = ranking.priorities(tasks, pool=pool, now=now)
    best = sorted(tasks, key=lambda task: (-priorities[task.pk], str(task.pk)))[:room]
    Task.objects.filter(pk__in=[task.pk for task in best]).update(shed=False, wait_reason="slot", wait_detail="")
    if len(best) == waiting:
        inbox.escalation_expire(key=KEY, why="The queue is short again.")
