"""A plan's schedule: phase by phase, since gates are barriers, each solved by itself; and list scheduling by name.

Graham, "Bounds on multiprocessing timing anomalies" (SIAM J. Appl. Math. 17, 1969) for list scheduling. A gate lets
nothing of the next phase begin before all of this one is done, so each phase is a problem of its own and the plan's
length is their sum.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from apps.engine.bounds import never, root_bound
from apps.engine.generation import parallel
from apps.engine.improve import Improver
from apps.engine.instance import instance_of
from apps.engine.work import PhaseSpan, Placement, Schedule, Work

Solver = Callable[[Work], Schedule]


def schedule(work: Work, solve: Solver | None = None) -> Schedule:
    """The whole plan: each phase solved by ``solve`` (default: :func:`best_list_schedule`), one after the other."""
    solver = solve or best_list_schedule
    placements: list[Placement] = []
    spans: list[PhaseSpan] = []
    clock = bound = 0.0
    proven, methods, nodes = True, [], 0
    for index, phase in enumerate(work.phases):
        clock += work.between_phases if index else 0.0
        bound += work.between_phases if index else 0.0
        part = solver(work.of_phase(phase))
        placements += [replace(p, start=p.start + clock, end=p.end + clock) for p in part.placements]
        spans.append(PhaseSpan(phase, clock, clock + part.makespan))
        clock += part.makespan
        bound += part.bound
        proven = proven and part.proven
        methods.append(part.method)
        nodes += part.nodes
    method = "search" if "search" in methods else "improved list" if "improved list" in methods else "list"
    return Schedule(tuple(placements), clock, bound, proven, method, tuple(spans), nodes)


def best_list_schedule(work: Work) -> Schedule:
    """One phase by bottom level, improved forwards and backwards until that changes nothing. Proven if it meets the
    lower bound.

    >>> from apps.engine.work import Job
    >>> plan = best_list_schedule(Work((Job("a", 2), Job("b", 2), Job("c", 2)), {"c": ("a",)}, slots=2))
    >>> plan.makespan, plan.proven
    (4.0, True)
    """
    instance = instance_of(work)
    improver = Improver(instance, seed=0)
    improver.justify(never)
    best = improver.best
    bound = root_bound(instance, best.length)
    return Schedule(
        placements=instance.placements(best.starts, best.chosen),
        makespan=best.length / instance.scale,
        bound=bound / instance.scale,
        proven=best.length <= bound,
        method="improved list" if improver.improved else "list",
    )


def list_schedule(work: Work, priority: Mapping[str, float]) -> tuple[tuple[Placement, ...], float]:
    """Placements and makespan of one phase: whenever a slot is free, the ready job of highest priority that some agent
    can take now starts. Ties go to the job that stands first in the work.

    >>> from apps.engine.work import Job
    >>> list_schedule(Work((Job("a", 1), Job("b", 2)), {}, slots=1), {"a": 1, "b": 5})[0][1].start
    2.0
    """
    instance = instance_of(work)
    found = parallel(instance, [priority[name] for name in instance.names])
    return instance.placements(found.starts, found.chosen), found.length / instance.scale
