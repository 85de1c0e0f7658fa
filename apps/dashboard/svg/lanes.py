"""Where the nodes of the graph stand: phases as columns from left to right, inside a phase work flows downwards.

A lane is as narrow as its work allows, so that a plan of seven phases is legible on one screen.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from apps.dashboard.svg.shapes import Edge, Node

NODE_WIDTH, NODE_HEIGHT = 156, 54
COLUMN_GAP, ROW_GAP = 12, 18
LANE_PAD, LANE_HEAD = 12, 50
BARRIER = 42


class Layering(Protocol):
    """Puts ids into layers, each layer after all that its members need, ordered so that few edges cross."""

    def __call__(self, ids: Sequence[str], edges: Sequence[tuple[str, str]]) -> Sequence[Sequence[str]]: ...


@dataclass(frozen=True)
class Placed:
    """Corners of nodes, extents of lanes (x, width) by phase, and the size of the whole."""

    nodes: Mapping[str, tuple[float, float]]
    lanes: Mapping[int, tuple[float, float]]
    width: float
    height: float


def place(nodes: Sequence[Node], edges: Sequence[Edge], phases: Sequence[int], layering: Layering) -> Placed:
    """Place every node in the lane of its phase."""
    members: dict[int, list[str]] = defaultdict(list)
    for node in nodes:
        members[node.phase].append(node.id)
    phase_of = {node.id: node.phase for node in nodes}
    inner: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for edge in edges:
        if edge.source in phase_of and phase_of[edge.source] == phase_of.get(edge.target):
            inner[phase_of[edge.source]].append((edge.source, edge.target))
    corners: dict[str, tuple[float, float]] = {}
    lanes: dict[int, tuple[float, float]] = {}
    x, tallest = 0.0, NODE_HEIGHT
    for phase in phases:
        layers = layering(members[phase], inner[phase])
        columns = _columns(layers)
        width = columns * NODE_WIDTH + (columns - 1) * COLUMN_GAP + 2 * LANE_PAD
        depth = _place_lane(layers, columns, x + LANE_PAD, corners)
        lanes[phase] = (x, width)
        tallest = max(tallest, depth)
        x += width + BARRIER
    return Placed(corners, lanes, max(x, 1), LANE_HEAD + tallest + LANE_PAD)


def _columns(layers: Sequence[Sequence[str]]) -> int:
    """How many nodes stand beside each other: one in a chain, more as the lane grows, so that it stays compact."""
    widest = max((len(layer) for layer in layers), default=1)
    count = sum(len(layer) for layer in layers)
    return max(1, min(widest, math.ceil(math.sqrt(count / 4))))


def _place_lane(
    layers: Sequence[Sequence[str]], columns: int, left: float, corners: dict[str, tuple[float, float]]
) -> int:
    """Put the layers below each other, a long one in several rows; return the depth used."""
    full = columns * (NODE_WIDTH + COLUMN_GAP) - COLUMN_GAP
    y = 0
    for layer in layers:
        for start in range(0, len(layer), columns):
            row = layer[start : start + columns]
            used = len(row) * (NODE_WIDTH + COLUMN_GAP) - COLUMN_GAP
            for index, node_id in enumerate(row):
                corners[node_id] = (
                    left + (full - used) / 2 + index * (NODE_WIDTH + COLUMN_GAP),
                    float(LANE_HEAD + y),
                )
            y += NODE_HEIGHT + ROW_GAP
    return max(0, y - ROW_GAP)
