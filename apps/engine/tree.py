"""The tree of thoughts as values: every thought with its score and the reason why it went no further."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from apps.engine.htn import State
from apps.engine.values import Value


@dataclass(frozen=True)
class Thought:
    """One node of the tree. ``decides`` is the title of what is decided, ``title`` that of the method.

    ``status``: root, open, leaf, finalist, cut (beam, deadline, budget), refused, dead end, same (a leaf with the tasks
    of a better one). ``reason`` says why, with numbers; a lower ``value`` is better.
    """

    number: int
    parent: int
    depth: int
    compound: str
    method: str
    title: str
    status: str
    value: Value
    reason: str = ""
    decides: str = ""


@dataclass(frozen=True)
class Leaf:
    """A complete decomposition, its optimistic value (exact, but for the order of work) and its node in the tree."""

    state: State
    value: Value
    thought: int

    @property
    def signature(self) -> frozenset[str]:
        """What makes two approaches different: the keys of their tasks."""
        return frozenset(task.key for task in self.state.tasks)


@dataclass(frozen=True)
class Tree:
    """Every thought, in the order in which it was had. ``beam`` is the width that was needed, ``asked`` the one that
    was asked for; ``depth`` how many decisions were thought through (None: all), ``weights`` how much each part counts
    (shares of their sum)."""

    thoughts: tuple[Thought, ...]
    beam: int
    asked: int = 0
    depth: int | None = None
    weights: Mapping[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "beam": self.beam,
            "asked": self.asked or self.beam,
            "depth": self.depth,
            "weights": dict(self.weights),
            "thoughts": [asdict(thought) for thought in self.thoughts],
        }


class NoApproach(ValueError):
    """No approach keeps to the brief and its limits."""

    def __init__(self, tree: Tree) -> None:
        reasons = dict.fromkeys(t.reason for t in tree.thoughts if t.status in ("cut", "refused", "dead end"))
        super().__init__(f"{self.__doc__} {' '.join(reason.rstrip('.') + '.' for reason in reasons if reason)}")
        self.tree = tree
