"""Edges: a task needs another's output. They follow from artifacts alone, and each carries the artifact behind it.

Because state is monotone (:mod:`apps.engine.htn`), any order that respects these edges keeps every precondition true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import networkx as nx

from apps.engine.htn import Place, PlannedTask


class OrphanInput(ValueError):
    """A task needs an artifact that no task produces."""

    def __init__(self, task: str, path: str) -> None:
        super().__init__(f"The task '{task}' needs {path}, which no task produces and the goal does not bring.")
        self.task = task
        self.path = path


class TwoProducers(ValueError):
    """Two tasks produce the same artifact."""

    def __init__(self, first: str, second: str, path: str) -> None:
        super().__init__(f"The tasks '{first}' and '{second}' both produce {path}; one would overwrite the other.")


class CyclicPlan(ValueError):
    """Tasks wait for each other in a circle."""

    def __init__(self, cycle: Sequence["Edge"]) -> None:
        steps = ", ".join(f"'{edge.consumer}' needs {edge.artifact} of '{edge.producer}'" for edge in cycle)
        super().__init__(f"The tasks wait for each other in a circle: {steps}.")
        self.cycle = tuple(cycle)


class BackwardEdge(ValueError):
    """A task needs the output of a later phase, which its gate would never let it wait for."""

    def __init__(self, edge: "Edge", earlier: int, later: int) -> None:
        super().__init__(
            f"'{edge.consumer}' in phase {earlier} needs {edge.artifact} of '{edge.producer}' in phase {later}; "
            "a phase cannot wait for a later one."
        )
        self.edge = edge


@dataclass(frozen=True)
class Edge:
    """``consumer`` needs ``artifact``, which ``producer`` makes. Both are keys of tasks."""

    producer: str
    consumer: str
    artifact: str


def connect(
    tasks: Sequence[PlannedTask], given: Iterable[str], orders: Iterable[tuple[Place, Place]] = ()
) -> tuple[tuple[PlannedTask, ...], tuple[Edge, ...]]:
    """The tasks with their optional inputs settled, and the edges between them, in the order of the tasks.

    One edge for each pair of tasks and artifact. ``orders`` are the ordering constraints of a decomposition: the tasks
    that begin the later part need an artifact of each that ends the earlier one. Raises OrphanInput, TwoProducers,
    CyclicPlan or BackwardEdge.
    """
    producers: dict[str, str] = {}
    for task in tasks:
        for path in task.produces:
            if path in producers:
                raise TwoProducers(producers[path], task.key, path)
            producers[path] = task.key
    there = {*given, *producers}
    settled = _ordered(tuple(_settle(task, there) for task in tasks), orders)
    edges = tuple(
        Edge(producers[path], task.key, path) for task in settled for path in task.consumes if path in producers
    )
    _refuse_cycles(settled, edges)
    return settled, edges


def _settle(task: PlannedTask, there: set[str]) -> PlannedTask:
    missing = next((path for path in task.consumes if path not in there), None)
    if missing is not None:
        raise OrphanInput(task.key, missing)
    wanted = [path for path in task.optional if path in there and path not in task.produces]
    return replace(task, consumes=tuple(dict.fromkeys([*task.consumes, *wanted])), optional=())


def _ordered(tasks: tuple[PlannedTask, ...], orders: Iterable[tuple[Place, Place]]) -> tuple[PlannedTask, ...]:
    found = {task.key: task for task in tasks}
    for earlier, later in orders:
        first = [task for task in found.values() if task.place[: len(earlier)] == earlier]
        second = [task for task in found.values() if task.place[: len(later)] == later]
        ends = [task.produces[0] for task in _outer(first, "produces", "consumes") if task.produces]
        for task in _outer(second, "consumes", "produces"):
            found[task.key] = replace(task, consumes=tuple(dict.fromkeys([*task.consumes, *ends])))
    return tuple(found.values())


def _outer(tasks: Sequence[PlannedTask], own: str, others: str) -> list[PlannedTask]:
    """Those of whose ``own`` paths none is among the ``others`` paths of the rest: what begins or ends a part."""
    paths = {path for task in tasks for path in getattr(task, others)}
    return [task for task in tasks if not paths.intersection(getattr(task, own))]


def _refuse_cycles(tasks: Sequence[PlannedTask], edges: Sequence[Edge]) -> None:
    graph = graph_of([task.key for task in tasks], edges)
    if not nx.is_directed_acyclic_graph(graph):
        pairs = [(a, b) for a, b, *_ in nx.find_cycle(graph)]
        artifacts = {(edge.producer, edge.consumer): edge for edge in edges}
        raise CyclicPlan([artifacts[pair] for pair in pairs])
    phase = {task.key: task.phase for task in tasks}
    for edge in edges:
        if phase[edge.producer] > phase[edge.consumer]:
            raise BackwardEdge(edge, phase[edge.consumer], phase[edge.producer])


def graph_of(keys: Iterable[str], edges: Iterable[Edge]) -> "nx.DiGraph[str]":
    """The tasks' keys as a graph, from producer to consumer."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(keys)
    graph.add_edges_from((edge.producer, edge.consumer) for edge in edges)
    return graph
