"""Asking people, and raising what needs one of them."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from apps.accounts.models import Person
from apps.core import audit, clock, events
from apps.core.actors import HUB, Actor, person_actor
from apps.core.errors import Conflict, Invalid
from apps.core.transitions import move, move_many
from apps.engine.facts import Question as Wanted
from apps.goals.models import Goal
from apps.inbox.models import Escalation, Question
from apps.tasks.models import Task

LONGEST_ANSWER = 4000
ENDED = ("delivered", "accepted", "cancelled")


@transaction.atomic
def question_ask(
    *,
    goal: Goal,
    key: str,
    text: str,
    default: str,
    changes: str = "",
    sentence: int | None = None,
    task: Task | None = None,
    actor: Actor = HUB,
) -> Question:
    """Ask once per key; a repeat returns the question as it stands, with its answer if there is one."""
    question, fresh = Question.objects.get_or_create(
        goal=goal,
        key=key,
        defaults={
            "task": task,
            "text": text,
            "default": default,
            "changes": changes,
            "sentence": sentence,
            "asked_at": clock.now(),
        },
    )
    if fresh:
        _tell("question.asked", question, actor, {"text": text, "default": default})
    return question


@transaction.atomic
def questions_settle(*, goal: Goal, wanted: Sequence[Wanted]) -> None:
    """Bring the planner's questions in line with what is worth asking now.

    One that nobody has answered takes the new words, or goes when its answer would change nothing any more; an answer
    that somebody gave stays. Questions of agents are left alone.
    """
    keys = {one.key for one in wanted}
    for gone in Question.objects.filter(goal=goal, task=None, answered_at=None).exclude(key__in=keys):
        _tell("question.withdrawn", gone, HUB, {"text": gone.text, "why": "Its answer would change nothing now."})
        gone.delete()
    for one in wanted:
        words = {"text": one.text, "default": one.default, "changes": one.changes, "sentence": one.sentence}
        question_ask(goal=goal, key=one.key, **words)  # type: ignore[arg-type]
        Question.objects.filter(goal=goal, key=one.key, task=None, answered_at=None).update(**words)


@transaction.atomic
def question_answer(*, question: Question, person: Person, answer: str) -> Question:
    """Answer a question, or change the answer while the goal is under way. Raises ``Invalid``, ``Conflict``."""
    words = answer.strip()
    if not words or len(words) > LONGEST_ANSWER or "\x00" in words:
        raise Invalid({"answer": f"Answer in your own words, with at most {LONGEST_ANSWER} characters."})
    question = Question.objects.select_for_update(of=("self",), no_key=True).select_related("goal").get(pk=question.pk)
    if question.goal.status in ENDED:
        raise Conflict(f"This goal is {question.goal.status}: an answer would not change anything any more.")
    before = question.answer
    question.answer, question.answered_by, question.answered_at = words, person, clock.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    actor = person_actor(person)
    _tell("question.answered", question, actor, {"text": question.text, "answer": words, "was": before})
    audit.append(
        actor=actor,
        what="question.answered",
        subject=f"question:{question.pk}",
        data={"goal": str(question.goal_id), "text": question.text, "answer": words, "was": before},
    )
    return question


def _tell(what: str, question: Question, actor: Actor, data: dict[str, Any]) -> None:
    events.record(events.Happening(question.goal_id, what, f"question:{question.pk}", data), actor=actor)


@transaction.atomic
def escalation_raise(
    *, goal: Goal | None, kind: str, key: str, text: str, what_to_do: str = "", task: Task | None = None
) -> Escalation:
    """Raise once per key while it is open: a repeat, also a concurrent one, returns the one that is there."""
    standing = Escalation.objects.filter(key=key[:120], status="open").first()
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            escalation = Escalation.objects.create(
                goal=goal,
                task=task,
                kind=kind,
                key=key[:120],
                text=text,
                what_to_do=what_to_do,
                raised_at=clock.now(),
            )
    except IntegrityError:
        # Somebody raised it between the look and the insert; the constraint decided who was first.
        return Escalation.objects.get(key=key[:120], status="open")
    subject = f"escalation:{escalation.pk}"
    told = {"kind": kind, "text": text, "task": str(task.pk) if task else ""}
    events.record(events.Happening(escalation.stream_id, "escalation.raised", subject, told))
    return escalation


@transaction.atomic
def escalation_resolve(*, escalation: Escalation, person: Person, resolution: str) -> Escalation:
    """A person says what was done about it."""
    words = resolution.strip()
    if not words or len(words) > LONGEST_ANSWER or "\x00" in words:
        raise Invalid({"resolution": "Say in a few words what was done about it."})
    actor = person_actor(person)
    move(
        escalation,
        "resolved",
        actor=actor,
        data={"resolution": words},
        resolved_by=person,
        resolved_at=clock.now(),
        resolution=words,
    )
    data = {"kind": escalation.kind, "text": escalation.text, "resolution": words}
    audit.append(actor=actor, what="escalation.resolved", subject=f"escalation:{escalation.pk}", data=data)
    return escalation


@transaction.atomic
def escalations_close(*, task: Task, person: Person, resolution: str) -> Sequence[Any]:
    """Resolve what is open about a task, because this person has just acted on it; returns the keys that moved."""
    words = resolution.strip() or "Done."
    return move_many(
        Escalation.objects.filter(task=task, status="open"),
        "resolved",
        actor=person_actor(person),
        data={"resolution": words},
        resolved_by=person,
        resolved_at=clock.now(),
        resolution=words,
    )


@transaction.atomic
def escalations_overtaken(*, tasks: QuerySet[Task], person: Person, resolution: str) -> Sequence[Any]:
    """Resolve what is open about these tasks, because of what this person has just done: one statement for all."""
    return move_many(
        Escalation.objects.filter(task__in=tasks, status="open"),
        "resolved",
        actor=person_actor(person),
        data={"resolution": resolution},
        resolved_by=person,
        resolved_at=clock.now(),
        resolution=resolution,
    )


@transaction.atomic
def escalation_expire(*, key: str, why: str) -> bool:
    """What was escalated has gone by itself; False when nothing was open."""
    return escalations_expire(keys=[key], why=why)


@transaction.atomic
def escalations_expire(*, keys: Collection[str], why: str) -> bool:
    """The same for many at once; False when nothing was open."""
    rows = Escalation.objects.filter(key__in=keys, status="open")
    return bool(move_many(rows, "expired", data={"why": why}, resolved_at=clock.now(), resolution=why))
