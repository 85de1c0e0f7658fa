"""Decomposition: from the root task to primitive tasks, by methods with preconditions, with backtracking.

After Erol, Hendler and Nau (AAAI 1994) and GTPyhop (Nau et al., 2021), with one restriction that carries far: **state
is monotone**. Facts never change, and choices and artifacts are only added. So a precondition that held when a method
was applied still holds later, no step can undo another, and the order of the primitive tasks need not be the order in
which they were found: it follows from who produces what somebody else consumes (:mod:`apps.engine.edges`).

Three things make that true in every order that the edges allow. Tasks below a method whose precondition asks for an
artifact need that artifact too, so that they can't come before it is there. An ordering constraint between two steps
(``Step.after``) becomes edges from what ends the one to what begins the other. And a precondition that an artifact is
*not* there is refused: whatever is not there may come later.

The search is depth first, complete within the depth limit and deterministic: methods are tried in the order of the
library, or in the one that a chooser gives.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.engine.conditions import Situation, forbidden_word, may_cease, refusal, rests_on
from apps.engine.facts import Facts
from apps.engine.methods import Compound, Estimate, Library, Method, Primitive
from apps.engine.refusals import (
    ContradictingChoice,
    NoDecomposition,
    Refusal,
    SearchTooLong,
    TooDeep,
    TooManyTasks,
    UnknownStep,
)
from apps.engine.templates import expand, fill

__all__ = [
    "ContradictingChoice",
    "NoDecomposition",
    "Refusal",
    "SearchTooLong",
    "TooDeep",
    "TooManyTasks",
    "UnknownStep",
    "decompose",
]
DEPTH_LIMIT = 40
MOST_TASKS = 5000
MOST_STEPS = 100_000

Place = tuple[int, ...]  # where in the tree of methods: the number of each step (and of its repetition), from the root


@dataclass(frozen=True)
class PlannedTask:
    """A primitive task of a plan. ``key`` is stable and readable; minutes are agent minutes; cost in the library's
    currency; ``place`` is where it stands in the tree of methods."""

    key: str
    title: str
    description: str
    phase: int
    capability: str
    consumes: tuple[str, ...]
    optional: tuple[str, ...]
    produces: tuple[str, ...]
    parameters: Mapping[str, Any]
    acceptance: tuple[str, ...]
    estimate: Estimate
    risk: float
    cost: float
    method: str
    place: Place = ()


@dataclass(frozen=True)
class Open:
    """A step not done yet: its task, what it is for, the compounds above it, the artifacts on which the preconditions
    above it rest, and its place in the tree of methods."""

    task: str
    binding: tuple[tuple[str, str], ...]
    trail: tuple[str, ...]
    needs: tuple[str, ...] = ()
    place: Place = ()

    @property
    def label(self) -> str:
        """The name under which its choice is kept: the compound, with its feature or entity if it has one."""
        suffix = ",".join(slug for _, slug in self.binding)
        return f"{self.task}[{suffix}]" if suffix else self.task


@dataclass(frozen=True)
class State:
    """A partial decomposition. ``taken`` are the decisions (compound, method) in their order; nothing is removed.
    ``orders`` are pairs of places: all tasks below the first come before all below the second."""

    agenda: tuple[Open, ...]
    tasks: tuple[PlannedTask, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    artifacts: frozenset[str] = frozenset()
    methods: tuple[Method, ...] = ()
    orders: tuple[tuple[Place, Place], ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.agenda


@dataclass(frozen=True)
class Domain:
    """A library with one brief's facts, and the answers to questions that pin choices."""

    library: Library
    facts: Facts
    answers: Mapping[str, str]
    depth_limit: int = DEPTH_LIMIT

    def start(self) -> State:
        root = Open(self.library.root, (), ())
        return advance(self, State((root,), artifacts=frozenset(self.library.given)))


