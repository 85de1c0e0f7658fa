"""An independent judge of schedules: it knows the rules and nothing of how schedules are made."""

from apps.engine.work import Schedule, Work

CLOSE = 1e-6


def faults(work: Work, schedule: Schedule) -> list[str]:
    """Everything that is wrong with a schedule, in words."""
    placed = {placement.key: placement for placement in schedule.placements}
    found = []
    if sorted(placed) != sorted(job.key for job in work.jobs) or len(placed) != len(schedule.placements):
        found.append("not every job is placed exactly once")
        return found
    for job in work.jobs:
        own = placed[job.key]
        if own.start < -CLOSE or abs(own.end - own.start - job.minutes) > CLOSE:
            found.append(f"{job.key} does not take its minutes")
        for need in work.needs.get(job.key, ()):
            if placed[need].end > own.start + CLOSE:
                found.append(f"{job.key} starts before {need} ends")
        for other in work.jobs:
            if other.phase < job.phase and placed[other.key].end > own.start + CLOSE:
                found.append(f"{job.key} passes the gate before {other.key} ends")
    for group, most in groups_of(work, schedule):
        found += list(overlaps(group, most))
    found += wrong_workers(work, schedule)
    longest = max((placement.end for placement in schedule.placements), default=0.0)
    if abs(longest - schedule.makespan) > CLOSE:
        found.append("the makespan is not the last end")
    if schedule.bound > schedule.makespan + CLOSE:
        found.append("the bound is above the makespan")
    return found


def groups_of(work, schedule):
    """What may overlap only so far: each slot once, each worker up to its limit."""
    for slot in {placement.slot for placement in schedule.placements}:
        yield [p for p in schedule.placements if p.slot == slot], 1
    for worker in work.workers:
        yield [p for p in schedule.placements if p.worker == worker.slug], worker.limit
    yield list(schedule.placements), work.slots


def overlaps(placements, most):
    for moment in {placement.start for placement in placements}:
        running = [p.key for p in placements if p.start <= moment + CLOSE and p.end > moment + CLOSE]
        if len(running) > most:
            yield f"{running} run at {moment} where {most} may"


def wrong_workers(work, schedule):
    by_slug = {worker.slug: worker for worker in work.workers}
    staffed = {capability for worker in work.workers for capability in worker.capabilities}
    for placement in schedule.placements:
        capability = work.job(placement.key).capability
        if placement.slot not in range(work.slots):
            yield f"{placement.key} is in slot {placement.slot}"
        if capability in staffed and capability not in by_slug[placement.worker].capabilities:
            yield f"{placement.worker} cannot do {capability}"
