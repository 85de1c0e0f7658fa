"""Layers for one lane of the graph, by the engine's layered drawing."""

from collections.abc import Sequence

from apps.engine.layout import draw


def in_layers(ids: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Put ids into layers, each after all that its members need, ordered so that few edges cross.

    Raises ``CyclicWork`` where ids need each other in a circle, which no plan does.

    >>> in_layers(["a", "b", "c", "d"], [("a", "c"), ("b", "d"), ("a", "d")])
    [['a', 'b'], ['c', 'd']]
    """
    layers: dict[int, list[tuple[int, str]]] = {}
    for node in draw(ids, edges).nodes:
        layers.setdefault(node.layer, []).append((node.row, node.key))
    return [[key for _, key in sorted(layers[layer])] for layer in sorted(layers)]
