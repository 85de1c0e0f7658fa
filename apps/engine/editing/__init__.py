"""Editing a plan: pure operations on a blueprint (the JSON of :mod:`apps.planning.storing`).

Every operation gives a new blueprint that is valid and rescheduled, or refuses with words and changes nothing.
"""

from apps.engine.editing.timetable import reschedule

__all__ = ["reschedule"]