def advance(domain: Domain, state: State) -> State:
    """The state with every primitive at the head of the agenda done: what remains begins with a compound task."""
    tasks = list(state.tasks)
    artifacts = set(state.artifacts)
    position = 0
    choices = dict(state.choices)
    for position, item in enumerate(state.agenda):  # noqa: B007
        found = domain.library.task(item.task, item.trail[-1] if item.trail else "the library's root")
        if isinstance(found, Compound):
            break
        task = _plan_task(domain, found, item, choices)
        tasks.append(task)
        artifacts.update(task.produces)
    else:
        position = len(state.agenda)
    agenda = state.agenda[position:]
    return replace(state, agenda=agenda, tasks=tuple(tasks), artifacts=frozenset(artifacts))


def _plan_task(domain: Domain, primitive: Primitive, item: Open, choices: Mapping[str, str]) -> PlannedTask:
    binding = dict(item.binding)
    facts = domain.facts
    key = "-".join([primitive.name, *binding.values()])
    parameters = {name: fill(text, facts, binding, choices) for name, text in primitive.parameters.items()}

    def paths(templates: tuple[str, ...], *more: str) -> tuple[str, ...]:
        filled = (path for text in templates for path in expand(text, facts, binding, choices))
        return tuple(dict.fromkeys((*filled, *more)))

    return PlannedTask(
        key=key,
        title=fill(primitive.title, facts, binding, choices),
        description=fill(primitive.description, facts, binding, choices),
        phase=primitive.phase,
        capability=primitive.capability,
        consumes=paths(primitive.consumes, *item.needs),
        optional=paths(primitive.optional),
        produces=paths(primitive.produces),
        parameters={**binding, **parameters},
        acceptance=tuple(fill(text, facts, binding, choices) for text in primitive.acceptance),
        estimate=primitive.estimate,
        risk=primitive.risk,
        cost=primitive.cost,
        method=item.trail[-1] if item.trail else "",
        place=item.place,
    )


def judge(domain: Domain, state: State, method: Method) -> str:
    """Why the method cannot be applied to the first open compound task, or an empty string if it can."""
    found = failing(domain, state, method)
    return found[1] if found else ""


def failing(domain: Domain, state: State, method: Method) -> tuple[str, str] | None:
    """The first precondition of the method that does not hold, and why; None where all do."""
    trail = (*state.agenda[0].trail, state.agenda[0].task)
    if len(trail) > domain.depth_limit:
        return f"at most {domain.depth_limit} levels", f"it would be {len(trail)} levels deep"
    forbidden = forbidden_word(method.uses, domain.facts)
    if forbidden:
        return f"uses: {', '.join(method.uses)}", f"the brief forbids '{forbidden[0]}' in sentence {forbidden[1]}"
    chosen = dict(state.choices)
    for name, value in method.chooses.items():
        if name in domain.answers and domain.answers[name] != value:
            return f"{name}: {value}", f"the answer to '{name}' is {domain.answers[name]}, and this is {value}"
        if chosen.get(name, value) != value:
            return f"{name}: {value}", f"{name} is {chosen[name]} already, and this is {value}"
    situation = Situation(domain.facts, chosen, state.artifacts)
    for condition in method.when:
        reason = may_cease(condition) or refusal(condition, situation)
        if reason:
            return str(condition), reason
    return None


def apply(domain: Domain, state: State, method: Method) -> State:
    """The state after the first open compound task is replaced by the method's steps. Raises TooDeep, TooManyTasks,
    ContradictingChoice or UnknownStep."""
    item = state.agenda[0]
    trail = (*item.trail, item.task)
    if len(trail) > domain.depth_limit:
        raise TooDeep(trail)
    choices = dict(state.choices)
    for name, value in method.chooses.items():
        if choices.setdefault(name, value) != value:
            raise ContradictingChoice(name, choices[name], value, method.name)
    after = replace(
        state,
        agenda=(*_steps(domain, state, method), *state.agenda[1:]),
        taken=(*state.taken, (item.label, method.name)),
        choices=tuple(choices.items()),
        methods=(*state.methods, method),
        orders=(*state.orders, *_orders(method, item.place)),
    )
    if len(after.agenda) + len(after.tasks) > MOST_TASKS:
        raise TooManyTasks(MOST_TASKS)
    return advance(domain, after)


