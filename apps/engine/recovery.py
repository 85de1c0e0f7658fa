"""The ladder that a failed task climbs: retry with back-off, another agent, people (design §2, step 8)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Ladder:
    """``retries`` tries again with the same agent; waits ``backoff_seconds`` times ``factor`` per failure."""

    retries: int = 3
    backoff_seconds: float = 2.0
    factor: float = 2.0


@dataclass(frozen=True)
class Rung:
    """``name`` is retry, reassign or escalate; ``excluded`` are agents that had their tries; ``delay`` in seconds."""

    name: str
    delay: float
    excluded: frozenset[str]
    sentence: str


def next_rung(failures: Mapping[str, int], capable: Collection[str], ladder: Ladder) -> Rung:
    """What follows on a failure.

    ``failures`` counts the failed attempts of this revision per agent (the newest failure included), ``capable`` are
    the agents that could take the task now.

    >>> next_rung({"ada": 1}, ["ada", "bob"], Ladder()).name
    'retry'
    >>> next_rung({"ada": 4}, ["ada", "bob"], Ladder()).name
    'reassign'
    >>> next_rung({"ada": 4, "bob": 1}, ["ada", "bob"], Ladder(retries=0)).name
    'escalate'
    """
    total = sum(failures.values())
    spent = frozenset(agent for agent, count in failures.items() if count > ladder.retries)
    rest = [agent for agent in capable if agent not in spent]
    delay = ladder.backoff_seconds * ladder.factor ** max(total - 1, 0)
    tried = f"{total} attempt{'s' if total != 1 else ''} failed"
    if not rest:
        if not capable:
            return Rung("escalate", 0, spent, f"{tried}, and no agent is there that could take it.")
        return Rung("escalate", 0, spent, f"{tried}; every agent that could take it has had its tries.")
    if any(agent in failures for agent in rest):
        return Rung("retry", delay, spent, f"{tried}; it is tried again after {delay:g} s.")
    return Rung("reassign", 0, spent, f"{tried}; it goes to another agent.")
