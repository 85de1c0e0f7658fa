"""Which agent gets a task, and why: capability first, then what its scorecard, load, speed and price say.

The scorecard counts as the mean of a beta distribution with one success and one failure assumed before the first try
(Laplace's rule of succession), so that one lucky try does not beat ninety good ones out of a hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

WEIGHT_LOAD = 0.25
WEIGHT_COST = 0.15
WEIGHT_SPEED = 0.1


class NobodyAvailable(LookupError):
    """No agent can take the task now."""

    def __init__(self, capability: str, losers: Sequence["Loser"]) -> None:
        reasons = "; ".join(f"{loser.slug}: {loser.reason}" for loser in losers) or "the registry is empty"
        super().__init__(f"No agent can take '{capability}' now: {reasons}.")
        self.capability = capability
        self.losers = tuple(losers)


@dataclass(frozen=True)
class Candidate:
    """An agent as matching sees it. ``tries`` and ``successes`` are of this capability; ``cost`` per minute;
    ``minutes`` is how long it takes on average, 0 if unknown; ``unavailable`` says why it may not be chosen."""

    slug: str
    capabilities: frozenset[str]
    running: int = 0
    limit: int = 1
    tries: int = 0
    successes: int = 0
    cost: float = 0.0
    minutes: float = 0.0
    unavailable: str = ""

    @property
    def reliability(self) -> float:
        """
        >>> round(Candidate("a", frozenset(), tries=8, successes=8).reliability, 2)
        0.9
        """
        return (self.successes + 1) / (self.tries + 2)

    @property
    def load(self) -> float:
        return self.running / self.limit if self.limit > 0 else 1.0


@dataclass(frozen=True)
class Loser:
    slug: str
    reason: str


@dataclass(frozen=True)
class Match:
    """The chosen agent, its score, the sentence that explains it, and why each other was not chosen."""

    slug: str
    score: float
    explanation: str
    losers: tuple[Loser, ...] = field(default=())


def best_agent(capability: str, candidates: Sequence[Candidate], *, avoid: frozenset[str] = frozenset()) -> Match:
    """The best agent for a task. ``avoid``: agents that failed at it before, taken only if nobody else can.

    Ties go to the agent whose name comes first. Raises NobodyAvailable with every reason.

    >>> can = frozenset({"backend.feature"})
    >>> match = best_agent("backend.feature", [Candidate("ada", can, tries=8, successes=8), Candidate("bo", can)])
    >>> match.slug, match.losers[0].reason
    ('ada', 'score 0.50 against 0.90')
    """
    losers = [Loser(each.slug, reason) for each in candidates if (reason := _why_not(each, capability))]
    able = [each for each in candidates if not _why_not(each, capability)]
    fresh = [each for each in able if each.slug not in avoid] or able
    if not fresh:
        raise NobodyAvailable(capability, losers)
    dearest = max(each.cost for each in fresh)
    slowest = max(each.minutes for each in fresh)
    scores = {each.slug: _score(each, dearest, slowest) for each in fresh}
    best = min(fresh, key=lambda each: (-scores[each.slug], each.slug))
    losers += [Loser(each.slug, "it failed at this task before") for each in able if each not in fresh]
    losers += [
        Loser(each.slug, _lost(scores[each.slug], scores[best.slug])) for each in fresh if each.slug != best.slug
    ]
    return Match(best.slug, scores[best.slug], _explain(best, capability, scores[best.slug], len(fresh)), tuple(losers))


def _why_not(candidate: Candidate, capability: str) -> str:
    if capability not in candidate.capabilities:
        return f"it cannot do {capability}"
    if candidate.unavailable:
        return candidate.unavailable
    if candidate.running >= candidate.limit:
        return f"it runs {candidate.running} of at most {candidate.limit}"
    return ""


def _score(candidate: Candidate, dearest: float, slowest: float) -> float:
    cost = candidate.cost / dearest if dearest > 0 else 0.0
    speed = candidate.minutes / slowest if slowest > 0 else 0.0
    return candidate.reliability - WEIGHT_LOAD * candidate.load - WEIGHT_COST * cost - WEIGHT_SPEED * speed


def _lost(score: float, best: float) -> str:
    if score == best:
        return f"equal at {score:.2f}, its name comes later"
    digits = 2 if best - score >= 0.005 else 4
    return f"score {score:.{digits}f} against {best:.{digits}f}"


def _explain(best: Candidate, capability: str, score: float, rivals: int) -> str:
    tried = f"{best.successes} of {best.tries} tries succeeded" if best.tries else "not tried yet"
    speed = f", {best.minutes:.2g} min on average" if best.minutes else ""
    others = f"best of {rivals}" if rivals > 1 else "the only one who can take it now"
    return (
        f"{best.slug} does {capability}: {tried} (counts as {best.reliability:.0%}), "
        f"runs {best.running} of {best.limit}, costs {best.cost:.2g} a minute{speed}; score {score:.2f}, {others}."
    )
