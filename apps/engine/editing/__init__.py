"""Editing a plan: pure operations on a blueprint (the JSON of :mod:`apps.planning.storing`).

Every operation gives a new blueprint that is valid and rescheduled, or refuses with words and changes nothing.
"""

from apps.engine.editing.draft import NO_ARTIFACT, Draft, Rules
from apps.engine.editing.errors import BadInput, EditRefused
from apps.engine.editing.operate import Edited, operate
from apps.engine.editing.reading import KINDS, Operation, operation_of
from apps.engine.editing.timetable import reschedule

__all__ = [
    "KINDS",
    "NO_ARTIFACT",
    "BadInput",
    "Draft",
    "EditRefused",
    "Edited",
    "Operation",
    "Rules",
    "operate",
    "operation_of",
    "reschedule",
]
