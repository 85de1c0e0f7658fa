"""The tree of thoughts for people: what was considered, what it would have come to, and why it went no further."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.goals.models import Goal
from apps.goals.weighing import PARTS
from apps.planning import selectors
from apps.tasks.models import Exploration

# So many thoughts that were refused under one are folded into a line.
FOLD_FROM = 3


@dataclass(frozen=True)
class Look:
    """How a status reads: its word, its tone and icon, and what it means."""

    word: str
    tone: str
    icon: str
    means: str


LOOKS: Mapping[str, Look] = {
    "root": Look("start", "neutral", "target", "where thinking begins"),
    "open": Look("thought on", "neutral", "circle-dot", "among the best so far, so what follows was thought through"),
    "finalist": Look("compared", "good", "circle-check", "an approach that stands side by side with the others"),
    "leaf": Look("complete", "quiet", "circle-dot", "a whole approach, but no better than one of its kind"),
    "same": Look("the same", "quiet", "copy", "leads to the same tasks as a better one"),
    "cut": Look("cut", "warn", "ban", "beyond the beam, the deadline or the budget"),
    "refused": Look("does not fit", "bad", "x", "a precondition does not hold"),
    "dead end": Look("dead end", "bad", "circle-x", "nothing that fits can follow"),
}
_OTHER = Look("", "neutral", "circle-dot", "")


@dataclass
class Branch:
    """One thought with the thoughts that follow from it. ``open``: on the way to an approach that is compared."""

    number: int
    decides: str
    title: str
    look: Look
    status: str
    reason: str
    value: float | None
    amounts: Mapping[str, float]
    approach: str = ""
    open: bool = False
    children: list["Branch"] = field(default_factory=list)
    refused: list["Branch"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many thoughts follow, near and far."""
        return sum(1 + child.count for child in (*self.children, *self.refused))


def thoughts(goal: Goal) -> dict[str, Any]:
    """The tree with the reason of each cut, and what it was weighed with: two queries."""
    exploration = selectors.exploration_of(goal=goal)
    tree = exploration.tree if exploration and isinstance(exploration.tree, dict) else {}
    listed = [each for each in tree.get("thoughts", []) if isinstance(each, dict)]
    weights = tree.get("weights") or {}
    names = _names(goal, exploration, tree) if listed else {}
    counts = Counter(str(thought.get("status", "")) for thought in listed)
    return {
        "goal": goal,
        "branches": _branches(listed, names),
        "number": len(listed),
        "beam": tree.get("beam"),
        "asked": tree.get("asked", tree.get("beam")),
        "depth": tree.get("depth"),
        "weights": [(part, weights[part]) for part in PARTS if part in weights],
        "legend": [(LOOKS[status], counts[status]) for status in LOOKS if counts[status]],
        "why": exploration.why if exploration else "",
    }


def _names(goal: Goal, exploration: Exploration | None, tree: Mapping[str, Any]) -> dict[int, str]:
    """The name of each approach by the number of its leaf."""
    rows = {row.number: row.name for row in selectors.approaches(goal=goal, exploration=exploration)}
    told = enumerate(tree.get("approaches", []), start=1)
    return {each["thought"]: rows[number] for number, each in told if number in rows and "thought" in each}


def _branches(listed: Sequence[Mapping[str, Any]], names: Mapping[int, str]) -> list[Branch]:
    found: dict[int, Branch] = {}
    roots: list[Branch] = []
    parents: dict[int, Branch] = {}
    for thought in listed:
        branch = _branch(thought, len(found), names)
        found[branch.number] = branch
        parent = found.get(int(thought.get("parent", -1)))
        if parent is None or parent is branch:
            roots.append(branch)
            continue
        parents[branch.number] = parent
        parent.children.append(branch)
        if branch.status == "finalist":
            _open_up(branch, parents)
    for branch in found.values():
        _fold(branch)
    return roots


def _branch(thought: Mapping[str, Any], position: int, names: Mapping[int, str]) -> Branch:
    status = str(thought.get("status", ""))
    value = thought.get("value")
    amounts = value if isinstance(value, dict) else {}
    number = int(thought.get("number", position))
    return Branch(
        number=number,
        decides=str(thought.get("decides", "")),
        title=str(thought.get("title", "")),
        look=LOOKS.get(status, _OTHER),
        status=status,
        reason=str(thought.get("reason", "")),
        value=amounts.get("total") if amounts else value if isinstance(value, int | float) else None,
        amounts=amounts,
        approach=names.get(number, ""),
    )


def _open_up(branch: Branch, parents: Mapping[int, Branch]) -> None:
    above = parents.get(branch.number)
    while above is not None and not above.open:
        above.open = True
        above = parents.get(above.number)


def _fold(branch: Branch) -> None:
    """What was refused goes into a line of its own where it is much: it would hide what was thought on."""
    refused = [child for child in branch.children if child.status == "refused"]
    if len(refused) >= FOLD_FROM:
        branch.refused = refused
        branch.children = [child for child in branch.children if child.status != "refused"]
