"""All that the page of a gate shows of the decision itself. Effects of yes and no are computed above, from the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit
from apps.engine.seats import Decision, OpenCheck, Rule, decide
from apps.gates import rules
from apps.gates.difference import difference
from apps.gates.models import ChangeItem, Check, Condition, Gate, GateDefinition, Round, Vote
from apps.gates.selectors import needs

# From this round on the page proposes replanning before another request for changes.
REPLAN_FROM_ROUND = 3
CLOSED_WORDS: Mapping[str, str] = {
    "pending": "The tasks of this phase are not done yet.",
    "reviewing": "The reviews are not in yet. The gate opens when they are, or when their time is over.",
    "closed": "The goal has ended.",
}


@dataclass(frozen=True)
class SeatState:
    """A seat: for whom it is, who fills it now, and who could."""

    name: str
    open_to: str
    filled_by: str
    who_can: Sequence[str]


@dataclass(frozen=True)
class Button:
    """One action; ``why_not`` is empty when it is possible, else the words that a disabled button shows."""

    verdict: str
    why_not: str = ""

    @property
    def enabled(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class GatePage:
    """What a person needs to decide at one gate. ``round`` is the newest; None before the first."""

    gate: Gate
    definition: GateDefinition
    round: Round | None
    fresh: bool
    decision: Decision | None
    closed_words: str
    seats: Sequence[SeatState]
    votes: Sequence[Vote]
    my_vote: Vote | None
    my_vote_counts_for: str
    buttons: Mapping[str, Button]
    checks: Sequence[Check]
    open_checks: Sequence[OpenCheck]
    conditions_due: Sequence[Condition]
    change_items: Sequence[ChangeItem]
    changed: Sequence[Mapping[str, Any]]
    changed_since: int | None
    rounds: Sequence[Round]
    propose_replan: bool
    deciding_until: datetime | None
    solo: bool


def gate_page(*, gate: Gate, person: Person) -> GatePage:
    """The page of a gate for one person; a fixed number of queries."""
    rounds = list(gate.rounds.select_related("definition").order_by("number"))
    newest = rounds[-1] if rounds else None
    definition = newest.definition if newest else GateDefinition.objects.filter(code=gate.code).order_by("-version")[0]
    previous = _previous(rounds)
    checks = _failing_first(newest.checks.all()) if newest else []
    votes = rules.votes_of(newest) if newest else []
    standing = rules.latest_votes(votes)
    rule = rules.rule_of(newest) if newest else None
    open_checks = rules.open_among(newest, checks) if newest else []
    decision = decide(rule, rules.ballots_of(rule, votes), open_checks) if rule else None
    due = rules.due_conditions(gate)
    mine = next((vote for vote in standing if vote.person_id == person.pk), None)
    return GatePage(
        gate=gate,
        definition=definition,
        round=newest,
        fresh=bool(newest and newest.evidence and audit.digest_of(newest.evidence) == newest.evidence_digest),
        decision=decision,
        closed_words=closed_words(gate, newest),
        seats=_seats(rule, decision, needs.voters()) if rule and decision else [],
        votes=standing,
        my_vote=mine,
        my_vote_counts_for=counts_for(rule, person) if rule else "",
        buttons=_buttons(gate, newest, rule, person, open_checks, due, mine),
        checks=checks,
        open_checks=open_checks,
        conditions_due=due,
        change_items=list(previous.change_items.order_by("number")) if previous else [],
        changed=_changed(previous, newest),
        changed_since=previous.number if previous else None,
        rounds=rounds,
        propose_replan=sum(one.outcome != "superseded" for one in rounds) >= REPLAN_FROM_ROUND,
        deciding_until=newest.deciding_until if newest and gate.status == "deciding" else None,
        solo=bool(newest and newest.solo),
    )


def _previous(rounds: Sequence[Round]) -> Round | None:
    """The last round that people decided before the newest: what "changed since" compares with."""
    return next((one for one in reversed(rounds[:-1]) if one.outcome in {"changes_requested", "rejected"}), None)


def _failing_first(checks: Any) -> list[Check]:
    order = ("failed", "not_run", "passed")
    return sorted(checks, key=lambda one: (not one.blocking, order.index(one.result), one.name, one.source))


def _changed(previous: Round | None, newest: Round | None) -> list[dict[str, Any]]:
    if previous is None or newest is None or not newest.evidence:
        return []
    return difference(previous.evidence or {}, newest.evidence)


def closed_words(gate: Gate, newest: Round | None) -> str:
    """Why nobody can vote now; empty while the gate is open."""
    if gate.status in {"open", "deciding"}:
        return ""
    if gate.status in CLOSED_WORDS:
        return CLOSED_WORDS[gate.status]
    return rules.decided_by(newest) if newest else CLOSED_WORDS["pending"]


def _seats(rule: Rule, decision: Decision, people: Sequence[Person]) -> list[SeatState]:
    names = {str(person.pk): str(person) for person in people}
    return [
        SeatState(
            name=seat.name,
            open_to=needs.group_words(seat),
            filled_by=names.get(decision.seats.get(seat.name, ""), ""),
            who_can=[str(person) for person in people if needs.fits(rule, [seat], person)],
        )
        for seat in rule.seats
    ]


def counts_for(rule: Rule, person: Person) -> str:
    """What this person's vote counts for, in words."""
    seats = [seat.name for seat in rule.seats if seat.open_to(rules.groups_of(person))]
    if not seats:
        return "Your vote fills no seat here: you are in none of the groups that this gate asks."
    if barred := rule.bars(str(person.pk)):
        return f"Your approval does not count here: {barred} You can ask for changes or reject."
    return f"Your vote fills the seat of {' or '.join(seats)}."


def _buttons(
    gate: Gate,
    newest: Round | None,
    rule: Rule | None,
    person: Person,
    open_checks: Sequence[OpenCheck],
    due: Sequence[Condition],
    mine: Vote | None,
) -> dict[str, Button]:
    closed = closed_words(gate, newest)
    never = _never(rule, person, closed)
    held = f"Still open: “{due[0].text}” Say that it is met, or waive it, first." if due else ""
    failing = open_checks[0].sentence if open_checks else ""
    conditions = "" if rule is None or rule.conditions else "At this gate everything has to be true now."
    nothing = "" if open_checks else "No check has failed: approve instead."
    reasons = {
        "approve": never or held or failing,
        "approve_with_conditions": never or held or conditions,
        "request_changes": never,
        "reject": never,
        "override": never or held or nothing,
        "withdraw": closed or ("" if mine else "You have no vote to take back."),
    }
    return {verdict: Button(verdict, why) for verdict, why in reasons.items()}


def _never(rule: Rule | None, person: Person, closed: str) -> str:
    """What stops this person from voting at all."""
    answer = policy.allows(person, "gate.vote")
    if isinstance(answer, policy.Refused):
        return answer.sentence
    if closed or rule is None:
        return closed or CLOSED_WORDS["pending"]
    return "" if needs.may_object(rule, person) else counts_for(rule, person)
