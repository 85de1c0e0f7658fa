"""What a Celery worker does besides its tasks: one that serves the queue ``agents`` reports itself and keeps leases."""

from typing import Any

from celery.signals import task_postrun, task_prerun, worker_ready, worker_shutting_down
from django.db import close_old_connections

from apps.agents import sandbox
from apps.hub import beats


@worker_ready.connect
def report(sender: Any = None, **_: Any) -> None:
    """Begin to beat, where this worker serves the queue ``agents``."""
    if "agents" in sender.app.amqp.queues.consume_from:
        beats.start(capacity=sender.controller.concurrency, isolated=sandbox.available().ok)


@worker_shutting_down.connect
def leave(**_: Any) -> None:
    beats.stop_all()


@task_prerun.connect
@task_postrun.connect
def fresh_connections(**_: Any) -> None:
    """A connection that the database closed (a restart) is not used for another task."""
    close_old_connections()
