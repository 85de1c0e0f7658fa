"""From rows to the rule, the ballots and the open checks that ``engine.seats`` decides upon."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.accounts.models import Person
from apps.core.models import Event, InstallationSetting
from apps.engine.seats import ANY_GROUP, APPROVING, OBJECTIONS, OWNERS_GROUP, Ballot, Decision, OpenCheck, Rule, decide
from apps.gates.definitions import LABELS, SIGN_IN_MINUTES
from apps.gates.models import Check, Condition, Gate, GateDefinition, Round, Vote
from apps.goals.models import Goal

SOLO_SETTING = "solo_mode"
SOLO_SEAT = {"seat": "solo", "groups": [ANY_GROUP]}
# Events that say that a person changed the plan or an artifact by hand (guard rail 3).
EDITS = ("plan.edited", "task.edited", "artifact.edited")


def solo_mode() -> bool:
    """Whether each rule is one seat; on until an admin switches it off."""
    value = InstallationSetting.objects.filter(name=SOLO_SETTING).values_list("value", flat=True).first()
    return value is None or value is True


def frozen_rule(gate: Gate, definition: GateDefinition, *, solo: bool) -> dict[str, Any]:
    """The definition's rule as this round keeps it: the owner's group filled in, with everything that bears on it."""
    owners = gate.goal.group.slug
    seats = [
        {"seat": seat["seat"], "groups": [owners if group == OWNERS_GROUP else group for group in seat["groups"]]}
        for seat in definition.rule["seats"]
    ]
    return {
        "seats": [SOLO_SEAT] if solo else seats,
        "solo": solo,
        "conditions": definition.rule.get("conditions", True),
        "fresh_minutes": definition.rule.get("fresh_minutes", SIGN_IN_MINUTES),
        "undo_seconds": definition.undo_seconds,
        "blocking": definition.blocking_checks,
        "excluded": _excluded(gate.goal),
    }


def _excluded(goal: Goal) -> dict[str, str]:
    """Who does not count towards a rule of two, and why."""
    edits = Event.objects.filter(stream_id=goal.pk, type__in=EDITS, actor__kind="person")
    found = {
        actor["id"]: f"{actor['name']} edited the plan or its artifacts by hand."
        for actor in edits.order_by("seq").values_list("actor", flat=True)
    }
    found[str(goal.owner_id)] = f"{goal.owner} submitted this goal."
    return found


def rule_of(round: Round) -> Rule:
    return Rule.from_json(round.rule)


def votes_of(round: Round) -> list[Vote]:
    """All votes of a round, oldest first, with what a ballot needs of their persons: two queries."""
    votes = round.votes.select_related("person", "group").prefetch_related("person__seat_groups")
    return list(votes.order_by("id"))


def latest_votes(votes: Iterable[Vote]) -> list[Vote]:
    """Each person's newest vote unless it was taken back, oldest first."""
    newest = {vote.person_id: vote for vote in votes}
    return sorted((v for v in newest.values() if v.verdict != "withdraw"), key=lambda v: v.pk)


def groups_of(person: Person) -> frozenset[str]:
    """The groups a person may speak for now; none once the account is switched off."""
    return frozenset(group.slug for group in person.seat_groups.all()) if person.is_active else frozenset()


def ballots_of(rule: Rule, votes: Iterable[Vote]) -> list[Ballot]:
    return [_ballot(rule, vote) for vote in votes]


def _ballot(rule: Rule, vote: Vote) -> Ballot:
    groups = groups_of(vote.person)
    if vote.verdict in OBJECTIONS:
        # It was a member's when it was cast, and an objection is not silenced by changing the member's groups.
        groups = frozenset().union(*(seat.groups for seat in rule.seats))
    elif vote.group is not None:
        groups &= {vote.group.slug}
    return Ballot(
        person=str(vote.person_id),
        name=str(vote.person),
        groups=groups,
        verdict=vote.verdict,
        order=vote.pk,
        answers=answers_of(vote.items) if vote.verdict == "approve_with_conditions" else frozenset(),
    )


def answers_of(items: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(str(item["check"]) for item in items if item.get("check"))


def open_checks(round: Round) -> list[OpenCheck]:
    """The blocking checks of a round that have not passed, those nobody ran included."""
    rows = list(Check.objects.filter(round=round))
    return open_among(round, rows)


def open_among(round: Round, rows: Sequence[Check]) -> list[OpenCheck]:
    found = [OpenCheck(row.name, row.sentence) for row in rows if row.blocking and row.result != "passed"]
    known = {row.name for row in rows if row.blocking}
    absent = [name for name in round.rule["blocking"] if name not in known]
    return found + [OpenCheck(name, not_run_sentence(name)) for name in absent]


def not_run_sentence(name: str) -> str:
    return f"“{LABELS.get(name, name)}” was not run, so nobody knows."


def due_conditions(gate: Gate, *, but: Round | None = None) -> list[Condition]:
    """Open conditions that block this gate: due in its phase or before."""
    found = Condition.objects.filter(goal_id=gate.goal_id, status="open", due_phase__lte=gate.phase)
    return list(found.exclude(round=but) if but else found)


def decision_of(round: Round, votes: Sequence[Vote]) -> Decision:
    """What the votes of this round decide now."""
    rule = rule_of(round)
    return decide(rule, ballots_of(rule, votes), open_checks(round))


_OUTCOME_VERDICTS: Mapping[str, tuple[frozenset[str], str]] = {
    "passed": (APPROVING, "approved this round"),
    "changes_requested": (frozenset({"request_changes"}), "asked for changes"),
    "rejected": (frozenset({"reject"}), "rejected this round"),
}


def decided_by(round: Round) -> str:
    """Who decided a round and when, in a sentence; for a superseded one, that it was."""
    return decided_words(round, votes_of(round))


def decided_words(round: Round, votes: Sequence[Vote]) -> str:
    """The same from votes that were fetched with their persons."""
    if round.outcome not in _OUTCOME_VERDICTS or round.decided_at is None:
        return f"Round {round.number} was superseded: what it was about has changed."
    verdicts, did = _OUTCOME_VERDICTS[round.outcome]
    names = [str(vote.person) for vote in latest_votes(votes) if vote.verdict in verdicts]
    return f"{' and '.join(names)} {did} on {round.decided_at:%d %B %Y at %H:%M} UTC."
