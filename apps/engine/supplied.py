"""Starting in a later phase: what people bring along stands in for the tasks of the phases before."""

from collections.abc import Collection, Iterable, Sequence

from apps.engine.htn import PlannedTask


class NotSupplied(ValueError):
    """Later phases need artifacts that nobody makes and nobody has supplied."""

    def __init__(self, first_phase: int, missing: Sequence[tuple[str, str]]) -> None:
        named = ", ".join(f"{path} (for “{title}”)" for path, title in missing)
        super().__init__(
            f"To start in phase {first_phase}, {len(missing)} artifact{'s' if len(missing) > 1 else ''} of earlier "
            f"phases must be supplied: {named}."
        )
        self.missing = tuple(path for path, _ in missing)


def remaining(
    tasks: Sequence[PlannedTask], *, first_phase: int, supplied: Collection[str], given: Iterable[str]
) -> tuple[tuple[PlannedTask, ...], frozenset[str]]:
    """The tasks from ``first_phase`` on, and everything that is there before any of them begins.

    Raises NotSupplied, with each missing artifact and the first task that needs it.
    """
    there = frozenset({*given, *supplied})
    if first_phase <= 1:
        return tuple(tasks), there
    left = tuple(task for task in tasks if task.phase >= first_phase)
    made = {path for task in left for path in task.produces}
    missing: dict[str, str] = {}
    for task in left:
        for path in task.consumes:
            if path not in made | there:
                missing.setdefault(path, task.title)
    if missing:
        raise NotSupplied(first_phase, tuple(missing.items()))
    return left, there - made


def standing_in(tasks: Iterable[PlannedTask], *, first_phase: int, supplied: Collection[str]) -> dict[str, int]:
    """The supplied artifacts that a left-out task would have made, each with that task's phase."""
    made = {path: task.phase for task in tasks if task.phase < first_phase for path in task.produces}
    return {path: phase for path, phase in sorted(made.items()) if path in supplied}
