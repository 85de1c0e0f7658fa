"""What the hub has to do next for one goal: a pure function of a snapshot (design §6, ``hub.advance``).

The hub reads the snapshot in a few statements, asks here, and performs the steps in sets. Asking again after nothing
has changed gives the same answer, so any trigger may ask at any time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

PHASES = range(1, 8)
# A task that need not be waited for any more: a phase is done when each of its tasks is one of these.
SETTLED = frozenset({"completed", "skipped", "cancelled"})
# A review that failed for good does not hold the round: its checks are 'not run'.
REVIEW_OVER = SETTLED | {"escalated"}


@dataclass(frozen=True)
class GateView:
    """One gate and its live round; times are aware, None where they do not apply."""

    status: str
    reviewing_until: datetime | None = None
    deciding_until: datetime | None = None


@dataclass(frozen=True)
class Snapshot:
    """``work`` and ``reviews`` map a phase to the number of tasks in each status; reviews are the live rounds'."""

    status: str
    now: datetime
    cleared: frozenset[int] = frozenset()
    gates: Mapping[int, GateView] = field(default_factory=dict)
    work: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    reviews: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    start_when_proposed: bool = False


@dataclass(frozen=True)
class Step:
    """``name`` is plan, start, begin_round, freeze_round, settle, deliver or pack; ``phase`` where it has one."""

    name: str
    phase: int = 0


def next_steps(snapshot: Snapshot) -> list[Step]:
    """The steps that are due, in the order of their phases.

    >>> from datetime import UTC
    >>> done = Snapshot("running", datetime(2026, 1, 1, tzinfo=UTC), frozenset({1}), {1: GateView("pending")},
    ...                 {1: {"completed": 3}})
    >>> next_steps(done)
    [Step(name='begin_round', phase=1)]
    """
    return list(_steps(snapshot))


def _steps(snapshot: Snapshot) -> Iterator[Step]:
    if snapshot.status == "planning":
        yield Step("plan")
    elif snapshot.status == "proposed" and snapshot.start_when_proposed:
        yield Step("start")
    elif snapshot.status in ("running", "paused"):
        for phase in PHASES:
            yield from _gate_steps(snapshot, phase)
        if 8 in snapshot.cleared and snapshot.status == "running":
            yield Step("deliver")
    elif snapshot.status == "delivering":
        yield Step("pack")


def _gate_steps(snapshot: Snapshot, phase: int) -> Iterator[Step]:
    gate = snapshot.gates.get(phase)
    if gate is None or phase not in snapshot.cleared:
        return
    if gate.status == "pending" and phase_done(snapshot, phase):
        # Pausing drains: a round is begun when the goal runs again, because it dispatches reviews.
        if snapshot.status == "running":
            yield Step("begin_round", phase)
    elif gate.status == "reviewing" and _reviews_over(snapshot, phase, gate):
        yield Step("freeze_round", phase)
    elif gate.status == "deciding" and gate.deciding_until is not None and gate.deciding_until <= snapshot.now:
        yield Step("settle", phase)


def phase_done(snapshot: Snapshot, phase: int) -> bool:
    """Whether every task of kind work in the phase is settled; a phase without tasks is done."""
    return all(status in SETTLED for status, count in snapshot.work.get(phase, {}).items() if count)


def _reviews_over(snapshot: Snapshot, phase: int, gate: GateView) -> bool:
    if gate.reviewing_until is not None and gate.reviewing_until <= snapshot.now:
        return True
    return all(status in REVIEW_OVER for status, count in snapshot.reviews.get(phase, {}).items() if count)
