"""Decomposition: from the root task to primitive tasks, by methods with preconditions, with backtracking.

After Erol, Hendler and Nau (AAAI 1994) and GTPyhop (Nau et al., 2021), with one restriction that carries far: **state
is monotone**. Facts never change, and choices and artifacts are only added. So a precondition that held when a method
was applied still holds later, no step can undo another, and the order of the primitive tasks need not be the order in
which they were found: it follows from who produces what somebody else consumes (:mod:`apps.engine.edges`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.engine.conditions import Situation, forbidden_word, refusal
from apps.engine.facts import Facts
from apps.engine.methods import Compound, Estimate, Library, Method, Primitive, Step
from apps.engine.templates import expand, fill

DEPTH_LIMIT = 40
MOST_TASKS = 5000


class NoDecomposition(ValueError):
    """No combination of methods fulfils the goal."""

    def __init__(self, refusals: Sequence["Refusal"]) -> None:
        lines = "; ".join(dict.fromkeys(str(each) for each in refusals))
        super().__init__(f"{self.__doc__} {lines}")
        self.refusals = tuple(refusals)


class TooDeep(ValueError):
    """The methods call each other without an end."""

    def __init__(self, trail: Sequence[str]) -> None:
        super().__init__(f"{self.__doc__} {' → '.join(trail[-6:])} is {len(trail)} levels deep.")
        self.trail = tuple(trail)


class ContradictingChoice(ValueError):
    """Two methods choose different values for the same thing; preconditions in the library should keep them apart."""

    def __init__(self, name: str, old: str, new: str, method: str) -> None:
        super().__init__(f"The method '{method}' chooses {new} for {name}, where {old} was chosen before.")


@dataclass(frozen=True)
class Refusal:
    """Why a method could not be applied, and where."""

    compound: str
    method: str
    reason: str

    def __str__(self) -> str:
        return f"{self.compound} by '{self.method}': {self.reason}"


@dataclass(frozen=True)
class PlannedTask:
    """A primitive task of a plan. ``key`` is stable and readable; minutes are agent minutes; cost in the library's
    currency; ``goals`` are the slugs of the feature and entity it is for."""

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


@dataclass(frozen=True)
class Open:
    """A step not done yet: its task, what it is for, and the compounds above it."""

    task: str
    binding: tuple[tuple[str, str], ...]
    trail: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name under which its choice is kept: the compound, with its feature or entity if it has one."""
        suffix = ",".join(slug for _, slug in self.binding)
        return f"{self.task}[{suffix}]" if suffix else self.task


@dataclass(frozen=True)
class State:
    """A partial decomposition. ``taken`` are the decisions (compound, method) in their order; nothing is removed."""

    agenda: tuple[Open, ...]
    tasks: tuple[PlannedTask, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    artifacts: frozenset[str] = frozenset()
    methods: tuple[Method, ...] = ()

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

    def paths(templates: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for text in templates for path in expand(text, facts, binding, choices)))

    return PlannedTask(
        key=key,
        title=fill(primitive.title, facts, binding, choices),
        description=fill(primitive.description, facts, binding, choices),
        phase=primitive.phase,
        capability=primitive.capability,
        consumes=paths(primitive.consumes),
        optional=paths(primitive.optional),
        produces=paths(primitive.produces),
        parameters={**binding, **parameters},
        acceptance=tuple(fill(text, facts, binding, choices) for text in primitive.acceptance),
        estimate=primitive.estimate,
        risk=primitive.risk,
        cost=primitive.cost,
        method=item.trail[-1] if item.trail else "",
    )


def judge(domain: Domain, state: State, method: Method) -> str:
    """Why the method cannot be applied to the first open compound task, or an empty string if it can."""
    forbidden = forbidden_word(method.uses, domain.facts)
    if forbidden:
        return f"the brief forbids '{forbidden[0]}' in sentence {forbidden[1]}"
    chosen = dict(state.choices)
    for name, value in method.chooses.items():
        if name in domain.answers and domain.answers[name] != value:
            return f"the answer to '{name}' is {domain.answers[name]}, and this is {value}"
        if chosen.get(name, value) != value:
            return f"{name} is {chosen[name]} already, and this is {value}"
    situation = Situation(domain.facts, chosen, state.artifacts)
    return next((reason for condition in method.when if (reason := refusal(condition, situation))), "")


def apply(domain: Domain, state: State, method: Method) -> State:
    """The state after the first open compound task is replaced by the method's steps."""
    item = state.agenda[0]
    trail = (*item.trail, item.task)
    if len(trail) > domain.depth_limit or len(state.tasks) > MOST_TASKS:
        raise TooDeep(trail)
    choices = dict(state.choices)
    for name, value in method.chooses.items():
        if choices.setdefault(name, value) != value:
            raise ContradictingChoice(name, choices[name], value, method.name)
    steps = tuple(each for step in method.steps for each in _open(domain.facts, step, item, trail))
    after = replace(
        state,
        agenda=(*steps, *state.agenda[1:]),
        taken=(*state.taken, (item.label, method.name)),
        choices=tuple(choices.items()),
        methods=(*state.methods, method),
    )
    return advance(domain, after)


def _open(facts: Facts, step: Step, item: Open, trail: tuple[str, ...]) -> Iterator[Open]:
    if not step.for_each:
        yield Open(step.task, item.binding, trail)
        return
    things: Sequence[Any] = facts.features if step.for_each == "feature" else facts.entities
    for thing in things:
        yield Open(step.task, (*item.binding, (step.for_each, thing.slug)), trail)


def open_compound(domain: Domain, state: State) -> Compound:
    """The compound task that is decided next. The state must not be complete."""
    found = domain.library.task(state.agenda[0].task, "the agenda")
    assert isinstance(found, Compound)
    return found


Chooser = Callable[[State, Compound, Sequence[Method]], Sequence[Method]]


def decompose(domain: Domain, choose: Chooser | None = None) -> State:
    """The first complete decomposition in depth-first order, backtracking over methods.

    ``choose`` puts the applicable methods of a compound task in the order in which they are tried (default: as the
    library lists them). Raises NoDecomposition with every refusal met, TooDeep, UnknownName or ContradictingChoice.
    """
    refusals: list[Refusal] = []
    stack: list[Iterator[State]] = [iter((domain.start(),))]
    while stack:
        state = next(stack[-1], None)
        if state is None:
            stack.pop()
        elif state.is_complete:
            return state
        else:
            stack.append(_children(domain, state, choose, refusals))
    raise NoDecomposition(refusals)


def _children(domain: Domain, state: State, choose: Chooser | None, refusals: list[Refusal]) -> Iterator[State]:
    compound = open_compound(domain, state)
    applicable = []
    for method in compound.methods:
        reason = judge(domain, state, method)
        if reason:
            refusals.append(Refusal(state.agenda[0].label, method.name, reason))
        else:
            applicable.append(method)
    for method in choose(state, compound, applicable) if choose else applicable:
        yield apply(domain, state, method)


def follow(taken: Sequence[tuple[str, str]]) -> Chooser:
    """A chooser that repeats decisions made before: what turns a leaf of the Tree of Thoughts into a plan."""
    wanted = dict(taken)

    def choose(state: State, compound: Compound, methods: Sequence[Method]) -> Sequence[Method]:
        name = wanted.get(state.agenda[0].label)
        return sorted(methods, key=lambda method: method.name != name)

    return choose
