"""Who fills which seat of a gate's rule, and what the votes together decide.

Votes are matched to seats as a maximum matching of a bipartite graph (Galil, "Efficient algorithms for finding maximum
matching in graphs", ACM Computing Surveys 18(1), 1986, as networkx has it), not in the order of the clicks: whoever can
sit on two seats never keeps a colleague from the only seat that is open to them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

# A seat open to any member of any group of the command group.
ANY_GROUP = "*"
# In a definition: the group of the goal's owner. A round's frozen rule names the group itself.
OWNERS_GROUP = "@owner"

APPROVING = frozenset({"approve", "approve_with_conditions", "override"})
OBJECTIONS = frozenset({"request_changes", "reject"})
OVERRIDE_PERSONS = 2


class RuleError(ValueError):
    """The rule's data is not a rule; the message says what is wrong with it."""


@dataclass(frozen=True)
class Seat:
    """A place in a rule that one person fills, speaking for one of ``groups``."""

    name: str
    groups: frozenset[str]

    def open_to(self, groups: frozenset[str]) -> bool:
        """Can somebody who speaks for ``groups`` sit here?"""
        return bool(groups) and (ANY_GROUP in self.groups or not self.groups.isdisjoint(groups))


@dataclass(frozen=True)
class Rule:
    """An approver rule: all seats filled by distinct persons.

    ``excluded`` maps a person to the reason why they don't count towards a rule of two or more seats.

    >>> Rule.from_json({"seats": [{"seat": "quality", "groups": ["quality"]}]}).seats[0].name
    'quality'
    """

    seats: tuple[Seat, ...]
    solo: bool = False
    conditions: bool = True
    fresh_minutes: int = 0
    excluded: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Any) -> "Rule":
        """Read a definition's or a round's rule. Raises ``RuleError``."""
        if not isinstance(data, Mapping) or not isinstance(data.get("seats"), list) or not data["seats"]:
            raise RuleError("A rule needs a list of seats with at least one seat.")
        seats = tuple(_seat(entry) for entry in data["seats"])
        if len({seat.name for seat in seats}) != len(seats):
            raise RuleError("Two seats of a rule can't have the same name.")
        fresh = data.get("fresh_minutes", 0)
        if isinstance(fresh, bool) or not isinstance(fresh, int) or fresh < 0:
            raise RuleError("fresh_minutes must be a whole number of minutes, 0 or more.")
        excluded = data.get("excluded", {})
        if not isinstance(excluded, Mapping):
            raise RuleError("excluded must map persons to reasons.")
        return cls(
            seats=seats,
            solo=bool(data.get("solo", False)),
            conditions=bool(data.get("conditions", True)),
            fresh_minutes=fresh,
            excluded={str(person): str(why) for person, why in excluded.items()},
        )

    def bars(self, person: str) -> str:
        """Why this person does not count here; empty when they do."""
        counts_anyway = self.solo or len(self.seats) < 2
        return "" if counts_anyway else self.excluded.get(person, "")


def _seat(entry: Any) -> Seat:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("seat"), str) or not entry["seat"].strip():
        raise RuleError("Each seat needs a name.")
    groups = entry.get("groups")
    if not isinstance(groups, list) or not groups or not all(isinstance(group, str) and group for group in groups):
        raise RuleError(f"The seat {entry['seat']!r} needs a list of groups.")
    return Seat(entry["seat"], frozenset(groups))


@dataclass(frozen=True)
class Ballot:
    """One vote, as the rule sees it.

    ``groups`` are those it may speak for: the one that was named, or all of the person's when none was.
    ``answers`` are the checks for which it names a condition. ``order`` grows with time.
    """

    person: str
    name: str
    groups: frozenset[str]
    verdict: str
    order: int
    answers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class OpenCheck:
    """A blocking check that is failed or was not run, with the sentence a person reads."""

    name: str
    sentence: str


@dataclass(frozen=True)
class Decision:
    """What the votes decide: ``undecided``, ``approve``, ``changes``, ``reject`` or ``override``.

    ``seats`` maps seats to persons (also while undecided), ``missing`` are the seats nobody fills yet, ``persons``
    are those whose votes make the decision, ``sentence`` is for people.
    """

    outcome: str
    seats: Mapping[str, str]
    missing: tuple[Seat, ...]
    persons: tuple[str, ...]
    sentence: str

    @property
    def passes(self) -> bool:
        return self.outcome in {"approve", "override"}


def latest(ballots: Iterable[Ballot]) -> list[Ballot]:
    """Each person's newest ballot that has not been taken back, in the order of the persons' names."""
    newest: dict[str, Ballot] = {}
    for ballot in ballots:
        if ballot.person not in newest or ballot.order > newest[ballot.person].order:
            newest[ballot.person] = ballot
    return sorted((b for b in newest.values() if b.verdict != "withdraw"), key=lambda b: (b.name, b.person))


