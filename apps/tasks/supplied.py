"""Which gate decides on a file that people supplied: the one of the phase whose task would have made it."""

from apps.goals.models import Goal
from apps.tasks.models import Plan, SuppliedArtifact

FIRST_PHASE = "first_phase"


def first_phase_of(goal: Goal) -> int:
    """The phase that the goal's agents begin with; the phases before were supplied."""
    return int(goal.planning.get(FIRST_PHASE) or 1)


def supplied_phases(goal: Goal) -> dict[str, int]:
    """The phase of each supplied file, by path: two queries.

    The approach says which of its tasks a file stands in for. A file that none would have made is decided on with the
    last phase that was supplied: every gate before has it among its artifacts, too.
    """
    last = max(1, first_phase_of(goal) - 1)
    stood = Plan.objects.filter(goal=goal, approach__isnull=False).exclude(status__in=["draft", "discarded"])
    told = stood.order_by("-version").values_list("approach__blueprint__supplied", flat=True).first() or {}
    paths = SuppliedArtifact.objects.filter(goal=goal).values_list("path", flat=True)
    return {path: min(told.get(path, last), last) for path in paths}
