"""A layered drawing of a graph: where each node stands and how each edge runs, for SVG made on the server.

Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures" (IEEE Trans. SMC 11,
1981), in its plainest form: layers by longest path, order in the layers by barycentre sweeps, edges routed through
places of their own in the layers they cross. The same graph always gives the same drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from apps.engine.work import topological

SWEEPS = 4
MOST_BENDS = 4  # per node on average; a graph that would need more gets straight edges


@dataclass(frozen=True)
class Node:
    """The centre of a node. ``layer`` and ``row`` count from 0."""

    key: str
    x: float
    y: float
    layer: int
    row: int


@dataclass(frozen=True)
class Line:
    """An edge as a polyline from the right side of its source to the left side of its target."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Size:
    """Of a node, and the gaps between layers and rows, in pixels."""

    width: float = 180
    height: float = 40
    layer_gap: float = 60
    row_gap: float = 16


@dataclass(frozen=True)
class Drawing:
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
    bands: tuple[tuple[int, float, float], ...] = ()  # (phase, left, right), where phases were given


def draw(
    keys: Sequence[str],
    edges: Sequence[tuple[str, str]],
    *,
    phases: Mapping[str, int] | None = None,
    size: Size | None = None,
) -> Drawing:
    """Nodes from left to right. With ``phases`` the layers of one phase all stand before those of the next.

    Edges are (source, target); repeats are drawn once. Raises CyclicWork.

    >>> drawing = draw(["a", "b", "c"], [("a", "c"), ("b", "c")])
    >>> [(n.key, n.layer, n.row) for n in drawing.nodes]
    [('a', 0, 0), ('b', 0, 1), ('c', 1, 0)]
    """
    size = size or Size()
    pairs = list(dict.fromkeys(edges))
    layer_of = _layers(keys, pairs, phases or {})
    rows, chains = _rows(keys, pairs, layer_of)
    _sweep(rows, chains)
    places = _places(rows, size)
    nodes = tuple(
        Node(str(key), *places[key], layer, row)
        for layer, column in enumerate(rows)
        for row, key in enumerate(column)
        if isinstance(key, str)
    )
    lines = tuple(_line(chain, places, size) for chain in chains)
    width = len(rows) * (size.width + size.layer_gap) - size.layer_gap if rows else 0.0
    height = max((len(column) for column in rows), default=0) * (size.height + size.row_gap) - size.row_gap
    return Drawing(nodes, lines, max(0.0, width), max(0.0, height), _bands(layer_of, phases or {}, size))


Place = str | tuple[str, str, int]  # a node, or an edge's place in a layer that it crosses


def _layers(keys: Sequence[str], pairs: Sequence[tuple[str, str]], phases: Mapping[str, int]) -> dict[str, int]:
    needs: dict[str, list[str]] = {key: [] for key in keys}
    for source, target in pairs:
        needs[target].append(source)
    order = topological(keys, needs)
    layer: dict[str, int] = {}
    first = 0
    for phase in sorted({phases.get(key, 0) for key in keys}):
        members = [key for key in order if phases.get(key, 0) == phase]
        for key in members:
            layer[key] = max([first, *(layer[need] + 1 for need in needs[key] if need in layer)])
        first = max(layer[key] for key in members) + 1
    return layer


def _rows(
    keys: Sequence[str], pairs: Sequence[tuple[str, str]], layer_of: Mapping[str, int]
) -> tuple[list[list[Place]], list[list[Place]]]:
    """Layers with their members, and for each edge the places it runs through."""
    rows: list[list[Place]] = [[] for _ in range(max(layer_of.values(), default=-1) + 1)]
    for key in keys:
        rows[layer_of[key]].append(key)
    bends = sum(max(0, layer_of[target] - layer_of[source] - 1) for source, target in pairs)
    has_bends = bends <= MOST_BENDS * max(1, len(keys))
    chains: list[list[Place]] = []
    for source, target in pairs:
        chain: list[Place] = [source]
        if has_bends:
            for layer in range(layer_of[source] + 1, layer_of[target]):
                place = (source, target, layer)
                rows[layer].append(place)
                chain.append(place)
        chains.append([*chain, target])
    return rows, chains


def _sweep(rows: list[list[Place]], chains: Sequence[Sequence[Place]]) -> None:
    """Each layer in the order of the mean position of its neighbours, forwards and backwards in turn."""
    before: dict[Place, list[Place]] = {}
    after: dict[Place, list[Place]] = {}
    for chain in chains:
        for left, right in pairwise(chain):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    position: dict[Place, float] = {place: index for column in rows for index, place in enumerate(column)}
    for sweep in range(SWEEPS):
        neighbours = before if sweep % 2 == 0 else after
        for column in rows if sweep % 2 == 0 else reversed(rows):
            wish = {}
            for place in column:
                near = neighbours.get(place)
                wish[place] = sum(position[each] for each in near) / len(near) if near else position[place]
            column.sort(key=lambda place: (wish[place], position[place]))
            for index, place in enumerate(column):
                position[place] = index


def _places(rows: Sequence[Sequence[Place]], size: Size) -> dict[Place, tuple[float, float]]:
    """Centres; each layer is centred on the tallest one."""
    step = size.height + size.row_gap
    tallest = max((len(column) for column in rows), default=0)
    places: dict[Place, tuple[float, float]] = {}
    for layer, column in enumerate(rows):
        x = layer * (size.width + size.layer_gap) + size.width / 2
        top = (tallest - len(column)) * step / 2
        for row, place in enumerate(column):
            places[place] = (x, top + row * step + size.height / 2)
    return places


def _line(chain: Sequence[Place], places: Mapping[Place, tuple[float, float]], size: Size) -> Line:
    half = size.width / 2
    (x0, y0), (x1, y1) = places[chain[0]], places[chain[-1]]
    points = [(x0 + half, y0)]
    for place in chain[1:-1]:
        x, y = places[place]
        points += [(x - half, y), (x + half, y)]
    return Line(str(chain[0]), str(chain[-1]), (*points, (x1 - half, y1)))


def _bands(layer_of: Mapping[str, int], phases: Mapping[str, int], size: Size) -> tuple[tuple[int, float, float], ...]:
    step = size.width + size.layer_gap
    bands = []
    for phase in sorted(set(phases.values())):
        layers = [layer for key, layer in layer_of.items() if phases.get(key) == phase]
        if layers:
            bands.append((phase, min(layers) * step, max(layers) * step + size.width))
    return tuple(bands)
