"""A worker's side of an attempt: take it, run its agent, bring the result home."""

import logging
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings

from apps.agents.runtimes import Result, Surroundings, runtime_for
from apps.core import clock, events
from apps.core.contention import atomic_again
from apps.goals.models import Goal
from apps.hub import allocation, beats, decomposing, failing, hints, packets, wakeup
from apps.hub.tiny import is_tiny
from apps.tasks.models import Attempt, Pool
from apps.tasks.services.attempts import Finished, attempt_progress, attempts_begin, attempts_succeed, salvage_keep
from apps.tasks.services.completion import attempts_pass
from apps.tasks.services.files import contents_of, tree_store

log = logging.getLogger(__name__)

# Reports of progress closer together than this are dropped: the newest state is what people see.
_PROGRESS_SECONDS = 1.0
# After so many sets in one message the rest goes back to the queue, so that other hints get their turn.
_TINY_TURNS = 50


def run(attempt_ids: Sequence[uuid.UUID]) -> None:
    """Run dispatched attempts. A hint that comes twice or late finds nothing to begin, and nothing happens."""
    waiting = Attempt.objects.filter(pk__in=attempt_ids, status="dispatched").select_related("task", "agent")
    rows = list(waiting)
    _pass_tiny([row for row in rows if is_tiny(row)])
    rest = [row.pk for row in rows if not is_tiny(row)]
    if rest:
        _run_rest(rest)


def _pass_tiny(tiny: Sequence[Attempt]) -> None:
    """Finish tiny attempts; the slots they leave are given away here and now, without a message in between."""
    goals = {row.goal_id for row in tiny}
    for _ in range(_TINY_TURNS):
        if not tiny:
            break
        with wakeup.busy():
            tiny = _pass_and_allocate(tiny)
        goals |= {row.goal_id for row in tiny}
    hints.run([row.pk for row in tiny], tiny=True)
    hints.advance(goals)


@atomic_again
def _pass_and_allocate(tiny: Sequence[Attempt]) -> list[Attempt]:
    """One transaction, and one wait for the disk, for what is done and for what is begun instead."""
    with events.together({row.goal_id for row in tiny}):
        attempts_pass(attempts=tiny, worker=beats.worker_name())
        return allocation.allocate(keep_tiny=True)


def _run_rest(ids: Sequence[uuid.UUID]) -> None:
    pool = Pool.objects.get(name="main")
    begun = attempts_begin(attempts=ids, worker=beats.worker_name(), lease_seconds=pool.lease_seconds)
    for row in Attempt.objects.filter(pk__in=begun).select_related("task", "agent", "goal"):
        _run_one(row, pool)


def _run_one(attempt: Attempt, pool: Pool) -> None:
    _equip(attempt)
    with beats.lease(attempt.pk) as stop:
        try:
            result = _start(attempt, pool, stop)
        except Exception as error:
            log.exception("attempt %s failed in its runtime", attempt.pk)
            result = Result(outcome="failed", error=f"{type(error).__name__}: {error}")
    bring_home(attempt, result)


@atomic_again
def _equip(attempt: Attempt) -> None:
    """Give the attempt its packet. The goal's row is locked, so that inputs and base are of the same commit."""
    attempt.goal = Goal.objects.select_for_update(no_key=True).get(pk=attempt.goal_id)
    attempt.packet = packets.packets_for([attempt])[attempt.pk]
    Attempt.objects.filter(pk=attempt.pk).update(packet=attempt.packet, base=attempt.goal.head)


def _start(attempt: Attempt, pool: Pool, stop: threading.Event) -> Result:
    tree = {item["path"]: item["sha256"] for item in attempt.packet["inputs"]}
    contents = contents_of(tree.values())
    began = monotonic()

    def stopped() -> bool:
        return stop.is_set() or monotonic() - began > pool.task_timeout_seconds

    scratch = Path(settings.VAR_DIR) / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    surroundings = Surroundings(
        scratch=scratch,
        allow_unisolated=settings.ALLOW_UNISOLATED,
        timeout_seconds=pool.task_timeout_seconds,
    )
    runtime = runtime_for(attempt.agent.runtime, attempt.agent.config, surroundings)
    files = {path: contents[digest] for path, digest in tree.items()}
    return runtime.start(attempt.packet, files, on_event=_reporter(attempt), stop=stopped)


def _reporter(attempt: Attempt) -> Any:
    """A function that takes the agent's messages and records its progress, not too often."""
    last = [0.0]

    def report(message: Mapping[str, Any]) -> None:
        if message.get("type") != "task.progress" or monotonic() - last[0] < _PROGRESS_SECONDS:
            return
        last[0] = monotonic()
        percent = message.get("percent", 0)
        attempt_progress(
            attempt=attempt,
            percent=int(percent) if isinstance(percent, int | float) else 0,
            note="".join(filter(str.isprintable, str(message.get("note", "")))),
        )

    return report


def bring_home(attempt: Attempt, result: Result) -> None:
    """Store what came back; a result that is no longer wanted is kept as salvage."""
    cost = result.cost or _cost_of_time(attempt)
    if result.outcome == "waiting" and result.parts:
        refusal = decomposing.ask(attempt=attempt, reason=result.summary, parts=result.parts, cost=cost)
        if not refusal:
            return
        result = replace(result, outcome="failed", error=refusal)
    if result.outcome != "succeeded":
        if not failing.fail(attempts=[attempt.pk], status="failed", error=result.error or "It gave no reason."):
            log.info("attempt %s had ended before it failed", attempt.pk)
        return
    finished = Finished(
        changed=tree_store(tree=result.tree),
        deleted=tuple(sorted(result.deleted)),
        summary=result.summary,
        claims=tuple(result.claims),
        cost=cost,
        isolated=result.isolated is not False,
    )
    if not attempts_succeed(results={attempt.pk: finished}):
        salvage_keep(attempt_id=attempt.pk, finished=finished)


def _cost_of_time(attempt: Attempt) -> Decimal:
    """Euro for the time since the attempt began, at the agent's rate."""
    if attempt.started_at is None:
        return Decimal(0)
    hours = Decimal((clock.now() - attempt.started_at).total_seconds()) / 3600
    return (attempt.agent.cost_per_hour * hours).quantize(Decimal("0.0001"))
