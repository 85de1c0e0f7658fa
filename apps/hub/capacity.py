"""What could run now: the free slots that live workers can serve, and whether tasks stand back from a full queue."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from apps.engine.allocation import Wait
from apps.hub import beats
from apps.tasks.models import Pool

# One look for all of it, and by the database's clock, which decides leases.
_LOOK = """
SELECT
    clock_timestamp(),
    (SELECT coalesce(sum(capacity), 0) FROM tasks_worker
     WHERE seen_at >= clock_timestamp() - %(silent)s * interval '1 second'),
    ARRAY(
        SELECT id FROM tasks_slot WHERE pool_id = %(pool)s AND number <= %(slots)s AND NOT EXISTS (
            SELECT FROM tasks_attempt WHERE slot_id = tasks_slot.id AND status IN ('dispatched', 'running')
        ) ORDER BY number
    ),
    EXISTS (
        SELECT FROM tasks_task JOIN goals_goal ON goals_goal.id = tasks_task.goal_id
        WHERE tasks_task.status = 'ready' AND tasks_task.shed AND goals_goal.status = 'running'
    )
"""


@dataclass(frozen=True)
class Capacity:
    """``free``: keys of the slots that may be used now, those of the pool that live workers can serve less those that
    are held. ``full``: what to say when there is none. ``standing_back``: some ready tasks are shed."""

    free: list[int]
    full: Wait
    standing_back: bool
    now: datetime


def capacity_of(pool: Pool) -> Capacity:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"silent": beats.SILENT_SECONDS, "pool": pool.pk, "slots": pool.slots})
        now, served, places, standing_back = cursor.fetchone()
    usable = max(0, min(pool.slots, served) - (pool.slots - len(places)))
    if not served:
        full = Wait("worker", "No worker is there that could run it.")
    elif served < pool.slots:
        full = Wait("worker", f"The workers that are there can run {served} at once, and do.")
    else:
        full = Wait("slot", f"All {pool.slots} slots are in use.")
    return Capacity(places[:usable], full, standing_back, now)
