"""Voting: what a signed-in person decides about the evidence that they saw."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps.accounts import policy
from apps.accounts.models import Group, Person
from apps.core import audit, clock, events
from apps.core.actors import person_actor
from apps.core.errors import Conflict, Invalid, NotAllowed, StaleEvidence, Unprocessable
from apps.core.transitions import move
from apps.engine.seats import APPROVING, OBJECTIONS, Decision, Rule, may_sit
from apps.gates import rules
from apps.gates.ballot_papers import Paper, cleaned
from apps.gates.definitions import FRESH_MINUTES, SIGN_IN_MINUTES
from apps.gates.difference import difference
from apps.gates.guards import translated
from apps.gates.models import Gate, Round, Vote
from apps.gates.services.rounds import gate_locked


@transaction.atomic
def vote_cast(
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
    signed_in_at: datetime | None,
) -> Vote:
    """Cast or change one person's vote; the gate goes to deciding when the votes decide, and back when they don't.

    ``signed_in_at`` is when the person's session gave a password; None is refused (no token votes).
    ``group`` is the group they speak for; without one, the vote may fill a seat of any of their groups.
    ``items``: conditions ``{"text", "check", "due_phase"}`` or changes ``{"text", "anchor"}``.
    Raises ``NotAllowed``, ``Conflict`` (who decided, and when), ``StaleEvidence`` (with the difference),
    ``Unprocessable`` (a check's sentence), ``Invalid``.
    """
    policy.require(person, "gate.vote", gate)
    gate = gate_locked(gate)
    round = _live_round(gate)
    rule = rules.rule_of(round)
    _require_recent(signed_in_at, rule, verdict)
    _require_same_evidence(gate, round, evidence_digest)
    votes = rules.votes_of(round)
    _require_turn(gate, round, votes, person, verdict)
    spoken_for = _require_membership(person, group, rule, verdict)
    if verdict in APPROVING:
        _require_conditions_closed(gate)
    paper = cleaned(
        Paper(verdict, comment, items, to_phase, reason_code),
        phase=gate.phase,
        rule=rule,
        open_checks=rules.open_checks(round),
    )
    _require_owners(paper)
    with translated():
        vote = Vote.objects.create(
            round=round,
            person=person,
            group=spoken_for,
            verdict=paper.verdict,
            comment=paper.comment,
            reason_code=paper.reason_code,
            to_phase=paper.to_phase,
            items=list(paper.items),
            evidence_digest=evidence_digest,
            at=clock.now(),
        )
    _tell(vote, gate, signed_in_at)
    _follow(gate, round, before=rules.decision_of(round, votes))
    return vote


def _live_round(gate: Gate) -> Round:
    if gate.status not in {"open", "deciding"}:
        last = gate.rounds.select_related("gate").order_by("-number").first()
        if gate.status == "pending" or last is None:
            raise Conflict("This gate is not open: its phase is not done yet.")
        if gate.status == "reviewing":
            raise Conflict("This gate is being reviewed. It opens when the reviews are there.")
        raise Conflict(f"This gate is closed. {rules.decided_by(last)}", outcome=last.outcome)
    return Round.objects.select_for_update(no_key=True).get(gate=gate, outcome="")


def _require_recent(signed_in_at: datetime | None, rule: Rule, verdict: str) -> None:
    if signed_in_at is None:
        raise NotAllowed("Only a signed-in person's own session votes. Sign in and vote on the gate's page.")
    minutes = fresh_minutes(rule, verdict)
    if minutes and clock.now() - signed_in_at > timedelta(minutes=minutes):
        raise NotAllowed(
            f"You signed in more than {_span(minutes)} ago. Sign in again, then decide.", sign_in_again=True
        )


def fresh_minutes(rule: Rule, verdict: str) -> int:
    """How old a sign-in may be for this verdict; taking back and objecting are never held up by a stricter rule."""
    if verdict == "override":
        return min(FRESH_MINUTES, rule.fresh_minutes or FRESH_MINUTES)
    return rule.fresh_minutes if verdict in APPROVING else max(rule.fresh_minutes, SIGN_IN_MINUTES)


def _span(minutes: int) -> str:
    return f"{minutes // 60} hours" if minutes % 60 == 0 and minutes > 60 else f"{minutes} minutes"


def _require_same_evidence(gate: Gate, round: Round, seen: str) -> None:
    if seen == round.evidence_digest:
        return
    old = Round.objects.filter(gate=gate, evidence_digest=seen).order_by("-number").first() if seen else None
    changed = difference(old.evidence or {}, round.evidence or {}) if old else []
    raise StaleEvidence(
        "The evidence has changed since you saw it, so your vote was not counted. Look at what changed, then decide.",
        difference=changed,
        evidence_digest=round.evidence_digest,
        round=round.number,
    )


def _require_turn(gate: Gate, round: Round, votes: Sequence[Vote], person: Person, verdict: str) -> None:
    """While a decision waits for its window: its makers may change their votes, others may still object."""
    mine = [vote for vote in rules.latest_votes(votes) if vote.person_id == person.pk]
    if verdict == "withdraw" and not mine:
        raise Conflict("You have no vote to take back.")
    if gate.status == "deciding" and not mine and verdict not in OBJECTIONS:
        decision = rules.decision_of(round, votes)
        at = max(vote.at for vote in votes)
        raise Conflict(
            f"{decision.sentence} That was on {at:%d %B %Y at %H:%M} UTC; it takes effect in a moment.",
            outcome=decision.outcome,
        )


def _require_membership(person: Person, group: Group | None, rule: Rule, verdict: str) -> Group | None:
    """Refuse somebody who speaks for none of the seats' groups; returns the group where there is only one to mean."""
    if verdict == "withdraw":
        return None
    own = {each.slug: each for each in person.seat_groups.all()}
    if group is not None and group.slug not in own:
        raise NotAllowed(f"You are not a member of {group.name}, so you can't speak for them.")
    speaking = frozenset({group.slug} if group else own)
    if not may_sit(rule, speaking):
        wanted = sorted({name for seat in rule.seats for name in seat.groups})
        raise NotAllowed(f"At this gate only members of {' or '.join(wanted)} vote. Ask an admin if you should be one.")
    fitting = [slug for slug in own if may_sit(rule, frozenset({slug}))]
    return own[fitting[0]] if group is None and len(fitting) == 1 else group


def _require_conditions_closed(gate: Gate) -> None:
    due = rules.due_conditions(gate)
    if due:
        raise Unprocessable(
            f"A condition that is due here is still open: “{due[0].text}” Say that it is met, or waive it, first.",
            conditions=[str(condition.pk) for condition in due],
        )


def _require_owners(paper: Paper) -> None:
    """Who is to see to a condition has to be somebody; without a name it is whoever demands it."""
    wanted = {item["owner"] for item in paper.items if item.get("owner")}
    known = set(Person.objects.filter(username__in=wanted, is_active=True).values_list("username", flat=True))
    if wanted - known:
        raise Invalid({"conditions": f"There is nobody called {', '.join(sorted(wanted - known))}."})


def _tell(vote: Vote, gate: Gate, signed_in_at: datetime | None) -> None:
    data = {
        "goal": str(gate.goal_id),
        "gate": gate.code,
        "round": str(vote.round_id),
        "vote": vote.pk,
        "verdict": vote.verdict,
        "group": vote.group.slug if vote.group else "",
        "comment": vote.comment,
        "reason_code": vote.reason_code,
        "to_phase": vote.to_phase,
        "items": vote.items,
        "evidence_digest": vote.evidence_digest,
        "signed_in_at": signed_in_at.isoformat() if signed_in_at else None,
    }
    actor, subject = person_actor(vote.person), f"gate:{gate.pk}"
    audit.append(actor=actor, what="vote.cast", subject=subject, data=data)
    told = {"verdict": vote.verdict, "gate": gate.code, "phase": gate.phase, "person": str(vote.person)}
    events.record(events.Happening(gate.goal_id, "vote.cast", subject, told), actor=actor)


def _follow(gate: Gate, round: Round, *, before: Decision) -> None:
    """Bring the gate to where the votes are now: open, or deciding with a window that begins with the decision."""
    after = rules.decision_of(round, rules.votes_of(round))
    if after.outcome == "undecided":
        if gate.status == "deciding":
            _window(round, None)
            move(gate, "open", data={"round": round.number, "why": "The decision was taken back."})
        return
    if gate.status == "deciding" and after.outcome == before.outcome:
        return
    _window(round, clock.now() + timedelta(seconds=round.rule["undo_seconds"]))
    if gate.status == "open":
        until = round.deciding_until.isoformat() if round.deciding_until else ""
        move(gate, "deciding", data={"round": round.number, "outcome": after.outcome, "until": until})


def _window(round: Round, until: datetime | None) -> None:
    round.deciding_until = until
    round.save(update_fields=["deciding_until"])
