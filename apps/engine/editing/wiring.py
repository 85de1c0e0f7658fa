"""What every plan keeps: one producer for each artifact, no input without one, no circle, no edge backwards."""

from collections.abc import Iterator

import networkx as nx

from apps.engine.editing.draft import Draft
from apps.engine.editing.errors import Backwards, Circle, EditRefused, Orphan, SharedOutput


def check(draft: Draft) -> None:
    """Raise the first of SharedOutput, Orphan, Circle, Backwards that holds; a plan without tasks is refused too."""
    if not draft.tasks:
        raise EditRefused("A plan needs at least one task.")
    _one_producer(draft)
    _no_orphans(draft)
    _no_circle(draft)
    _forwards(draft)


def _one_producer(draft: Draft) -> None:
    """On file systems that ignore case two spellings are one file, so they count as one here."""
    made: dict[str, str] = {path.casefold(): "the goal" for path in draft.given}
    for key, task in draft.tasks.items():
        for path in task["produces"]:
            other = made.setdefault(path.casefold(), key)
            if other != key or list(map(str.casefold, task["produces"])).count(path.casefold()) > 1:
                raise SharedOutput(path, _named(draft, other), task["title"])
    for path, key in made.items():
        folder = next((parent for parent in _parents(path) if parent in made), None)
        if folder is not None:
            raise SharedOutput(folder, _named(draft, made[folder]), _named(draft, key))


def _named(draft: Draft, key: str) -> str:
    return draft.title(key) if key in draft.tasks else key


def _parents(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts)))


def _no_orphans(draft: Draft) -> None:
    there = draft.given | draft.producers().keys()
    missing = [(task["title"], path) for task in draft.tasks.values() for path in task["consumes"] if path not in there]
    if missing:
        raise Orphan(missing)


def _no_circle(draft: Draft) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(draft.tasks)
    edges = draft.edges()
    graph.add_edges_from((edge["producer"], edge["consumer"]) for edge in edges)
    if nx.is_directed_acyclic_graph(graph):
        return
    artifacts: dict[tuple[str, str], str] = {}
    for edge in edges:
        artifacts.setdefault((edge["producer"], edge["consumer"]), edge["artifact"])
    circle = [(a, b) for a, b, *_ in nx.find_cycle(graph)]
    raise Circle([(draft.title(b), draft.title(a), artifacts[a, b]) for a, b in circle])


def _forwards(draft: Draft) -> None:
    for edge in draft.edges():
        producer, consumer = draft.tasks[edge["producer"]], draft.tasks[edge["consumer"]]
        if producer["phase"] > consumer["phase"]:
            raise Backwards(
                consumer["title"], producer["title"], consumer["phase"], producer["phase"], edge["artifact"]
            )
