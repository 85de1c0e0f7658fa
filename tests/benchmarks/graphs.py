"""Graphs for measuring the hub: nodes are numbers, edges are pairs (producer, consumer)."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Graph:
    name: str
    nodes: int
    edges: tuple[tuple[int, int], ...]

    def successors(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {node: [] for node in range(self.nodes)}
        for producer, consumer in self.edges:
            found[producer].append(consumer)
        return found

    def predecessors(self) -> dict[int, int]:
        found = dict.fromkeys(range(self.nodes), 0)
        for _, consumer in self.edges:
            found[consumer] += 1
        return found


def fan(width: int = 1000) -> Graph:
    """One task, then ``width`` that need it, then one that needs them all."""
    last = width + 1
    edges = [(0, node) for node in range(1, last)] + [(node, last) for node in range(1, last)]
    return Graph(f"1 → {width:,} → 1", width + 2, tuple(edges))


def layers(depth: int = 20, width: int = 50, needs: int = 3, seed: int = 1) -> Graph:
    """``depth`` layers of ``width`` tasks; each needs ``needs`` tasks of the layer before."""
    chance = random.Random(seed)
    edges = []
    for layer in range(1, depth):
        for place in range(width):
            consumer = layer * width + place
            producers = chance.sample(range((layer - 1) * width, layer * width), needs)
            edges += [(producer, consumer) for producer in producers]
    return Graph(f"{depth} × {width}, {needs} needs each", depth * width, tuple(edges))
