"""Scheduling problems drawn from a seed: the same everywhere, hard enough to keep a search busy."""

import random

from apps.engine.work import Job, Work, Worker

BOTH = (Worker("both", frozenset("xy")), Worker("one", frozenset("x"), 2))


def drawn(seed: int, size: int, slots: int = 3, workers: tuple[Worker, ...] = ()) -> Work:
    """``size`` jobs of 1 to 9 minutes, capability x or y, each waiting for up to two of the eight before it."""
    chance = random.Random(seed)
    jobs = tuple(Job(f"j{n}", float(chance.randint(1, 9)), capability=chance.choice("xy")) for n in range(size))
    needs = {"j0": ()} | {
        f"j{n}": tuple(f"j{k}" for k in sorted(chance.sample(range(max(0, n - 8), n), min(2, n))))
        for n in range(1, size)
    }
    return Work(jobs, needs, slots, workers)
