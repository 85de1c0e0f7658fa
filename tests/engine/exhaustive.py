"""The truth about small scheduling problems, by trying everything; it shares nothing with the engine's own search."""

from itertools import permutations, product

from apps.engine.work import Work, Worker


def shortest(work: Work) -> float:
    """The true optimum: every order and every choice of agents, each job as early as it can in that order."""
    best = float("inf")
    keys = [job.key for job in work.jobs]
    for order in permutations(keys):
        position = {key: index for index, key in enumerate(order)}
        if any(position[need] > position[key] for key in keys for need in work.needs[key]):
            continue
        able: list[list[Worker | None]] = [
            [w for w in work.workers if work.job(k).capability in w.capabilities] or [None] for k in order
        ]
        for agents in product(*able):
            best = min(best, serial_length(work, order, agents))
    return best


def serial_length(work, order, agents):
    placed: list[tuple[str, float, float, Worker | None]] = []
    for key, agent in zip(order, agents, strict=True):
        minutes = work.job(key).minutes
        earliest = max((end for k, _, end, _ in placed if k in work.needs[key]), default=0.0)
        for start in sorted({earliest, *(end for _, _, end, _ in placed if end > earliest)}):
            if fits(work, placed, start, start + minutes, agent):
                placed.append((key, start, start + minutes, agent))
                break
    return max((end for _, _, end, _ in placed), default=0.0)


def fits(work, placed, start, end, agent):
    moments = {start, *(s for _, s, _, _ in placed if start < s < end)}
    for moment in moments:
        running = [a for _, s, e, a in placed if s <= moment < e]
        if len(running) >= work.slots or (agent and running.count(agent) >= agent.limit):
            return start == end
    return True
