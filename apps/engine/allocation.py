"""Who gets a free slot now: one step over all goals, in order of effective priority (design §2, step 5).

The step is pure. It takes the candidates highest priority first, respects the limits of goals and agents, and says for
each task that gets nothing what it waits for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Candidate:
    """A ready task. ``excluded`` are agents that had their tries with it, ``keeps`` the one that has tries left;
    ``wanted`` is the one a person chose."""

    task: str
    goal: str
    capability: str
    priority: float
    excluded: frozenset[str] = frozenset()
    wanted: str = ""
    keeps: str = ""


@dataclass(frozen=True)
class Seat:
    """An agent as the allocation sees it: how many attempts it has live, and how many it takes at once."""

    slug: str
    capabilities: frozenset[str]
    running: int
    limit: int
    holds_slot: bool = True


@dataclass(frozen=True)
class GoalLimit:
    """A goal's own limits: live attempts and their bound, euro spent and the budget; None is without bound."""

    running: int = 0
    slots: int | None = None
    spent: float = 0.0
    budget: float | None = None


@dataclass(frozen=True)
class Choice:
    """The agent for a task, and why, in words with numbers."""

    slug: str
    why: str


@dataclass(frozen=True)
class Assignment:
    task: str
    agent: str
    why: str


@dataclass(frozen=True)
class Wait:
    """Why a task got nothing: a reason of the fixed list, and a sentence."""

    reason: str
    sentence: str


@dataclass(frozen=True)
class Allocation:
    assignments: list[Assignment] = field(default_factory=list)
    waits: dict[str, Wait] = field(default_factory=dict)


Pick = Callable[[Candidate, Sequence[Seat], Mapping[str, int]], Choice]


class _Board:
    """The counts that change while slots are given away."""

    def __init__(self, seats: Sequence[Seat], goals: Mapping[str, GoalLimit], free: int) -> None:
        self.free = free
        self.load = {seat.slug: seat.running for seat in seats}
        self.running = {goal: limit.running for goal, limit in goals.items()}
        self.by_capability: dict[str, list[Seat]] = {}
        for seat in seats:
            for capability in seat.capabilities:
                self.by_capability.setdefault(capability, []).append(seat)


def allocate(
    candidates: Sequence[Candidate],
    seats: Sequence[Seat],
    goals: Mapping[str, GoalLimit],
    *,
    free: int,
    full: Wait,
    pick: Pick,
) -> Allocation:
    """Give at most ``free`` slots away.

    ``full`` is what to say when no slot is left; ``pick`` chooses among able agents, given their present loads.

    >>> one = Candidate("t", "g", "code", 1.0)
    >>> ada = Seat("ada", frozenset({"code"}), 0, 1)
    >>> result = allocate([one], [ada], {}, free=1, full=Wait("slot", "full"),
    ...                   pick=lambda task, able, load: Choice(able[0].slug, "the only one"))
    >>> result.assignments
    [Assignment(task='t', agent='ada', why='the only one')]
    """
    board, result = _Board(seats, goals, free), Allocation()
    for candidate in sorted(candidates, key=lambda one: (-one.priority, one.task)):
        answer = _consider(candidate, board, goals.get(candidate.goal, GoalLimit()), full, pick)
        if isinstance(answer, Wait):
            result.waits[candidate.task] = answer
        else:
            result.assignments.append(answer)
    return result


def _consider(candidate: Candidate, board: _Board, limit: GoalLimit, full: Wait, pick: Pick) -> Assignment | Wait:
    able = _able(candidate, board)
    if isinstance(able, Wait):
        return able
    refusal = _goal_refuses(candidate, board, limit)
    if refusal is not None:
        return refusal
    in_slots = [seat for seat in able if not seat.holds_slot or board.free > 0]
    if not in_slots:
        return full
    choice = pick(candidate, in_slots, board.load)
    chosen = next(seat for seat in in_slots if seat.slug == choice.slug)
    board.load[chosen.slug] += 1
    board.running[candidate.goal] = board.running.get(candidate.goal, 0) + 1
    board.free -= chosen.holds_slot
    return Assignment(candidate.task, chosen.slug, choice.why)


def _able(candidate: Candidate, board: _Board) -> list[Seat] | Wait:
    capable = board.by_capability.get(candidate.capability, [])
    if not capable:
        return Wait("capability", f"No active agent can do {candidate.capability}.")
    if candidate.wanted:
        capable = [seat for seat in capable if seat.slug == candidate.wanted]
        if not capable:
            return Wait("agent", f"It was given to {candidate.wanted}, who is not active.")
    else:
        # Agents that had their tries stand back while there is anybody else.
        capable = [seat for seat in capable if seat.slug not in candidate.excluded] or capable
        # A retry is the same agent's, as long as it has tries left: that is the ladder's first rung.
        capable = [seat for seat in capable if seat.slug == candidate.keeps] or capable
    able = [seat for seat in capable if board.load[seat.slug] < seat.limit]
    if not able:
        names = ", ".join(sorted(seat.slug for seat in capable))
        return Wait("agent", f"Busy with as much as they take at once: {names}.")
    return able


def _goal_refuses(candidate: Candidate, board: _Board, limit: GoalLimit) -> Wait | None:
    if limit.budget is not None and limit.spent >= limit.budget:
        return Wait("budget", f"The goal has spent {limit.spent:.2f} of its budget of {limit.budget:.2f}.")
    if limit.slots is not None and board.running.get(candidate.goal, 0) >= limit.slots:
        return Wait("slot", f"The goal uses all {limit.slots} slots that it may have at once.")
    return None
