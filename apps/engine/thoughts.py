"""Tree of Thoughts over the method library: which approaches there are, which are worth a closer look, and why.

Yao et al., "Tree of Thoughts: deliberate problem solving with large language models" (NeurIPS 2023), without the model:
a state is a partial decomposition, a thought an applicable method of its first open task, the evaluation a weighted
optimistic value, the search a beam. Methods that the brief, an answer, the deadline or the budget rule out are cut with
the reason. The beam always keeps the best state of each value of a choice that distinguishes approaches, so that what
people compare are different approaches and not three shades of one. Decisions beyond the depth are not compared: each
takes its best method, going back where that leads nowhere. The whole tree is kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from apps.engine.conditions import Situation, refusal
from apps.engine.htn import Domain, State, apply, judge, open_compound
from apps.engine.methods import Compound, Method
from apps.engine.tree import Leaf, NoApproach, Thought, Tree
from apps.engine.values import Bounds, Limits, Weights

__all__ = ["BEAM", "Leaf", "NoApproach", "Thought", "Tree", "decisions", "explore"]
BEAM = 5
WIDEST_BEAM = 80
LEAST_DIFFERENT = 3
MOST_TRIES = 2000  # methods tried to finish one state beyond the depth

Fault = Callable[[State], str]


@dataclass
class _Beam:
    """One search with one width."""

    domain: Domain
    bounds: Bounds
    limits: Limits
    width: int
    deepest: int | None = None
    thoughts: list[Thought] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    was_cut: bool = False

    def run(self) -> None:
        start, dead = self._settle(self.domain.start())
        root = self._note(-1, 0, None, self.domain.facts.title, "dead end" if dead else "root", start, dead)
        level = [] if dead else [(start, root)]
        if start.is_complete and not dead:
            self.leaves.append(Leaf(start, self.bounds.value(start), root))
            level = []
        depth, decided = 1, 0
        while level and (self.deepest is None or decided < self.deepest):
            children = [child for state, parent in level for child in self._expand(state, parent, depth)]
            decided += len(children) > len(level)  # where everything was settled already, nothing was thought through
            level = self._keep(children)
            depth += 1
        for state, parent in level:
            self.finish(state, parent, depth, f"beyond the depth of {self.deepest}")

    def finish(self, state: State, parent: int, depth: int, why: str) -> None:
        """Complete a state by the best method of each decision, and note the leaf that this gives."""
        title, known = "The rest by the best method of each", len(state.taken)
        after = self._finished(state)
        if after is None:
            self._note(parent, depth, None, title, "dead end", state, f"{why}, no way to finish it was found")
            return
        chosen = [method.title for method in after.methods[known:] if method.chooses]
        number = self._note(parent, depth, None, title, "leaf", after, f"{why}: {', '.join(chosen) or 'nothing left'}")
        self.leaves.append(Leaf(after, self.bounds.value(after), number))

    def _finished(self, state: State) -> State | None:
        stack: list[Iterator[State]] = [iter((state,))]
        for _ in range(MOST_TRIES):
            while stack and (current := next(stack[-1], None)) is None:
                stack.pop()
            if not stack or current is None:
                return None
            settled, dead = self._settle(current)
            if dead or self.limits.exceeded(self.bounds.least(settled)):
                continue
            if settled.is_complete:
                return settled
            stack.append(iter(self._best_first(settled)))
        return None

    def _best_first(self, state: State) -> list[State]:
        able = [m for m in open_compound(self.domain, state).methods if not judge(self.domain, state, m)]
        return sorted((apply(self.domain, state, m) for m in able), key=lambda after: self.bounds.value(after).total)

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
        for method in open_compound(self.domain, state).methods:
            decision = (state, method)
            refused = judge(self.domain, state, method)
            if refused:
                self._note(parent, depth, decision, method.title, "refused", state, refused)
                continue
            after, dead = self._settle(apply(self.domain, state, method))
            too_much = self.limits.exceeded(self.bounds.least(after))
            status = "dead end" if dead else "cut" if too_much else "leaf" if after.is_complete else "open"
            reason = dead or too_much or because(self.domain, state, method)
            number = self._note(parent, depth, decision, method.title, status, after, reason)
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
                self.mark(child[1], "cut", reason)
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
        self,
        parent: int,
        depth: int,
        decision: tuple[State, Method] | None,
        title: str,
        status: str,
        state: State,
        reason: str,
    ) -> int:
        number, value = len(self.thoughts), self.bounds.value(state)
        label = name = decides = ""
        if decision is not None:
            before, method = decision
            label, name, decides = before.agenda[0].label, method.name, open_compound(self.domain, before).title
        self.thoughts.append(Thought(number, parent, depth, label, name, title, status, value, reason, decides))
        return number

    def mark(self, number: int, status: str, reason: str) -> None:
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


def sound(state: State) -> str:
    """The judge of complete states that finds no fault."""
    return ""


def explore(
    domain: Domain,
    *,
    weights: Weights,
    limits: Limits,
    price: float = 0.0,
    beam: int = BEAM,
    depth: int | None = None,
    finalists: int = 4,
    fault: Fault = sound,
    first_phase: int = 1,
) -> tuple[tuple[Leaf, ...], Tree]:
    """Two to ``finalists`` approaches that differ in their tasks, best first, and the tree they were found in.

    ``price`` is the cost of an agent minute; ``depth`` is how many decisions are thought through (None: all);
    ``fault`` says why a complete state can be no plan; what is done before ``first_phase`` costs nothing.
    If the beam leaves fewer than LEAST_DIFFERENT different ones,
    the search is done again with a wider beam, until nothing was cut; if it lost every way, one is found by going
    back. Raises NoApproach with the tree.
    """
    width = max(1, beam)
    while True:
        search = _Beam(domain, Bounds(domain, weights, price, first_phase), limits, width, depth)
        search.run()
        chosen = _finalists(search, finalists, fault)
        if len(chosen) >= min(LEAST_DIFFERENT, finalists) or not search.was_cut or width >= WIDEST_BEAM:
            break
        width = min(WIDEST_BEAM, width * 4)
    if not chosen and search.was_cut:
        search.finish(domain.start(), 0, 1, "every way in the beam led nowhere; by going back")
        chosen = _finalists(search, finalists, fault)
    tree = Tree(tuple(search.thoughts), width, beam, depth, weights.shares())
    if not chosen:
        raise NoApproach(tree)
    return tuple(chosen), tree


def _finalists(search: _Beam, most: int, fault: Fault) -> list[Leaf]:
    """The first ``most`` of those compared: the best of each kind, then the next best."""
    faulty: set[int] = set()
    while True:
        leaves = _different(search, faulty)
        firsts: dict[tuple[str, ...], Leaf] = {}
        for leaf in leaves:
            firsts.setdefault(distinguishing(search.domain, leaf.state), leaf)
        chosen = list(firsts.values())[:most]
        chosen += [leaf for leaf in leaves if leaf not in chosen][: most - len(chosen)]
        faults = {leaf.thought: words for leaf in chosen if (words := fault(leaf.state))}
        for number, words in faults.items():
            search.mark(number, "dead end", words)
        faulty.update(faults)
        if not faults:
            break
    chosen.sort(key=lambda leaf: (leaf.value.total, leaf.thought))
    for leaf in leaves:
        told = search.thoughts[leaf.thought].reason
        if leaf in chosen:
            search.mark(leaf.thought, "finalist", told)
            continue
        first = firsts[distinguishing(search.domain, leaf.state)]
        words = f"a shade of number {first.thought}, which has {first.value.total:.3f}"
        if first not in chosen:
            words = f"beyond the {most} that are compared, of which the last has {chosen[-1].value.total:.3f}"
        search.mark(leaf.thought, "leaf", "; ".join(filter(None, (words, told))))
    return chosen


def _different(search: _Beam, faulty: set[int]) -> list[Leaf]:
    """The leaves without a fault, best first, without those whose tasks a better one has."""
    different: dict[frozenset[str], Leaf] = {}
    able = [leaf for leaf in search.leaves if leaf.thought not in faulty]
    for leaf in sorted(able, key=lambda leaf: (leaf.value.total, leaf.thought)):
        other = different.setdefault(leaf.signature, leaf)
        if other is not leaf:
            text = f"the same tasks as number {other.thought}, which has {other.value.total:.3f}"
            search.mark(leaf.thought, "same", text)
    return list(different.values())


def decisions(domain: Domain, state: State) -> Mapping[str, tuple[Compound, Method]]:
    """The decisions of a state that were real ones: by the name of the compound task."""
    found: dict[str, tuple[Compound, Method]] = {}
    for label, name in state.taken:
        compound = domain.library.compounds[label.split("[", 1)[0]]
        method = next(method for method in compound.methods if method.name == name)
        if method.chooses:
            found[label] = (compound, method)
    return found
