"""Agents with capabilities and limits: generated cases, against the plain bottom-level rule.

A case has 50 tasks of six capabilities on eight slots and six agents who can do one to three of them, so agents, and
not slots, are what is short. The rule gives a free task of the highest bottom level to the least many-sided agent who
has room. How much can be gained over it lies in the cases: where agents take one task at a time much, where some take
two, less. Both are shown, with what CP-SAT gains in the same time, and how far ours is from the lower bound.
"""

import random
from collections.abc import Iterator, Sequence

from apps.engine.work import Job, Work, Worker
from tests.benchmarks.planning_solve import Solved, solved
from tests.benchmarks.planning_table import Options, Row, judged

CASES, TASKS, SLOTS, AGENTS = 40, 50, 8, 6
CAPABILITIES = ("analysis", "architecture", "backend", "frontend", "review", "deployment")
AIM = 0.08


def case(seed: int, limits: Sequence[int] = (1,)) -> Work:
    """The same for the same seed, everywhere. ``limits``: what is drawn from for each agent."""
    chance = random.Random(seed)
    jobs, needs = [], {}
    for number in range(TASKS):
        jobs.append(Job(f"t{number}", float(chance.randint(1, 60)), 1, chance.choice(CAPABILITIES)))
        before = chance.sample(range(number), min(number, chance.choice((0, 0, 1, 1, 2))))
        needs[f"t{number}"] = tuple(f"t{earlier}" for earlier in sorted(before))
    workers = [
        Worker(f"agent-{n}", frozenset(chance.sample(CAPABILITIES, chance.randint(1, 3))), chance.choice(limits))
        for n in range(AGENTS)
    ]
    for capability in CAPABILITIES:
        if not any(capability in worker.capabilities for worker in workers):
            place = chance.randrange(AGENTS)
            old = workers[place]
            workers[place] = Worker(old.slug, old.capabilities | {capability}, old.limit)
    return Work(tuple(jobs), needs, SLOTS, tuple(workers))


def rows(options: Options) -> Iterator[Row]:
    seeds = options.of(range(CASES))
    found = [solved(f"case {seed}", case(seed), options) for seed in seeds]
    gain = 1 - sum(each.ours.makespan / each.plain for each in found) / len(found)
    name = f"agents, {len(found)} cases: shorter than the rule"
    yield judged(name, f"{gain:.1%}", f">= {AIM:.0%}", gain >= AIM, _peer(found), _bound(found))
    found = [solved(f"case {seed} with limits", case(seed, (1, 1, 1, 2)), options) for seed in seeds]
    gain = 1 - sum(each.ours.makespan / each.plain for each in found) / len(found)
    yield Row(f"{name}, some take two", f"{gain:.1%}", "", "shown", _peer(found), _bound(found))


def _peer(found: list[Solved]) -> str:
    ratios = [each.peer.minutes / each.plain for each in found if each.peer and each.peer.minutes is not None]
    if not ratios:
        return ""
    none = f", {len(found) - len(ratios)} without any" if len(ratios) < len(found) else ""
    return f"{1 - sum(ratios) / len(ratios):.1%}, {sum(e.peer.proven for e in found if e.peer)} proven{none}"


def _bound(found: list[Solved]) -> str:
    over = sum(each.ours.makespan / each.ours.bound for each in found) / len(found)
    return f"{over:.4f} of the lower bound on the mean, {sum(each.ours.proven for each in found)} proven shortest"
