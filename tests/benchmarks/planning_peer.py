"""OR-Tools CP-SAT on the same problem, for the same time, on one core: intervals, one cumulative for the slots and one
for each agent. It is given the problem as it is, and no schedule to start from."""

from dataclasses import dataclass
from typing import Any

from apps.engine.instance import instance_of
from apps.engine.work import Placement, Schedule, Work


@dataclass(frozen=True)
class Answer:
    """Minutes; ``minutes`` is None where it found nothing in time."""

    minutes: float | None
    bound: float
    proven: bool


def cp_sat(work: Work, seconds: float, seed: int = 1) -> Answer:
    """Work of one phase; building the model is not counted."""
    solved = solve(work, seconds, seed)
    return Answer(solved.makespan if solved.placements else None, solved.bound, solved.proven)


def solve(work: Work, seconds: float, seed: int = 1) -> Schedule:
    """The same as a schedule; without placements where none was found. Slots are not numbered."""
    from ortools.sat.python import cp_model

    scale = instance_of(work).scale
    ticks = {job.key: round(job.minutes * scale) for job in work.jobs}
    horizon = sum(ticks.values())
    model = cp_model.CpModel()
    starts = {key: model.new_int_var(0, horizon, "") for key in ticks}
    spans = {key: model.new_fixed_size_interval_var(starts[key], ticks[key], "") for key in ticks}
    end = model.new_int_var(0, horizon, "")
    model.add_cumulative(list(spans.values()), [1] * len(spans), work.slots)
    for key in ticks:
        model.add(end >= starts[key] + ticks[key])
        for need in work.needs.get(key, ()):
            model.add(starts[key] >= starts[need] + ticks[need])
    given = _agents(work, model, starts, ticks)
    model.minimize(end)
    solver: Any = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Schedule((), 0.0, max(0.0, solver.best_objective_bound) / scale, False, "CP-SAT")
    placements = []
    for job in work.jobs:
        start = solver.value(starts[job.key])
        who = next((slug for slug, taken in given.get(job.key, {}).items() if solver.value(taken)), "")
        placements.append(Placement(job.key, start / scale, (start + ticks[job.key]) / scale, 0, who))
    length, bound = solver.objective_value / scale, solver.best_objective_bound / scale
    return Schedule(tuple(placements), length, bound, status == cp_model.OPTIMAL, "CP-SAT")


def _agents(work: Work, model: Any, starts: dict[str, Any], ticks: dict[str, int]) -> dict[str, dict[str, Any]]:
    """For each task one agent of those who can do it; each does no more at once than its limit."""
    given: dict[str, dict[str, Any]] = {}
    busy: dict[str, list[Any]] = {worker.slug: [] for worker in work.active}
    for job in work.jobs:
        able = [worker for worker in work.active if job.capability in worker.capabilities]
        for worker in able:
            taken = model.new_bool_var("")
            given.setdefault(job.key, {})[worker.slug] = taken
            busy[worker.slug].append(
                model.new_optional_fixed_size_interval_var(starts[job.key], ticks[job.key], taken, "")
            )
        if able:
            model.add_exactly_one(given[job.key].values())
    for worker in work.active:
        model.add_cumulative(busy[worker.slug], [1] * len(busy[worker.slug]), worker.limit)
    return given
