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
    if schedule.proven and schedule.bound < schedule.makespan - CLOSE:
        found.append("it is called proven, and the bound is below the makespan")
    found += wrong_phases(work, schedule)
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


def wrong_phases(work, schedule):
    placed = {placement.key: placement for placement in schedule.placements}
    for span in schedule.phases:
        own = [placed[job.key] for job in work.jobs if job.phase == span.phase]
        if any(each.start < span.start - CLOSE or each.end > span.end + CLOSE for each in own):
            yield f"phase {span.phase} is longer than its span"
    if schedule.phases and [span.phase for span in schedule.phases] != sorted({job.phase for job in work.jobs}):
        yield "not every phase has a span"


def wrong_workers(work, schedule):
    by_slug = {worker.slug: worker for worker in work.workers}
    staffed = {capability for worker in work.workers if worker.limit > 0 for capability in worker.capabilities}
    for placement in schedule.placements:
        capability = work.job(placement.key).capability
        if placement.slot not in range(work.slots):
            yield f"{placement.key} is in slot {placement.slot}"
        if placement.worker and placement.worker not in by_slug:
            yield f"nobody is called {placement.worker}"
        elif placement.worker and capability not in by_slug[placement.worker].capabilities:
            yield f"{placement.worker} cannot do {capability}"
        elif capability in staffed and not placement.worker:
            yield f"{placement.key} is given to nobody"
