"""One at a time: a goal is planned by one worker, without a transaction held open while a model thinks."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import Error as DatabaseFailure
from django.db import connection

from apps.goals.models import Goal

PLANNING_LOCK = 0x706C616E  # "plan"


def waits(goal_id: uuid.UUID) -> bool:
    """Whether the goal waits for its first plan, or for another before it is started."""
    return Goal.objects.filter(pk=goal_id, status="planning").exists()


@contextmanager
def alone(goal_id: uuid.UUID, *, still: Callable[[uuid.UUID], bool] = waits) -> Iterator[bool]:
    """Whether this goal waits to be planned and nobody else plans it now, for the length of the block.

    The lock belongs to the connection, not to a transaction: it is held for as long as planning takes, and is gone
    with the worker that held it. ``still`` says what waiting is.
    """
    if not still(goal_id) or not _locked("SELECT pg_try_advisory_lock(%s, %s)", goal_id):
        yield False
        return
    try:
        # Whoever held it may have finished between our look at the status and the lock.
        yield still(goal_id)
    finally:
        try:
            _locked("SELECT pg_advisory_unlock(%s, %s)", goal_id)
        except DatabaseFailure:
            connection.close()  # the lock goes with it


def _locked(statement: str, goal_id: uuid.UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [PLANNING_LOCK, goal_id.int % 2**31])
        done: bool = cursor.fetchone()[0]
    return done
