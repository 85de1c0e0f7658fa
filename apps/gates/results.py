"""What goes into a round and what comes out of it, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.gates.models import ChangeItem, Clearance, Condition, Round, Vote

RESULTS = ("passed", "failed", "not_run")


@dataclass(frozen=True)
class CheckResult:
    """One result that bears on a round; ``result`` is passed, failed or not_run, ``sentence`` is for people.

    ``source`` is "hub" for deterministic checks, else the slug of the agent that reviewed.
    """

    name: str
    result: str
    sentence: str
    blocking: bool = True
    proof: Mapping[str, Any] = field(default_factory=dict)
    source: str = "hub"


@dataclass(frozen=True)
class Decision:
    """How a round ended: ``outcome`` is passed, changes_requested or rejected.

    ``clearance`` and ``conditions`` come with passed, ``items`` with changes_requested, ``to_phase`` with rejected
    (back to this phase; 0 ends the goal).
    """

    outcome: str
    round: Round
    votes: Sequence[Vote]
    sentence: str
    clearance: Clearance | None = None
    conditions: Sequence[Condition] = ()
    items: Sequence[ChangeItem] = ()
    to_phase: int | None = None
