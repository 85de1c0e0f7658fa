"""Everyday goals: from the steps' inputs and outputs follow edges and, with unlimited slots, the gold time."""

from collections.abc import Iterator, Mapping
from typing import Any

from apps.engine.edges import connect
from apps.engine.htn import PlannedTask
from apps.engine.methods import Estimate
from apps.engine.planner import Settings, work_of
from apps.engine.schedule import schedule
from tests.benchmarks.planning_data import everyday_goals
from tests.benchmarks.planning_table import Options, Row, judged, not_run

NAME = "AsyncHow: time equals the gold time"
ROUNDED = 0.00005  # each number of the data was rounded to four places


def rows(options: Options) -> Iterator[Row]:
    if options.data is None:
        yield not_run(NAME, "all 500")
        return
    goals = options.of(everyday_goals(options.data))
    equal = sum(is_equal(goal) for goal in goals)
    exact = sum(abs(minutes(goal) - goal["shortest_minutes"]) < 1e-9 for goal in goals)
    yield judged(NAME, f"{equal} of {len(goals)}", "all 500", equal == len(goals),
                 note=f"within what rounding to four places can move a sum; {exact} to the last digit")  # fmt: skip


def is_equal(goal: Mapping[str, Any]) -> bool:
    off: float = abs(minutes(goal) - goal["shortest_minutes"])
    return off <= ROUNDED * (len(goal["steps"]) + 1)


def minutes(goal: Mapping[str, Any]) -> float:
    """The scheduler's time, with a slot for every step."""
    tasks, edges = connect([_task(goal, number) for number in range(1, len(goal["steps"]) + 1)], ())
    work = work_of(tasks, {(edge.producer, edge.consumer) for edge in edges}, Settings(slots=len(tasks)))
    return schedule(work).makespan


def _task(goal: Mapping[str, Any], number: int) -> PlannedTask:
    """The step makes one thing, and needs what the steps before it make."""
    took = goal["minutes"][number - 1]
    return PlannedTask(
        key=f"step-{number}",
        title=goal["steps"][number - 1],
        description="",
        phase=1,
        capability="everyday.step",
        consumes=tuple(f"made-{before}" for before, after in goal["before"] if after == number),
        optional=(),
        produces=(f"made-{number}",),
        parameters={},
        acceptance=(),
        estimate=Estimate(took, took, took),
        risk=0.0,
        cost=0.0,
        method="",
    )
