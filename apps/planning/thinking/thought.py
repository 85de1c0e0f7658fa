"""What came of thinking: facts and methods to plan with, and the words that the plan page shows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.engine.approaches import Exploration
from apps.engine.facts import Facts
from apps.engine.methods import Library


def _as_it_is(explored: Exploration) -> Exploration:
    return explored


@dataclass
class Thought:
    """Without a model it is what was given. ``lines`` say what was taken and what was refused; ``stands`` says why the
    library's plan stands where something was wanted of the model and did not come; ``calls`` are plain JSON."""

    facts: Facts
    library: Library
    model: str = ""
    lines: list[str] = field(default_factory=list)
    stands: list[str] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    ways: list[dict[str, Any]] = field(default_factory=list)
    voter: Callable[[Exploration], Exploration] = _as_it_is

    def settled(self, explored: Exploration) -> Exploration:
        """The exploration, where the model's vote decides a tie."""
        return self.voter(explored)

    def withdrawn(self, facts: Facts, library: Library, why: str) -> "Thought":
        """The same without anything that the model added: no plan could be made with it."""
        self.lines.clear()
        self.ways.clear()
        self.stands.append(why)
        self.facts, self.library = facts, library
        return self

    def as_dict(self) -> dict[str, Any]:
        """What ``Exploration.thinking`` keeps; empty where no model is configured."""
        if not self.model:
            return {}
        cost = sum((Decimal(call["cost"]) for call in self.calls), Decimal(0))
        return {
            "model": self.model,
            "lines": self.lines,
            "stands": self.stands,
            "calls": self.calls,
            "ways": self.ways,
            "cost": str(cost),
            "input_tokens": sum(call["input_tokens"] for call in self.calls),
            "output_tokens": sum(call["output_tokens"] for call in self.calls),
            "seconds": round(sum(call["seconds"] for call in self.calls), 3),
        }