def match(rule: Rule, ballots: Sequence[Ballot]) -> dict[str, str]:
    """A maximum matching of seats to persons, the same whatever the order of ``ballots``.

    Among the maximum matchings one is taken that fills seats of named groups before seats open to anybody, so that
    what is still missing is as easy to find as possible. Further ties are broken by names: the graph is built from
    sorted seats and persons, and the algorithm is deterministic.

    >>> rule = Rule.from_json({"seats": [{"seat": "a", "groups": ["a"]}, {"seat": "b", "groups": ["b"]}]})
    >>> both = Ballot("1", "Ann", frozenset({"a", "b"}), "approve", 1)
    >>> one = Ballot("2", "Bob", frozenset({"a"}), "approve", 2)
    >>> match(rule, [both, one])
    {'a': '2', 'b': '1'}
    """
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    seats = sorted(rule.seats, key=lambda seat: seat.name)
    for ballot in sorted(ballots, key=lambda b: (b.name, b.person)):
        for seat in seats:
            if seat.open_to(ballot.groups):
                weight = 1 if ANY_GROUP in seat.groups else 2
                graph.add_edge(("seat", seat.name), ("person", ballot.person), weight=weight)
    pairs = [sorted(pair) for pair in nx.max_weight_matching(graph, maxcardinality=True)]
    found = {seat: person for (_, person), (_, seat) in pairs}  # "person" sorts before "seat"
    return {seat.name: found[seat.name] for seat in seats if seat.name in found}


def helps(rule: Rule, approvals: Sequence[Ballot], one: Ballot) -> bool:
    """Would this further approval fill a seat that the others leave empty, if need be by moving them?"""
    return not rule.bars(one.person) and len(match(rule, [*approvals, one])) > len(match(rule, approvals))


def decide(rule: Rule, votes: Iterable[Ballot], open_checks: Sequence[OpenCheck] = ()) -> Decision:
    """What the votes decide together. One rejection or request from a member of a seat's group is enough."""
    ballots = latest(votes)
    approvals = [b for b in ballots if b.verdict in APPROVING and not refusal(rule, b, open_checks)]
    seats = match(rule, approvals)
    missing = tuple(seat for seat in rule.seats if seat.name not in seats)
    for verdict, outcome in (("reject", "reject"), ("request_changes", "changes")):
        objectors = [b for b in ballots if b.verdict == verdict and may_sit(rule, b.groups)]
        if objectors:
            return Decision(outcome, seats, missing, _persons(objectors), _objection(outcome, objectors))
    if missing:
        return Decision("undecided", seats, missing, (), missing_sentence(rule, missing, ballots))
    return _approval(seats, approvals)


def _approval(seats: Mapping[str, str], approvals: Sequence[Ballot]) -> Decision:
    seated = [b for b in approvals if b.person in seats.values()]
    if not any(b.verdict == "override" for b in seated):
        return Decision("approve", seats, (), _persons(seated), f"Approved by {_names(seated)}.")
    overriding = [b for b in approvals if b.verdict == "override"]
    if len(overriding) < OVERRIDE_PERSONS:
        words = f"{_names(overriding)} overrides a check that has not passed; a second person has to override it too."
        return Decision("undecided", seats, (), (), words)
    deciders = [*seated, *(b for b in overriding if b not in seated)]
    return Decision("override", seats, (), _persons(deciders), f"Overridden by {_names(overriding)}.")


def may_sit(rule: Rule, groups: frozenset[str]) -> bool:
    """Is somebody who speaks for ``groups`` a member of a group that a seat names?"""
    return any(seat.open_to(groups) for seat in rule.seats)


def refusal(rule: Rule, ballot: Ballot, open_checks: Sequence[OpenCheck] = ()) -> str:
    """Why this approving ballot can't fill a seat; empty when it can."""
    if not may_sit(rule, ballot.groups):
        return f"Only {_or(_group_words(rule))} can fill a seat of this gate."
    if barred := rule.bars(ballot.person):
        return barred
    if ballot.verdict == "override":
        return ""
    unanswered = [check for check in open_checks if check.name not in ballot.answers]
    if not open_checks or (ballot.verdict == "approve_with_conditions" and rule.conditions and not unanswered):
        return ""
    if ballot.verdict == "approve_with_conditions" and not rule.conditions:
        return "This gate can't be approved with conditions."
    return unanswered[0].sentence if unanswered else open_checks[0].sentence


def missing_sentence(rule: Rule, missing: Sequence[Seat], ballots: Sequence[Ballot]) -> str:
    """What is still needed, from whom, and whose approval does not count and why."""
    needed = [f"one vote of {_or(_seat_groups(seat))}" for seat in missing]
    words = f"Still needed: {_and(needed)}."
    barred = [f"{b.name}'s approval does not count: {why}" for b in ballots if (why := _barred(rule, b))]
    return " ".join([words, *barred])


def _barred(rule: Rule, ballot: Ballot) -> str:
    return rule.bars(ballot.person) if ballot.verdict in APPROVING else ""


def _objection(outcome: str, objectors: Sequence[Ballot]) -> str:
    what = "Rejected by" if outcome == "reject" else "Changes requested by"
    return f"{what} {_names(objectors)}."


def _persons(ballots: Iterable[Ballot]) -> tuple[str, ...]:
    return tuple(b.person for b in ballots)


def _names(ballots: Iterable[Ballot]) -> str:
    return _and([b.name for b in ballots])


def _seat_groups(seat: Seat) -> list[str]:
    return ["any person of the command group"] if ANY_GROUP in seat.groups else sorted(seat.groups)


def _group_words(rule: Rule) -> list[str]:
    return sorted({word for seat in rule.seats for word in _seat_groups(seat)})


def _and(words: Sequence[str]) -> str:
    return _listed(words, "and")


def _or(words: Sequence[str]) -> str:
    return _listed(words, "or")


def _listed(words: Sequence[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
