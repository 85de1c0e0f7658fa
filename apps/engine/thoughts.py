"""Tree of Thoughts over the method library: which approaches there are, which are worth a closer look, and why.

Yao et al., "Tree of Thoughts: deliberate problem solving with large language models" (NeurIPS 2023), without the model:
a state is a partial decomposition, a thought an applicable method of its first open task, the evaluation a weighted
optimistic value, the search a beam. Methods that the brief, an answer, the deadline or the budget rule out are cut with
the reason. The beam always keeps the best state of each value of a choice that distinguishes approaches, so that what
people compare are different approaches and not three shades of one. The whole tree is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from apps.engine.conditions import Situation, refusal
from apps.engine.htn import Domain, State, apply, judge, open_compound
from apps.engine.methods import Compound, Method
from apps.engine.values import Bounds, Limits, Value, Weights

BEAM = 5
WIDEST_BEAM = 80
LEAST_DIFFERENT = 3


@dataclass(frozen=True)
class Thought:
    """One node of the tree. ``status``: root, open, leaf, finalist, cut (beam, deadline, budget), refused, dead end,
    same (a leaf with the tasks of a better one). ``reason`` says why, with numbers; a lower ``value`` is better."""

    number: int
    parent: int
    depth: int
    compound: str
    method: str
    title: str
    status: str
    value: Value
    reason: str = ""


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
    """Every thought, in the order in which it was had. ``beam`` is the width that was needed."""

    thoughts: tuple[Thought, ...]
    beam: int

    def as_dict(self) -> dict[str, Any]:
        return {"beam": self.beam, "thoughts": [asdict(thought) for thought in self.thoughts]}


class NoApproach(ValueError):
    """No approach keeps to the brief and its limits."""

    def __init__(self, tree: Tree) -> None:
        reasons = dict.fromkeys(t.reason for t in tree.thoughts if t.status in ("cut", "refused", "dead end"))
        super().__init__(f"{self.__doc__} {' '.join(reason.rstrip('.') + '.' for reason in reasons if reason)}")
        self.tree = tree


@dataclass
class _Beam:
    """One search with one width."""

    domain: Domain
    bounds: Bounds
    limits: Limits
    width: int
    thoughts: list[Thought] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    was_cut: bool = False

    def run(self) -> None:
        start, dead = self._settle(self.domain.start())
        root = self._note(-1, 0, "", "", self.domain.facts.title, "dead end" if dead else "root", start, dead)
        level = [] if dead else [(start, root)]
        if start.is_complete and not dead:
            self.leaves.append(Leaf(start, self.bounds.value(start), root))
            level = []
        depth = 1
        while level:
            children = [child for state, parent in level for child in self._expand(state, parent, depth)]
            level = self._keep(children)
            depth += 1

    def _settle(self, state: State) -> tuple[State, str]:
        """The state with every decision taken that is none, and why it cannot go on, if it cannot."""
        while not state.is_complete:
            compound = open_compound(self.domain, state)
            able = [method for method in compound.methods if not judge(self.domain, state, method)]
            if not able:
                reasons = [f"{m.title}: {judge(self.domain, state, m)}" for m in compound.methods]
                return state, f"no way to '{compound.title}' ({'; '.join(reasons)})"
            if len(able) > 1 or any(method.chooses for method in compound.methods):
                break
            state = apply(self.domain, state, able[0])
        return state, ""

    def _expand(self, state: State, parent: int, depth: int) -> Iterator[tuple[State, int]]:
        compound = open_compound(self.domain, state)
        label = state.agenda[0].label
        for method in compound.methods:
            refused = judge(self.domain, state, method)
            if refused:
                self._note(parent, depth, label, method.name, method.title, "refused", state, refused)
                continue
            after, dead = self._settle(apply(self.domain, state, method))
            too_much = self.limits.exceeded(self.bounds.least(after))
            status = "dead end" if dead else "cut" if too_much else "leaf" if after.is_complete else "open"
            reason = dead or too_much or because(self.domain, state, method)
            number = self._note(parent, depth, label, method.name, method.title, status, after, reason)
            if status == "leaf":
                self.leaves.append(Leaf(after, self.bounds.value(after), number))
            elif status == "open":
                yield after, number

    def _keep(self, children: Sequence[tuple[State, int]]) -> list[tuple[State, int]]:
        """The best states; among them the best of each distinguishing choice."""
        ranked = sorted(children, key=lambda child: (self.thoughts[child[1]].value.total, child[1]))
        kept = self._best_of_each(ranked)[: self.width]
        kept += [child for child in ranked if child not in kept][: max(0, self.width - len(kept))]
        worst = max((self.thoughts[number].value.total for _, number in kept), default=0.0)
        for child in ranked:
            if child not in kept:
                self.was_cut = True
                own = self.thoughts[child[1]].value.total
                reason = f"beyond the beam of {self.width}: {own:.3f}, where the last one kept has {worst:.3f}"
                self._mark(child[1], "cut", reason)
        return kept

    def _best_of_each(self, ranked: Sequence[tuple[State, int]]) -> list[tuple[State, int]]:
        seen: set[tuple[str, ...]] = set()
        best = []
        for child in ranked:
            mark = distinguishing(self.domain, child[0])
            if mark not in seen:
                seen.add(mark)
                best.append(child)
        return best

    def _note(
        self, parent: int, depth: int, compound: str, method: str, title: str, status: str, state: State, reason: str
    ) -> int:
        number = len(self.thoughts)
        value = self.bounds.value(state)
        self.thoughts.append(Thought(number, parent, depth, compound, method, title, status, value, reason))
        return number

    def _mark(self, number: int, status: str, reason: str) -> None:
        self.thoughts[number] = replace(self.thoughts[number], status=status, reason=reason)


def distinguishing(domain: Domain, state: State) -> tuple[str, ...]:
    """The methods taken for the compounds that tell approaches apart."""
    compounds = domain.library.compounds
    return tuple(
        method
        for label, method in state.taken
        if (compound := compounds.get(label.split("[", 1)[0])) is not None and compound.distinguishes
    )


def because(domain: Domain, state: State, method: Method) -> str:
    """Why a method suits the brief more or less than others, in words."""
    situation = Situation(domain.facts, dict(state.choices), state.artifacts)
    told = [f"{'for' if fit.by < 0 else 'against'} it: {fit.because}" for fit in method.fits
            if not refusal(fit.when, situation)]  # fmt: skip
    return "; ".join(told)


def explore(
    domain: Domain,
    *,
    weights: Weights,
    limits: Limits,
    price: float = 0.0,
    beam: int = BEAM,
    finalists: int = 4,
) -> tuple[tuple[Leaf, ...], Tree]:
    """Two to ``finalists`` approaches that differ in their tasks, best first, and the tree they were found in.

    ``price`` is the cost of an agent minute. If the beam leaves fewer than LEAST_DIFFERENT different ones, the search
    is done again with a wider beam, until nothing was cut. Raises NoApproach with the tree.
    """
    width = max(1, beam)
    while True:
        search = _Beam(domain, Bounds(domain, weights, price), limits, width)
        search.run()
        chosen = _finalists(search, finalists)
        if len(chosen) >= min(LEAST_DIFFERENT, finalists) or not search.was_cut or width >= WIDEST_BEAM:
            break
        width *= 4
    tree = Tree(tuple(search.thoughts), width)
    if not chosen:
        raise NoApproach(tree)
    return tuple(chosen), tree


def _finalists(search: _Beam, most: int) -> list[Leaf]:
    ranked = sorted(search.leaves, key=lambda leaf: (leaf.value.total, leaf.thought))
    different: dict[frozenset[str], Leaf] = {}
    for leaf in ranked:
        other = different.setdefault(leaf.signature, leaf)
        if other is not leaf:
            text = f"the same tasks as number {other.thought}, which has {other.value.total:.3f}"
            search._mark(leaf.thought, "same", text)
    leaves = list(different.values())
    firsts: dict[tuple[str, ...], Leaf] = {}
    for leaf in leaves:
        firsts.setdefault(distinguishing(search.domain, leaf.state), leaf)
    chosen = list(firsts.values())[:most]
    chosen += [leaf for leaf in leaves if leaf not in chosen][: most - len(chosen)]
    chosen.sort(key=lambda leaf: (leaf.value.total, leaf.thought))
    for leaf in chosen:
        search._mark(leaf.thought, "finalist", search.thoughts[leaf.thought].reason)
    return chosen


def decisions(domain: Domain, state: State) -> Mapping[str, tuple[Compound, Method]]:
    """The decisions of a state that were real ones: by the name of the compound task."""
    found: dict[str, tuple[Compound, Method]] = {}
    for label, name in state.taken:
        compound = domain.library.compounds[label.split("[", 1)[0]]
        method = next(method for method in compound.methods if method.name == name)
        if method.chooses:
            found[label] = (compound, method)
    return found
