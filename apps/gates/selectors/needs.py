"""Which gates wait, and for whom."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from apps.accounts import policy
from apps.accounts.models import Person
from apps.engine.seats import ANY_GROUP, Ballot, Rule, Seat, decide, helps, latest, may_sit
from apps.gates import rules
from apps.gates.models import Check, Round, Vote


def gates_open() -> QuerySet[Round]:
    """The live rounds of gates that are open or deciding, with votes and checks: a fixed number of queries."""
    votes = Vote.objects.select_related("person", "group").prefetch_related("person__seat_groups").order_by("id")
    return (
        Round.objects.filter(outcome="", gate__status__in=["open", "deciding"])
        .select_related("gate__goal__group", "definition")
        .prefetch_related(Prefetch("votes", votes), Prefetch("checks", Check.objects.order_by("-blocking", "name")))
        .order_by("opened_at", "pk")
    )


@dataclass(frozen=True)
class Waiting:
    """For whom a round waits: ``needed`` may fill a seat that nobody fills yet, ``voted`` have a vote that stands."""

    needed: frozenset[str]
    voted: frozenset[str]
    sentence: str


def voters() -> list[Person]:
    """Everybody who may vote, with their groups: two queries."""
    people = Person.objects.filter(is_active=True).prefetch_related("seat_groups").order_by("username")
    return [person for person in people if policy.allows(person, "gate.vote")]


def waiting_for(round: Round, people: Iterable[Person]) -> Waiting:
    """Who is needed at this round now. Reads only what ``gates_open`` has fetched."""
    rule = rules.rule_of(round)
    votes = list(round.votes.all())
    ballots = latest(rules.ballots_of(rule, votes))
    decision = decide(rule, ballots, rules.open_among(round, list(round.checks.all())))
    voted = frozenset(str(vote.person_id) for vote in rules.latest_votes(votes))
    candidates = [one for one in people if str(one.pk) not in voted]
    if decision.outcome != "undecided":
        candidates = []
    elif decision.missing:
        seated = [ballot for ballot in ballots if ballot.person in decision.seats.values()]
        candidates = [one for one in candidates if helps(rule, seated, _approval(one))]
    else:  # an override lacks its second person: whoever may sit at all can be that
        candidates = [one for one in candidates if fits(rule, rule.seats, one)]
    return Waiting(frozenset(str(one.pk) for one in candidates), voted, decision.sentence)


def _approval(person: Person) -> Ballot:
    return Ballot(str(person.pk), str(person), rules.groups_of(person), "approve", 0)


def fits(rule: Rule, seats: Iterable[Seat], person: Person) -> bool:
    """Would this person's approval fill one of these seats?"""
    groups = rules.groups_of(person)
    return not rule.bars(str(person.pk)) and any(seat.open_to(groups) for seat in seats)


def may_object(rule: Rule, person: Person) -> bool:
    return may_sit(rule, rules.groups_of(person))


def group_words(seat: Seat) -> str:
    return "anybody of the command group" if ANY_GROUP in seat.groups else " or ".join(sorted(seat.groups))
