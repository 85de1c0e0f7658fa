"""Starting in a later phase: what a goal asks for, and what the plan says of the phases that were supplied."""

from collections.abc import Mapping
from typing import Any

from apps.core.errors import Invalid
from apps.goals.models import Goal
from apps.tasks.models import SuppliedArtifact
from apps.tasks.supplied import FIRST_PHASE as KEY
from apps.tasks.supplied import first_phase_of

__all__ = ["first_phase_of", "notes", "supplied_paths", "with_first_phase"]


def with_first_phase(planning: Mapping[str, Any], phase: int) -> dict[str, Any]:
    """A goal's ``planning`` that begins in this phase. Raises ``Invalid``."""
    if phase not in range(1, 8):
        raise Invalid({KEY: "A goal starts in a phase from 1 to 7."})
    others = {name: value for name, value in planning.items() if name != KEY}
    return others | ({KEY: phase} if phase > 1 else {})


def supplied_paths(goal: Goal) -> frozenset[str]:
    return frozenset(SuppliedArtifact.objects.filter(goal=goal).values_list("path", flat=True))


def notes(first_phase: int, supplied: int) -> dict[str, str]:
    """Why the phases before have no tasks.

    >>> notes(2, 3)
    {'1': 'its artifacts were supplied by people (3 files), and the gate decides on them.'}
    """
    files = f"{supplied} file{'' if supplied == 1 else 's'}"
    text = f"its artifacts were supplied by people ({files}), and the gate decides on them."
    return {str(phase): text for phase in range(1, first_phase)}
