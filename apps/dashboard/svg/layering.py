"""Layers for one lane of the graph: longest path from the top, ordered by where the needed nodes stand."""

from collections import defaultdict, deque
from collections.abc import Sequence


def in_layers(ids: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Put ids into layers; a member of a cycle, which a plan never has, goes into the last layer.

    >>> in_layers(["a", "b", "c", "d"], [("a", "c"), ("b", "d"), ("a", "d")])
    [['a', 'b'], ['c', 'd']]
    """
    needs: dict[str, list[str]] = defaultdict(list)
    feeds: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        needs[target].append(source)
        feeds[source].append(target)
    layer_of: dict[str, int] = {}
    open_needs = {node: len(needs[node]) for node in ids}
    queue = deque(node for node in ids if not open_needs[node])
    while queue:
        node = queue.popleft()
        layer_of[node] = 1 + max((layer_of[source] for source in needs[node]), default=-1)
        for target in feeds[node]:
            open_needs[target] -= 1
            if not open_needs[target]:
                queue.append(target)
    last = max(layer_of.values(), default=0)
    layers: list[list[str]] = [[] for _ in range(last + 1 if ids else 0)]
    for node in ids:
        layers[layer_of.get(node, last)].append(node)
    return _ordered(layers, needs)


def _ordered(layers: list[list[str]], needs: dict[str, list[str]]) -> list[list[str]]:
    """Order each layer by the mean place of what its members need (barycentre); ties keep the given order."""
    place: dict[str, float] = {}
    for layer in layers:
        middles = {
            node: sum(places) / len(places)
            for node in layer
            if (places := [place[source] for source in needs[node] if source in place])
        }
        layer.sort(key=lambda node: middles.get(node, 0.0))
        for index, node in enumerate(layer):
            place[node] = index / max(1, len(layer) - 1) if len(layer) > 1 else 0.5
    return layers
