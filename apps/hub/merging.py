"""Bringing finished attempts home, one after the other per goal: merge, complete, free what waited for it."""

import logging
import uuid
from typing import Any

from django.db import transaction

from apps.core import clock, events, strictjson, transitions
from apps.core.contention import atomic_again
from apps.core.errors import Invalid
from apps.delivery import workspaces
from apps.gates.models import ChangeItem
from apps.goals import services as goals
from apps.goals.models import Goal
from apps.hub import failing, hints
from apps.hub.locks import session_lock
from apps.tasks.models import Attempt, Task
from apps.tasks.services.completion import consumers_reopen, results_in_force, tasks_complete
from apps.tasks.services.files import artifacts_accept, contents_of

log = logging.getLogger(__name__)

REQUIREMENTS = "requirements/requirements.json"


def merge_waiting(*, goal_id: uuid.UUID) -> None:
    """Merge every result of this goal that waits, in the order in which they came."""
    with session_lock("merge", goal_id, wait_ms=10_000) as held:
        if not held:
            return
        while waiting := _next(goal_id):
            try:
                merge_one(waiting)
            except workspaces.Disturbed as error:
                log.warning("attempt %s: %s It is merged again.", waiting.pk, error)
                hints.merge([goal_id])
                return


def _next(goal_id: uuid.UUID) -> Attempt | None:
    waiting = results_in_force().filter(goal=goal_id)
    return waiting.select_related("task__goal", "agent", "goal").order_by("finished_at").first()


def merge_one(attempt: Attempt) -> None:
    """Merge one result; a result that is empty needs no commit."""
    result = attempt.result
    if not result.get("changed") and not result.get("deleted"):
        missing = _missing(attempt)
        if missing:
            _refuse(attempt, f"It promised {missing} and left nothing.")
        else:
            tasks_complete(attempts=[attempt.pk])
        return
    missing = _missing(attempt)
    if missing:
        _refuse(attempt, f"It promised {missing}, which is not among what it left.")
        return
    outcome = workspaces.merge_attempt(attempt=attempt)
    if isinstance(outcome, workspaces.Refused):
        _conflict(attempt, outcome)
    else:
        _complete(attempt, outcome.commit)


def _missing(attempt: Attempt) -> str:
    """The first promised artifact that is neither in the result nor among the inputs already accepted."""
    have = set(attempt.result.get("changed", {})) | {item["path"] for item in attempt.packet.get("inputs", [])}
    return next((path for path in attempt.task.produces if path not in have), "")


@atomic_again
def _complete(attempt: Attempt, commit: str) -> None:
    events.lock_streams([attempt.goal_id])
    if not results_in_force().filter(pk=attempt.pk).exists():
        # The plan was changed, or the gate took the phase back, after the reference moved: the next merge undoes that.
        raise workspaces.Disturbed("Its task does not wait for this result any more.")
    result = attempt.result
    changed_paths = artifacts_accept(
        goal_id=attempt.goal_id, attempt=attempt, changed=result["changed"], deleted=result.get("deleted", ())
    )
    workspaces.merge_done(attempt=attempt)
    Goal.objects.filter(pk=attempt.goal_id).update(head=commit)
    if REQUIREMENTS in changed_paths:
        requirements_read(goal=attempt.goal, digest=result["changed"].get(REQUIREMENTS))
    _answer_items(attempt)
    done = tasks_complete(attempts=[attempt.pk], commits={attempt.pk: commit})
    if done and attempt.revision > 1:
        consumers_reopen(task=attempt.task, changed_paths=changed_paths)


def requirements_read(*, goal: Goal, digest: str | None) -> None:
    """Requirements that an agent read out of the brief, or that people supplied, become rows that people see."""
    if digest is None:
        return
    try:
        document = strictjson.loads(contents_of([digest])[digest])
        with transaction.atomic():
            goals.requirements_store(goal=goal, document=document)
    except (strictjson.NotStrictJson, Invalid) as error:
        # The check of QG-PHASE1 names it to people; the workspace keeps the file as the agent left it.
        log.warning("requirements of goal %s are not usable: %s", goal.pk, error)


def _answer_items(attempt: Attempt) -> None:
    """The next round shows whether what was asked for was done: the agent's word for each item, with its attempt."""
    asked = attempt.packet.get("feedback", [])
    if not asked:
        return
    claims = [str(claim) for claim in attempt.result.get("claims", [])]
    rows = {
        (item.round.number, item.number): item
        for item in ChangeItem.objects.filter(round__gate__goal=attempt.goal_id, answer="open").select_related("round")
    }
    answered = []
    for note in asked:
        item = rows.get((note.get("round"), note.get("number")))
        if item is None:
            continue
        claim = next((claim for claim in claims if note["text"][:60] in claim), "")
        item.answer = "done" if claim.startswith("done") else "not_done"
        item.proof = {"attempt": str(attempt.pk), "agent": attempt.agent.slug, "claim": claim}
        answered.append(item)
    ChangeItem.objects.bulk_update(answered, ["answer", "proof"])


@atomic_again
def _conflict(attempt: Attempt, refused: workspaces.Refused) -> None:
    """Two results disagree: the task goes to conflict, and its next attempt starts from what was accepted."""
    data = {"paths": list(refused.paths), "why": refused.sentence}
    moved = transitions.move_many(Task.objects.filter(pk=attempt.task_id, status="merging"), "conflict", data=data)
    if not moved:
        return
    _note(attempt, refused.sentence)
    transitions.move_many(
        Task.objects.filter(pk__in=moved), "ready", ready_at=clock.now(), wait_reason="slot", wait_detail=""
    )


def _note(attempt: Attempt, sentence: str) -> None:
    """The next packet's hand-off says what was wrong with this attempt."""
    Attempt.objects.filter(pk=attempt.pk).update(error=sentence)


@atomic_again
def _refuse(attempt: Attempt, sentence: str) -> None:
    """A result that lacks what was promised counts as a failure: the task climbs the ladder."""
    _note(attempt, sentence)
    task: Any = Task.objects.select_related("goal").get(pk=attempt.task_id)
    if task.status == "merging":
        failing.climb(tasks=[task], error=sentence)
