"""What becomes of a decision once the time in which it can be taken back is over."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from apps.accounts.models import Person
from apps.core import audit, clock, events
from apps.core.actors import HUB
from apps.core.transitions import move
from apps.engine import seats
from apps.gates import rules
from apps.gates.models import ChangeItem, Condition, Gate, Round, Vote
from apps.gates.results import Decision
from apps.gates.services.clearances import clearance_for_round
from apps.gates.services.rounds import gate_locked


@transaction.atomic
def decision_settle(*, gate: Gate) -> Decision | None:
    """Carry out the decision of a gate whose window is over; None when there is nothing to carry out (yet).

    Passing makes the clearance of the next phase, with its seats and conditions. What a rejection undoes (clearances,
    gates, tasks) is the caller's, in the same transaction.
    """
    gate = gate_locked(gate)
    if gate.status != "deciding":
        return None
    round = Round.objects.select_for_update(no_key=True).get(gate=gate, outcome="")
    if round.deciding_until is None or clock.now() < round.deciding_until:
        return None
    votes = rules.latest_votes(rules.votes_of(round))
    decision = rules.decision_of(round, votes)
    if decision.passes and rules.due_conditions(gate):
        _reopen(gate, round, "A condition that is due here is open again.")
        return None
    if decision.passes:
        return _pass(gate, round, votes, decision)
    if decision.outcome == "changes":
        return _request_changes(gate, round, votes, decision)
    if decision.outcome == "reject":
        return _reject(gate, round, votes, decision)
    # Somebody who voted has left their group, or their account was switched off, since the decision was made.
    _reopen(gate, round, decision.sentence)
    return None


def _reopen(gate: Gate, round: Round, why: str) -> None:
    round.deciding_until = None
    round.save(update_fields=["deciding_until"])
    move(gate, "open", data={"round": round.number, "why": why})


def _pass(gate: Gate, round: Round, votes: Sequence[Vote], decision: seats.Decision) -> Decision:
    _end(gate, round, "passed", decision.sentence)
    by_person = {str(vote.person_id): vote for vote in votes}
    seated = {seat: by_person[person] for seat, person in decision.seats.items()}
    conditions = _conditions(gate, round, votes)
    clearance = clearance_for_round(
        round,
        goal=gate.goal,
        phase=gate.phase + 1,
        seats=seated,
        overridden=decision.outcome == "override",
        sentence=decision.sentence,
    )
    if decision.outcome == "override":
        reasons = {str(vote.person): vote.comment for vote in votes if vote.verdict == "override"}
        checks = [check.name for check in rules.open_checks(round)]
        _audit(gate, round, "checks.overridden", {"reasons": reasons, "checks": checks})
    return Decision("passed", round, votes, decision.sentence, clearance=clearance, conditions=conditions)


def _conditions(gate: Gate, round: Round, votes: Sequence[Vote]) -> list[Condition]:
    """The conditions demanded by approvals, one for each distinct demand."""
    made: dict[tuple[str, str], Condition] = {}
    named = {item["owner"] for vote in votes for item in vote.items if item.get("owner")}
    owners = {person.username: person for person in Person.objects.filter(username__in=named)}
    for vote in votes:
        if vote.verdict != "approve_with_conditions":
            continue
        for item in vote.items:
            key = (item["check"], item["text"])
            made[key] = made.get(key) or Condition.objects.create(
                goal_id=gate.goal_id,
                round=round,
                text=item["text"],
                check_name=item["check"],
                owner=owners.get(item.get("owner", ""), vote.person),
                due_phase=item["due_phase"],
            )
    for condition in made.values():
        told = {"text": condition.text, "due_phase": condition.due_phase}
        events.record(events.Happening(gate.goal_id, "condition.opened", f"condition:{condition.pk}", told))
    return list(made.values())


def _request_changes(gate: Gate, round: Round, votes: Sequence[Vote], decision: seats.Decision) -> Decision:
    asked = [(vote, item) for vote in votes if vote.verdict == "request_changes" for item in vote.items]
    items = ChangeItem.objects.bulk_create(
        ChangeItem(round=round, vote=vote, number=number, text=item["text"], anchor=item["anchor"])
        for number, (vote, item) in enumerate(asked, start=1)
    )
    _end(gate, round, "changes_requested", decision.sentence)
    return Decision("changes_requested", round, votes, decision.sentence, items=items)


def _reject(gate: Gate, round: Round, votes: Sequence[Vote], decision: seats.Decision) -> Decision:
    first = next(vote for vote in votes if vote.verdict == "reject")
    _end(gate, round, "rejected", decision.sentence)
    return Decision("rejected", round, votes, decision.sentence, to_phase=first.to_phase)


def _end(gate: Gate, round: Round, outcome: str, sentence: str) -> None:
    round.outcome, round.decided_at = outcome, clock.now()
    round.save(update_fields=["outcome", "decided_at"])
    move(gate, outcome, data={"round": round.number, "why": sentence})
    _audit(gate, round, f"gate.{outcome}", {"why": sentence})


def _audit(gate: Gate, round: Round, what: str, data: dict[str, Any]) -> None:
    marks = {"gate": gate.code, "goal": str(gate.goal_id), "round": round.number, "solo": round.solo}
    digest = {"evidence_digest": round.evidence_digest}
    audit.append(actor=HUB, what=what, subject=f"gate:{gate.pk}", data={**marks, **digest, **data})


@transaction.atomic
def change_item_answer(*, item: ChangeItem, answer: str, proof: dict[str, Any], task_id: Any = None) -> ChangeItem:
    """Note what came of a requested change (done, not_done) with the proof, or which task was reopened for it."""
    item.answer, item.proof = answer, proof
    item.task_id = task_id or item.task_id
    item.save(update_fields=["answer", "proof", "task_id"])
    return item
