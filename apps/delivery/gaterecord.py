"""The gate record of a deliverable (`gates.json`), and whether it is consistent with itself. Standard library only.

One record per gate::

    {"code": "QG-PHASE1", "phase": 1, "title": "…", "status": "passed", "rounds": [{
        "number": 1, "outcome": "passed", "solo": false, "override": false, "evidence_digest": "…",
        "opened": iso, "decided": iso, "definition_version": 1,
        "rule": {"seats": [{"seat": "owner", "groups": ["owners"]}]},
        "checks": [{"name", "result": "passed|failed|not_run", "blocking", "sentence", "proof", "source"}],
        "votes": [{"id", "person", "group", "verdict", "comment", "evidence_digest", "at"}],  # oldest first
        "conditions": [{"text", "check", "due_phase", "status", "owner"}],
        "clearance": {"id", "phase": 2, "solo", "override", "made": iso, "revoked": false,
                      "seats": [{"seat", "vote", "person"}]}}]}                  # null unless it has passed
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

CODES = tuple(f"QG-PHASE{phase}" for phase in range(1, 8))
_APPROVING = {"approve", "approve_with_conditions", "override"}

Record = Mapping[str, Any]


class Inconsistent(ValueError):
    """The record contradicts itself; the message is a sentence that names gate and round."""


def check(gates: Any) -> dict[str, Record]:
    """The last round of each gate by code. Raises `Inconsistent` with the first problem.

    >>> check([])  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    apps.delivery.gaterecord.Inconsistent: The gate record has 0 gates, and not the seven of every goal.
    """
    if not isinstance(gates, list) or len(gates) != len(CODES):
        count = len(gates) if isinstance(gates, list) else 0
        raise Inconsistent(f"The gate record has {count} gates, and not the seven of every goal.")
    last: dict[str, Record] = {}
    for code, gate in zip(CODES, gates, strict=True):
        if not isinstance(gate, Mapping) or gate.get("code") != code:
            raise Inconsistent(f"The gate record has no {code} in its place.")
        try:
            last[code] = _gate(code, gate)
        except (KeyError, TypeError, AttributeError) as error:
            raise Inconsistent(f"{code}: the record is incomplete ({type(error).__name__}: {error}).") from error
    return last


def seated_persons(round_: Record) -> set[str]:
    """Who filled the seats of a passed round."""
    return {str(seat["person"]) for seat in round_["clearance"]["seats"]}


def _gate(code: str, gate: Record) -> Record:
    if gate["status"] != "passed":
        raise Inconsistent(f"{code} has not passed: its status is {str(gate['status'])[:40]}.")
    rounds = gate["rounds"]
    if not rounds:
        raise Inconsistent(f"{code} has passed without a round.")
    if [round_["number"] for round_ in rounds] != list(range(1, len(rounds) + 1)):
        raise Inconsistent(f"{code}: its rounds are not numbered from 1 without a gap.")
    for round_ in rounds:
        for problem in _votes(round_):
            raise Inconsistent(f"{code}, round {round_['number']}: {problem}")
    final: Record = rounds[-1]
    for problem in _passed(final, int(code[-1]) + 1):
        raise Inconsistent(f"{code}, round {final['number']}: {problem}")
    return final


def _votes(round_: Record) -> Iterator[str]:
    ids = [vote["id"] for vote in round_["votes"]]
    if len(set(ids)) != len(ids):
        yield "two votes have the same id."
    for vote in round_["votes"]:
        if vote["evidence_digest"] != round_["evidence_digest"]:
            yield f"the vote of {vote['person']} was for other evidence than the round's."


def _passed(round_: Record, phase: int) -> Iterator[str]:
    if round_["outcome"] != "passed":
        yield f"it is the last round, and its outcome is {str(round_['outcome'])[:40]!r}."
    if not round_["evidence_digest"]:
        yield "it has passed without evidence."
    clearance = round_["clearance"]
    if not clearance:
        yield "it has passed without a clearance."
    if clearance["revoked"]:
        yield "its clearance was revoked."
    if clearance["phase"] != phase:
        yield f"its clearance is for phase {clearance['phase']}, and not for {phase}."
    yield from _seats(round_, clearance)
    yield from _marks(round_, clearance)


def _seats(round_: Record, clearance: Record) -> Iterator[str]:
    wanted = sorted(str(seat["seat"]) for seat in round_["rule"]["seats"])
    filled: Sequence[Record] = clearance["seats"]
    if not wanted:
        yield "its rule has no seat."
    if sorted(str(seat["seat"]) for seat in filled) != wanted:
        yield f"the seats filled are not those of the rule ({', '.join(wanted)})."
    if len({str(seat["person"]) for seat in filled}) != len(filled):
        yield "one person fills two seats."
    latest = {str(vote["person"]): vote for vote in round_["votes"]}
    for seat in filled:
        vote = latest.get(str(seat["person"]))
        if vote is None or vote["id"] != seat["vote"]:
            yield f"the seat {seat['seat']} is not filled by the latest vote of {seat['person']}."
        elif vote["verdict"] not in _APPROVING:
            yield f"the seat {seat['seat']} is filled by a vote that does not approve ({vote['verdict']})."


def _marks(round_: Record, clearance: Record) -> Iterator[str]:
    overriding = {str(seat["person"]) for seat in clearance["seats"]} & {
        str(vote["person"]) for vote in round_["votes"] if vote["verdict"] == "override"
    }
    for mark in ("solo", "override"):
        if bool(round_[mark]) != bool(clearance[mark]):
            yield f"round and clearance disagree on whether it was decided as {mark}."
    if overriding and not round_["override"]:
        yield "a failed check was overridden, and the round is not marked so."
    answered = {condition["check"] for condition in round_["conditions"]}
    for found in round_["checks"]:
        unanswered = found["blocking"] and found["result"] != "passed" and found["name"] not in answered
        if unanswered and not round_["override"]:
            yield f"the blocking check {found['name']} is {found['result']}, without a condition or an override."
