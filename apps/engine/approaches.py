"""What planning results in: approaches side by side, with scores, and the sentence that says why one of them won."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from apps.engine.cpm import CriticalPath
from apps.engine.edges import Edge
from apps.engine.facts import Facts
from apps.engine.htn import PlannedTask
from apps.engine.rice import Rice
from apps.engine.tree import Tree
from apps.engine.values import Weights
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
    ``choices`` are named decisions, ``methods`` the method taken for each compound task; ``thought`` is its leaf."""

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
    numbers = f"{first.duration:.3g} min, €{first.cost:.2f}, risk {first.risk:.0%}, fit {first.score.fit:.0f} of 100"
    if len(approaches) == 1:
        return f"'{first.name}' is the only approach that keeps to the brief and its limits: {numbers}."
    second = approaches[1]
    parts = ("time", "cost", "risk", "fit")
    gains = {
        part: getattr(weights, part) * (getattr(first.score, part) - getattr(second.score, part)) for part in parts
    }
    ahead = [part for part in sorted(parts, key=lambda part: -gains[part]) if gains[part] > 0]
    behind = [part for part in parts if gains[part] < 0]
    text = (
        f"'{first.name}' leads with {first.score.total:.1f} of 100 points over '{second.name}' with "
        f"{second.score.total:.1f}: {numbers}, against {second.duration:.3g} min, €{second.cost:.2f}, "
        f"risk {second.risk:.0%}, fit {second.score.fit:.0f}."
    )
    if ahead:
        text += f" It is ahead on {' and '.join(ahead)}"
        text += f", behind on {' and '.join(behind)}." if behind else "."
    return text
