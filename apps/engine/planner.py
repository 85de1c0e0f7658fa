"""The whole chain without a model: facts → Tree of Thoughts → HTN → edges → schedule → RICE, as one pure function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import networkx as nx

from apps.engine import astar
from apps.engine.approaches import Approach, Exploration, Score, explain
from apps.engine.cpm import critical_path
from apps.engine.edges import BackwardEdge, CyclicPlan, Edge, OrphanInput, TwoProducers, connect, graph_of
from apps.engine.estimates import Measured, learnt
from apps.engine.facts import KINDS, Facts
from apps.engine.htn import Domain, PlannedTask, State, decompose, follow
from apps.engine.methods import Library
from apps.engine.rice import Rice, rice_of
from apps.engine.schedule import schedule
from apps.engine.supplied import NotSupplied, remaining, standing_in
from apps.engine.thoughts import BEAM, Leaf, NoApproach, decisions, explore
from apps.engine.values import Limits, Weights
from apps.engine.work import Job, Schedule, Work, Worker, bottom_levels


def never() -> bool:
    """The deadline of somebody who is in no hurry."""
    return False


@dataclass(frozen=True)
class Settings:
    """What planning depends on beside the brief. Minutes are agent minutes; ``minutes_available`` is what the deadline
    leaves; ``price_per_minute`` is what an agent minute costs, in euro; ``answers`` are answers to questions, by their
    key; ``beam`` and ``depth`` (None: all) are how many partial plans and decisions are thought through; ``deadline``
    answers True when the time for planning is up (the engine has no clock of its own); ``measured`` is what attempts
    really took, by capability; ``supplied`` are artifacts that people bring along, in place of the tasks of the phases
    before ``first_phase``."""

    slots: int = 10
    workers: tuple[Worker, ...] = ()
    weights: Weights = field(default_factory=Weights)
    minutes_available: float | None = None
    budget: float | None = None
    price_per_minute: float = 0.05
    goal_priority: int = 3
    answers: Mapping[str, str] = field(default_factory=dict)
    beam: int = BEAM
    depth: int | None = None
    finalists: int = 4
    node_budget: int = 1000
    deadline: Callable[[], bool] = never
    measured: Mapping[str, Measured] = field(default_factory=dict)
    first_phase: int = 1
    supplied: frozenset[str] = frozenset()


def plan(facts: Facts, library: Library, settings: Settings | None = None) -> Exploration:
    """Two to four approaches, complete with tasks, edges, schedule and RICE, the best one first.

    Raises NoApproach where the brief and its limits leave none, and the named errors of htn, edges and work.
    """
    settings = settings or Settings()
    library = learnt(library, settings.measured)
    answers, notes = usable_answers(library, settings.answers)
    if answers.get("kind") in KINDS:
        facts = replace(facts, kind=answers["kind"])
    domain = Domain(library, facts, answers)
    limits = Limits(settings.minutes_available, settings.budget, settings.slots)
    missing: list[NotSupplied] = []
    try:
        leaves, tree = explore(
            domain,
            weights=settings.weights,
            limits=limits,
            price=settings.price_per_minute,
            beam=settings.beam,
            depth=settings.depth,
            finalists=settings.finalists,
            fault=lambda state: _fault(domain, state, settings, missing),
            first_phase=settings.first_phase,
        )
    except NoApproach:
        if missing:
            raise min(missing, key=lambda one: len(one.missing)) from None
        raise
    drafts = [_approach(domain, leaf, settings, notes) for leaf in leaves]
    ranked = sorted(scored(drafts, settings.weights), key=lambda approach: -approach.score.total)
    named = tuple(_named(domain, ranked))
    return Exploration(facts, named, 0, explain(named, settings.weights), tree, library.version, library.digest)


def usable_answers(library: Library, answers: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The answers that some method can follow, and a note for each choice whose answer none can."""
    values: dict[str, set[str]] = {"kind": set(KINDS)}
    for compound in library.compounds.values():
        for method in compound.methods:
            for name, value in method.chooses.items():
                values.setdefault(name, set()).add(value)
    usable, notes = {}, []
    for name, answer in answers.items():
        wanted = answer.strip().lower()
        if name in values and wanted in values[name]:
            usable[name] = wanted
        elif name in values:
            known = ", ".join(sorted(values[name]))
            notes.append(f"The answer to '{name}' ({answer}) fits none of {known}; the planner chose.")
    return usable, tuple(notes)


def _connected(domain: Domain, state: State, settings: Settings) -> tuple[tuple[PlannedTask, ...], tuple[Edge, ...]]:
    tasks, given = remaining(
        state.tasks, first_phase=settings.first_phase, supplied=settings.supplied, given=domain.library.given
    )
    return connect(tasks, given, state.orders)


def _fault(domain: Domain, state: State, settings: Settings, missing: list[NotSupplied]) -> str:
    """Why the tasks of a complete state can be no plan: an input that nobody makes, a circle, a wrong phase."""
    try:
        _connected(domain, state, settings)
    except NotSupplied as error:
        missing.append(error)
        return str(error)
    except (OrphanInput, TwoProducers, CyclicPlan, BackwardEdge) as error:
        return str(error)
    return ""


