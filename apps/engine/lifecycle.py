"""Which status may follow which: one table per thing, as data (design §4).

The tables are read by ``core.transitions`` (the only writer of a status), by the database constraints of the
models, by ``docs/states.md`` and by the tests, which try every pair. A move that is not in a table does not exist.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product


class IllegalMove(ValueError):
    """This status can't follow that one."""

    def __init__(self, thing: str, old: str, new: str) -> None:
        super().__init__(f"A {thing} that is {old!r} can't become {new!r}.")
        self.thing, self.old, self.new = thing, old, new


@dataclass(frozen=True)
class Lifecycle:
    """The legal moves of one kind of thing.

    ``moves`` maps each status to the statuses that may follow it; a status that maps to nothing is final.

    >>> CONDITION.allows("open", "met"), CONDITION.allows("met", "open")
    (True, False)
    >>> sorted(CONDITION.final)
    ['met', 'waived']
    """

    thing: str
    initial: str
    moves: Mapping[str, frozenset[str]]

    @property
    def statuses(self) -> tuple[str, ...]:
        return tuple(self.moves)

    @property
    def final(self) -> frozenset[str]:
        return frozenset(status for status, following in self.moves.items() if not following)

    def allows(self, old: str, new: str) -> bool:
        return new in self.moves.get(old, frozenset())

    def check(self, old: str, new: str) -> None:
        """Raise ``IllegalMove`` unless ``new`` may follow ``old``."""
        if not self.allows(old, new):
            raise IllegalMove(self.thing, old, new)

    def before(self, new: str) -> frozenset[str]:
        """The statuses from which ``new`` can be reached in one move."""
        return frozenset(old for old, following in self.moves.items() if new in following)

    def pairs(self) -> Iterator[tuple[str, str, bool]]:
        """Every pair of statuses, and whether the move is legal."""
        for old, new in product(self.moves, repeat=2):
            yield old, new, self.allows(old, new)


def _lifecycle(
    thing: str, initial: str, table: Mapping[str, str], *, then: Iterable[tuple[str, str]] = ()
) -> Lifecycle:
    """Build a table from ``{"old": "new new …"}``; ``then`` adds moves as (olds, new) pairs."""
    moves = {old: set(following.split()) for old, following in table.items()}
    for olds, new in then:
        for old in olds.split():
            moves[old].add(new)
    return Lifecycle(thing, initial, {old: frozenset(following) for old, following in moves.items()})


GOAL = _lifecycle(
    "goal",
    "draft",
    {
        "draft": "planning",
        "planning": "proposed failed",
        "proposed": "running planning",
        "running": "paused delivering failed",
        "paused": "running",
        "delivering": "delivered running",
        "delivered": "accepted running",
        "accepted": "",
        "failed": "planning",
        "cancelled": "",
    },
    then=[("draft planning proposed running paused delivering delivered failed", "cancelled")],
)

PLAN = _lifecycle(
    "plan",
    "draft",
    {
        "draft": "proposed discarded",
        "proposed": "active discarded",
        "active": "superseded",
        "superseded": "",
        "discarded": "",
    },
)

TASK = _lifecycle(
    "task",
    "blocked",
    {
        "blocked": "ready",
        "ready": "dispatched",
        "dispatched": "running retrying",
        "running": "merging retrying waiting",
        "waiting": "ready",
        "merging": "completed retrying conflict",
        "conflict": "ready",
        "retrying": "ready",
        "completed": "reopened",
        "reopened": "ready blocked",
        "escalated": "ready skipped",
        "skipped": "",
        "cancelled": "",
    },
    then=[
        ("ready dispatched running waiting merging conflict retrying reopened escalated", "blocked"),
        ("blocked ready dispatched running waiting merging conflict retrying reopened", "escalated"),
        ("blocked ready dispatched running waiting merging conflict retrying reopened escalated", "cancelled"),
    ],
)

ATTEMPT = _lifecycle(
    "attempt",
    "dispatched",
    {
        "dispatched": "running failed expired",
        "running": "succeeded failed expired cancelled waiting",
        "waiting": "",
        "succeeded": "",
        "failed": "",
        "expired": "",
        "cancelled": "",
    },
    # Cancelling a goal or rewinding a phase ends an attempt that was dispatched and has not begun, too.
    then=[("dispatched", "cancelled")],
)

GATE = _lifecycle(
    "gate",
    "pending",
    {
        "pending": "reviewing",
        "reviewing": "open pending",
        "open": "deciding pending",
        "deciding": "passed changes_requested rejected open pending",
        "changes_requested": "pending",
        "rejected": "pending",
        "passed": "pending",
        "closed": "",
    },
    then=[("pending reviewing open deciding changes_requested rejected passed", "closed")],
)

CONDITION = _lifecycle("condition", "open", {"open": "met waived", "met": "", "waived": ""})

AGENT = _lifecycle(
    "agent",
    "active",
    {
        "active": "draining disabled quarantined unreachable",
        "draining": "active",
        "disabled": "active",
        "quarantined": "active",
        "unreachable": "active",
        "retired": "",
    },
    then=[("active draining disabled quarantined unreachable", "retired")],
)

ESCALATION = _lifecycle("escalation", "open", {"open": "resolved expired", "resolved": "", "expired": ""})

LIFECYCLES: Mapping[str, Lifecycle] = {
    lifecycle.thing: lifecycle for lifecycle in (GOAL, PLAN, TASK, ATTEMPT, GATE, CONDITION, AGENT, ESCALATION)
}