def _steps(domain: Domain, state: State, method: Method) -> Iterator[Open]:
    item, facts = state.agenda[0], domain.facts
    trail = (*item.trail, item.task)
    here = Situation(facts, dict(state.choices), state.artifacts)
    rested = (path for condition in method.when for path in rests_on(condition, here))
    needs = tuple(dict.fromkeys((*item.needs, *(path for path in rested if path not in domain.library.given))))
    for number, step in enumerate(method.steps):
        place = (*item.place, number)
        if not step.for_each:
            yield Open(step.task, item.binding, trail, needs, place)
            continue
        things: Sequence[Any] = facts.features if step.for_each == "feature" else facts.entities
        for index, thing in enumerate(things):
            yield Open(step.task, (*item.binding, (step.for_each, thing.slug)), trail, needs, (*place, index))


def _orders(method: Method, place: Place) -> Iterator[tuple[Place, Place]]:
    """The ordering constraints between the method's steps, as places."""
    for number, step in enumerate(method.steps):
        for name in step.after:
            earlier = [index for index in range(number) if method.steps[index].task == name]
            if not earlier:
                raise UnknownStep(method.name, step.task, name)
            yield from (((*place, index), (*place, number)) for index in earlier)


def open_compound(domain: Domain, state: State) -> Compound:
    """The compound task that is decided next. The state must not be complete."""
    found = domain.library.task(state.agenda[0].task, "the agenda")
    assert isinstance(found, Compound)
    return found


Chooser = Callable[[State, Compound, Sequence[Method]], Sequence[Method]]


def decompose(domain: Domain, choose: Chooser | None = None) -> State:
    """The first complete decomposition in depth-first order, backtracking over methods.

    ``choose`` puts the applicable methods of a compound task in the order in which they are tried (default: as the
    library lists them). Where there is none, raises NoDecomposition with every refusal met, or TooDeep if the depth
    limit was among them; SearchTooLong after MOST_STEPS methods; UnknownName, UnknownStep or TooManyTasks where the
    library is at fault.
    """
    refusals: list[Refusal] = []
    stack: list[Iterator[State]] = [iter((domain.start(),))]
    steps = 0
    while stack:
        state = next(stack[-1], None)
        steps += 1
        if state is None:
            stack.pop()
        elif state.is_complete:
            return state
        elif steps > MOST_STEPS:
            raise SearchTooLong(MOST_STEPS, refusals)
        else:
            stack.append(_children(domain, state, choose, refusals))
    deepest = next((each for each in refusals if len(each.trail) >= domain.depth_limit), None)
    if deepest is not None:
        raise TooDeep((*deepest.trail, deepest.compound))
    raise NoDecomposition(refusals)


def _children(domain: Domain, state: State, choose: Chooser | None, refusals: list[Refusal]) -> Iterator[State]:
    item = state.agenda[0]
    applicable = []
    for method in open_compound(domain, state).methods:
        failed = failing(domain, state, method)
        if failed:
            refusals.append(Refusal(item.label, method.name, failed[1], failed[0], item.trail))
        else:
            applicable.append(method)
    for method in choose(state, open_compound(domain, state), applicable) if choose else applicable:
        yield apply(domain, state, method)


def follow(taken: Sequence[tuple[str, str]]) -> Chooser:
    """A chooser that repeats decisions made before: what turns a leaf of the Tree of Thoughts into a plan."""
    wanted = tuple(taken)

    def choose(state: State, compound: Compound, methods: Sequence[Method]) -> Sequence[Method]:
        position = len(state.taken)
        name = wanted[position][1] if position < len(wanted) else ""
        return sorted(methods, key=lambda method: method.name != name)

    return choose