def _approach(domain: Domain, leaf: Leaf, settings: Settings, notes: tuple[str, ...]) -> Approach:
    state = decompose(domain, follow(leaf.state.taken))
    tasks, edges = _connected(domain, state, settings)
    work = work_of(tasks, {(edge.producer, edge.consumer) for edge in edges}, settings)
    timetable = _schedule(work, settings)
    taken = decisions(domain, state)
    graph = graph_of([task.key for task in tasks], edges)
    followers = {task.key: len(nx.descendants(graph, task.key)) for task in tasks}
    return Approach(
        name="",
        summary=" ".join(method.summary for _, method in taken.values() if method.summary),
        choices=dict(state.choices),
        methods=dict(state.taken),
        tasks=tasks,
        edges=edges,
        schedule=timetable,
        critical=critical_path(work),
        bottom_levels=bottom_levels(work),
        rice=_rice(tasks, followers, settings.goal_priority),
        minutes=leaf.value.minutes,
        cost=leaf.value.cost,
        risk=leaf.value.risk,
        misfit=leaf.value.misfit,
        risks=tuple(dict.fromkeys(risk for method in state.methods for risk in method.risks)),
        assumptions=_assumptions(domain, leaf, settings, work, notes),
        score=Score(0.0, 0.0, 0.0, 0.0, 0.0),
        thought=leaf.thought,
        supplied=standing_in(state.tasks, first_phase=settings.first_phase, supplied=settings.supplied),
    )


def work_of(tasks: tuple[PlannedTask, ...], pairs: set[tuple[str, str]], settings: Settings) -> Work:
    """The tasks as a scheduling problem. ``pairs``: (producer, consumer)."""
    needs: dict[str, list[str]] = {task.key: [] for task in tasks}
    for producer, consumer in sorted(pairs):
        needs[consumer].append(producer)
    jobs = tuple(Job(task.key, task.estimate.expected, task.phase, task.capability) for task in tasks)
    return Work(jobs, {key: tuple(before) for key, before in needs.items()}, settings.slots, settings.workers)


def _schedule(work: Work, settings: Settings) -> Schedule:
    return schedule(
        work, lambda part: astar.best_schedule(part, deadline=settings.deadline, node_budget=settings.node_budget)
    )


def _rice(tasks: tuple[PlannedTask, ...], followers: Mapping[str, int], goal_priority: int) -> dict[str, Rice]:
    return {
        task.key: rice_of(
            followers=followers[task.key], goal_priority=goal_priority, estimate=task.estimate, risk=task.risk
        )
        for task in tasks
    }


def _assumptions(domain: Domain, leaf: Leaf, settings: Settings, work: Work, notes: tuple[str, ...]) -> tuple[str, ...]:
    found = [text for method in leaf.state.methods for text in method.assumptions]
    for question in domain.facts.questions:
        if question.key not in settings.answers:
            chosen = dict(leaf.state.choices).get(question.key, question.default)
            found.append(f"Not answered: {question.text} Taken: {chosen}.")
    found.extend(notes)
    if settings.price_per_minute:
        found.append(f"An agent minute costs €{settings.price_per_minute:.3g}.")
    found.append("The time that people need at the seven gates is not in the duration.")
    if work.unstaffed:
        found.append(f"No agent in the registry can do {', '.join(work.unstaffed)} yet.")
    return tuple(dict.fromkeys(found))


def scored(drafts: list[Approach], weights: Weights) -> list[Approach]:
    """Points from 0 to 100: time and cost against the fastest and the cheapest of the approaches compared."""
    fastest = min(draft.schedule.makespan for draft in drafts)
    cheapest = min(draft.cost for draft in drafts)
    judged = []
    for draft in drafts:
        time = fastest / draft.schedule.makespan if draft.schedule.makespan else 1.0
        cost = cheapest / draft.cost if draft.cost else 1.0
        parts = (time, cost, 1 - draft.risk, 1 - draft.misfit)
        judged.append(replace(draft, score=Score(*(100 * part for part in (weights.total(*parts), *parts)))))
    return judged


def _named(domain: Domain, approaches: list[Approach]) -> list[Approach]:
    """Each approach named after what tells it apart; where two share that, after the other choices that differ too."""
    titles = [_titles(domain, approach) for approach in approaches]
    named = []
    for index, approach in enumerate(approaches):
        main = [title for title, distinguishes in titles[index].values() if distinguishes]
        main = main or [title for title, _ in titles[index].values()][:1] or [domain.facts.title]
        twins = [t for n, t in enumerate(titles) if n != index and _main(t) == _main(titles[index])]
        others = [title for label, (title, d) in titles[index].items() if not d and _differs(label, title, twins)]
        name = ", ".join([*main, *(other[:1].lower() + other[1:] for other in others)])
        named.append(replace(approach, name=name))
    return named


Titles = dict[str, tuple[str, bool]]


def _titles(domain: Domain, approach: Approach) -> Titles:
    found: Titles = {}
    for label, name in approach.methods.items():
        compound = domain.library.compounds[label.split("[", 1)[0]]
        method = next(method for method in compound.methods if method.name == name)
        if method.chooses:
            found[label] = (method.title, compound.distinguishes)
    return found


def _main(titles: Titles) -> tuple[str, ...]:
    return tuple(title for title, distinguishes in titles.values() if distinguishes)


def _differs(label: str, title: str, twins: list[Titles]) -> bool:
    return any(twin.get(label, ("", False))[0] != title for twin in twins)
