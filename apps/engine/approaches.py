"""What planning results in: approaches side by side, with scores, and the sentence that says why one of them won."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from apps.engine.cpm import CriticalPath
from apps.engine.edges import Edge
from apps.engine.facts import Facts
from apps.engine.htn import PlannedTask
from apps.engine.rice import Rice
from apps.engine.tree import Tree
from apps.engine.values import PARTS, Weights
from apps.engine.work import Schedule


@dataclass(frozen=True)
class Score:
    """Points from 0 to 100, more is better: the weighted total, and each part."""

    total: float
    time: float
    cost: float
    risk: float
    fit: float


@dataclass(frozen=True)
class Approach:
    """One way to reach the goal. ``minutes`` are agent minutes of all tasks; the duration is the schedule's makespan.
    ``choices`` are named decisions, ``methods`` the method taken for each compound task; ``thought`` is its leaf.
    ``supplied`` are the artifacts that people brought along in place of its tasks, with the phase of each."""

    name: str
    summary: str
    choices: Mapping[str, str]
    methods: Mapping[str, str]
    tasks: tuple[PlannedTask, ...]
    edges: tuple[Edge, ...]
    schedule: Schedule
    critical: CriticalPath
    bottom_levels: Mapping[str, float]
    rice: Mapping[str, Rice]
    minutes: float
    cost: float
    risk: float
    misfit: float
    risks: tuple[str, ...]
    assumptions: tuple[str, ...]
    score: Score
    thought: int
    supplied: Mapping[str, int] = field(default_factory=dict)

    @property
    def duration(self) -> float:
        return self.schedule.makespan

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values of everything but the tasks and edges, which are stored as rows."""
        return {
            "name": self.name,
            "summary": self.summary,
            "choices": dict(self.choices),
            "methods": dict(self.methods),
            "scores": asdict(self.score),
            "risk": self.risk,
            "misfit": self.misfit,
            "risks": list(self.risks),
            "assumptions": list(self.assumptions),
            "minutes": self.minutes,
            "duration": self.duration,
            "cost": self.cost,
            "critical_path": list(self.critical.path),
            "critical_minutes": self.critical.duration,
            "bound": self.schedule.bound,
            "proven": self.schedule.proven,
            "tasks": len(self.tasks),
            "thought": self.thought,
        }


@dataclass(frozen=True)
class Exploration:
    """The approaches, best first; ``best`` is the index of the proposed one and ``reason`` says why it is."""

    facts: Facts
    approaches: tuple[Approach, ...]
    best: int
    reason: str
    tree: Tree
    library_version: str
    library_digest: str


def explain(approaches: Sequence[Approach], weights: Weights) -> str:
    """Why the first of the approaches is proposed, with the numbers of the second."""
    first = approaches[0]
    if len(approaches) == 1:
        numbers = ", ".join(_figure(first, part) for part in PARTS)
        return f"'{first.name}' is the only approach that keeps to the brief and its limits: {numbers}."
    second = approaches[1]
    gains = {
        part: getattr(weights, part) * (getattr(first.score, part) - getattr(second.score, part)) for part in PARTS
    }
    ahead = [part for part in sorted(PARTS, key=lambda part: -gains[part]) if gains[part] > 0]
    behind = [part for part in PARTS if gains[part] < 0]
    text = (
        f"'{first.name}' leads with {first.score.total:.1f} of 100 points over '{second.name}' with "
        f"{second.score.total:.1f}."
    )
    if ahead:
        text += f" It is ahead on {_beside(first, second, ahead)}"
        text += f", behind on {_beside(first, second, behind)}." if behind else "."
    return text


def _beside(first: Approach, second: Approach, parts: Sequence[str]) -> str:
    return " and ".join(f"{part} ({_figure(first, part)} against {_figure(second, part)})" for part in parts)


def _figure(approach: Approach, part: str) -> str:
    return {
        "time": _took(approach.duration),
        "cost": f"€{approach.cost:.2f}",
        "risk": f"{approach.risk:.0%} at risk",
        "fit": f"{approach.score.fit:.0f} of 100",
    }[part]


def _took(minutes: float) -> str:
    """A duration in words: seconds where the approaches compared take minutes.

    >>> [_took(minutes) for minutes in (0.2, 2.95, 45, 150)]
    ['12 s', '2 min 57 s', '45 min', '2.5 h']
    """
    if minutes >= 120:
        return f"{minutes / 60:.1f} h"
    whole, seconds = divmod(round(minutes * 60), 60)
    if minutes >= 10:
        return f"{minutes:.0f} min"
    return " ".join(filter(None, (f"{whole} min" if whole else "", f"{seconds} s" if seconds or not whole else "")))
