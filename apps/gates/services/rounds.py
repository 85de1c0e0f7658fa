"""Rounds: begun, reviewed, frozen, superseded."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from apps.core import audit, clock, events
from apps.core.actors import HUB, Actor
from apps.core.errors import Conflict, StaleState
from apps.core.transitions import move
from apps.gates import rules
from apps.gates.definitions import CODES, newest
from apps.gates.guards import translated
from apps.gates.models import Check, Gate, Round
from apps.gates.results import CheckResult
from apps.goals.models import Goal

LIVE = ("reviewing", "open", "deciding")


@transaction.atomic
def gates_create(*, goal: Goal) -> list[Gate]:
    """The seven gates of a goal, pending; a repeat returns those that are there."""
    if not goal.gates.exists():
        for phase, code in enumerate(CODES, start=1):
            Gate.objects.create(goal=goal, phase=phase, code=code)
    return list(goal.gates.order_by("phase"))


@transaction.atomic
def round_begin(*, gate: Gate) -> Round:
    """Begin the next round of a pending gate: it is reviewing now. The rule is frozen from the newest definition."""
    gate = gate_locked(gate)
    definition, solo, moment = newest(gate.code), rules.solo_mode(), clock.now()
    last = gate.rounds.aggregate(last=Max("number"))["last"] or 0
    move(gate, "reviewing", data={"round": last + 1})
    with translated():
        return Round.objects.create(
            gate=gate,
            number=last + 1,
            definition=definition,
            rule=rules.frozen_rule(gate, definition, solo=solo),
            solo=solo,
            began_at=moment,
            reviewing_until=moment + timedelta(minutes=definition.review_minutes),
        )


@transaction.atomic
def checks_store(*, round: Round, checks: Sequence[CheckResult]) -> list[Check]:
    """Store results for a round that is not frozen yet; a result with the same name and source is replaced."""
    with translated():
        return [
            Check.objects.update_or_create(
                round=round,
                name=one.name,
                source=one.source,
                defaults={
                    "blocking": one.blocking,
                    "result": one.result,
                    "sentence": one.sentence,
                    "proof": dict(one.proof),
                },
            )[0]
            for one in checks
        ]


@transaction.atomic
def evidence_freeze(*, round: Round, evidence: Mapping[str, Any], tree: str) -> Round:
    """Freeze what people decide on, and open the gate. A blocking check that is missing is stored as not run."""
    gate = gate_locked(round.gate)
    round = Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    if round.outcome or round.evidence_digest:
        raise StaleState("The evidence of this round is frozen already, or the round is over.")
    absent = set(round.rule["blocking"]) - set(round.checks.filter(blocking=True).values_list("name", flat=True))
    checks_store(
        round=round, checks=[CheckResult(name, "not_run", rules.not_run_sentence(name)) for name in sorted(absent)]
    )
    moment = clock.now()
    round.evidence, round.evidence_digest, round.tree = dict(evidence), audit.digest_of(evidence), tree
    round.opened_at, round.due_at = moment, moment + timedelta(hours=round.definition.deadline_hours)
    with translated():
        round.save(update_fields=["evidence", "evidence_digest", "tree", "opened_at", "due_at"])
    move(gate, "open", data={"round": round.number, "evidence_digest": round.evidence_digest})
    return round


@transaction.atomic
def round_supersede(*, round: Round, why: str, actor: Actor = HUB) -> Round:
    """End a live round because what it was about has changed; its gate is pending again. Does not count as a round."""
    gate = gate_locked(round.gate)
    round = Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    if round.outcome:
        raise Conflict(rules.decided_by(round))
    _end_superseded(round)
    move(gate, "pending", actor=actor, data={"round": round.number, "why": why})
    return round


@transaction.atomic
def gates_reopen(*, goal: Goal, from_phase: int, to_phase: int, actor: Actor, why: str) -> list[Gate]:
    """Put the gates of these phases back to pending, superseding their live rounds. Clearances are another call."""
    return _put(goal, range(from_phase, to_phase + 1), "pending", {"pending", "closed"}, actor, why)


@transaction.atomic
def gates_close(*, goal: Goal, actor: Actor, why: str) -> list[Gate]:
    """Close all gates of a goal that has ended."""
    return _put(goal, range(1, 8), "closed", {"closed"}, actor, why)


def _put(
    goal: Goal, phases: Collection[int], status: str, already: Collection[str], actor: Actor, why: str
) -> list[Gate]:
    gates = list(
        goal.gates.filter(phase__in=phases).exclude(status__in=already).order_by("phase").select_for_update(no_key=True)
    )
    for gate in gates:
        if gate.status in LIVE:
            for round in gate.rounds.filter(outcome=""):
                _end_superseded(round)
        move(gate, status, actor=actor, data={"why": why})
    return gates


def _end_superseded(round: Round) -> None:
    round.outcome, round.decided_at, round.deciding_until = "superseded", clock.now(), None
    round.save(update_fields=["outcome", "decided_at", "deciding_until"])


def gate_locked(gate: Gate) -> Gate:
    """The gate as it is now, locked until the commit: who decides waits here for whoever decides just now."""
    events.lock_streams([gate.goal_id])
    return (
        Gate.objects.select_for_update(of=("self",), no_key=True)
        .select_related("goal__group", "goal__owner")
        .get(pk=gate.pk)
    )
