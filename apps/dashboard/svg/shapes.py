"""What can be drawn. Ids are those of the rows; ``status`` is a status of a task, or of a gate, in the words of §4."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A task in the graph. ``phase`` is 1 to 7, ``critical`` says that it lies on the critical path."""

    id: str
    label: str
    phase: int
    status: str
    sublabel: str = ""
    critical: bool = False
    href: str = ""


@dataclass(frozen=True)
class Edge:
    """``target`` needs ``artifact``, an output of ``source``; both are ids of nodes."""

    source: str
    target: str
    artifact: str = ""


@dataclass(frozen=True)
class Lane:
    """A phase as a column: its number, its name, and a few words such as ``3 of 5 tasks``."""

    phase: int
    name: str
    note: str = ""
    current: bool = False


@dataclass(frozen=True)
class GateMark:
    """The gate at the end of a phase, drawn as a barrier behind the phase's column."""

    phase: int
    code: str
    status: str
    href: str = ""


@dataclass(frozen=True)
class TimelineBar:
    """A task on the timeline. ``row`` groups bars (a slot, a phase); times are minutes since the plan's start."""

    id: str
    row: str
    label: str
    start: float
    end: float
    status: str
    critical: bool = False
    actual_start: float | None = None
    actual_end: float | None = None
    href: str = ""


@dataclass(frozen=True)
class TimelineGate:
    """A gate on the timeline, ``at`` minutes since the plan's start."""

    code: str
    at: float
    status: str
    href: str = ""
