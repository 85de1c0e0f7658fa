"""Actions by which people decide: votes, answers, ticks, conditions, escalations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from apps.accounts import policy
from apps.accounts.models import Group, Person
from apps.core import audit, events, transitions
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Unprocessable
from apps.gates import services as gates
from apps.gates.models import Condition, Gate, Vote
from apps.goals import services as goals
from apps.goals.models import Requirement
from apps.hub import decomposing, resupplying
from apps.inbox import services as inbox
from apps.inbox.models import Escalation, Question


@atomic_again
def gate_vote(
    *,
    person: Person,
    gate: Gate,
    verdict: str,
    evidence_digest: str,
    comment: str = "",
    group: Group | None = None,
    items: Sequence[Mapping[str, Any]] = (),
    to_phase: int | None = None,
    reason_code: str = "",
    signed_in_at: datetime | None = None,
) -> Vote:
    """Cast a person's vote on the evidence they saw."""
    policy.require(person, "gate.vote", gate)
    if verdict == "request_changes" and (why_not := resupplying.only_supplied(gate)):
        raise Unprocessable(why_not)
    return gates.vote_cast(
        person=person,
        gate=gate,
        verdict=verdict,
        evidence_digest=evidence_digest,
        comment=comment,
        group=group,
        items=items,
        to_phase=to_phase,
        reason_code=reason_code,
        signed_in_at=signed_in_at,
    )


@atomic_again
def question_answer(*, question: Question, person: Person, answer: str) -> Question:
    """Answer a question; an open QG-PHASE1 looks at the evidence anew, because an assumption has become an answer."""
    policy.require(person, "question.answer", question)
    answered = inbox.question_answer(question=question, person=person, answer=answer)
    _supersede(question.goal_id, phase=1, why=f"A question was answered: {question.text}", person=person)
    return answered


@atomic_again
def requirement_tick(*, requirement: Requirement, person: Person, done: bool = True) -> Requirement:
    """Tick a manual requirement: a person has seen it hold. An open QG-PHASE6 takes its evidence anew."""
    ticked = goals.requirement_tick(requirement=requirement, person=person, done=done)
    audit.append(
        actor=person_actor(person),
        what="requirement.ticked" if done else "requirement.unticked",
        subject=f"goal:{requirement.goal_id}",
        data={"requirement": requirement.number, "text": requirement.text},
    )
    _supersede(requirement.goal_id, phase=6, why=f"Requirement {requirement.number} was ticked.", person=person)
    return ticked


@atomic_again
def condition_close(*, condition: Condition, person: Person, status: str, words: str = "") -> Condition:
    """Say that a condition is met, or waive it. The open gate of its due phase takes its evidence anew."""
    policy.require(person, "condition.close", condition)
    closed = gates.condition_close(condition=condition, person=person, status=status, words=words)
    for phase in range(condition.due_phase, 8):
        _supersede(condition.goal_id, phase=phase, why=f"A condition was closed: {condition.text}", person=person)
    return closed


@atomic_again
def escalation_resolve(*, escalation: Escalation, person: Person, resolution: str) -> Escalation:
    """A person says what was done about it; a task that waits only for that is tried again with their words."""
    policy.require(person, "escalation.resolve", escalation)
    resolved = inbox.escalation_resolve(escalation=escalation, person=person, resolution=resolution)
    if resolved.kind == "decomposition":
        decomposing.answered_by_hand(escalation=resolved, person=person)
    return resolved


def _supersede(goal_id: Any, *, phase: int, why: str, person: Person) -> None:
    """What people are looking at has changed: the live round ends, and the hub begins another."""
    events.lock_streams([goal_id])
    gate = Gate.objects.select_for_update(no_key=True).get(goal=goal_id, phase=phase)
    live = gate.rounds.filter(outcome="").first()
    if live is not None and gate.status in ("reviewing", "open", "deciding"):
        gates.round_supersede(round=live, why=why)
        gate.refresh_from_db()
        if gate.status != "pending":
            transitions.move(gate, "pending", actor=person_actor(person), data={"why": why})
