"""A drawing: nothing overlaps, edges run forwards, and the same graph looks the same."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.layout import Size, draw
from apps.engine.work import CyclicWork


@st.composite
def graphs(draw_):
    size = draw_(st.integers(0, 20))
    keys = [f"n{n}" for n in range(size)]
    pairs = [(keys[a], keys[b]) for b in range(size) for a in range(b)]
    edges = draw_(st.lists(st.sampled_from(pairs), max_size=30)) if pairs else []
    phases = {key: draw_(st.integers(1, 3)) for key in keys}
    return keys, [(a, b) for a, b in edges if phases[a] <= phases[b]], phases


@given(graphs())
def test_every_node_has_its_place_and_every_edge_runs_forwards(graph):
    keys, edges, phases = graph
    drawing = draw(keys, edges, phases=phases)
    place = {node.key: node for node in drawing.nodes}
    size = Size()

    assert sorted(place) == sorted(keys)
    assert len({(node.x, node.y) for node in drawing.nodes}) == len(keys)
    assert all(n.x - size.width / 2 >= 0 and n.x + size.width / 2 <= drawing.width + 1e-6 for n in drawing.nodes)
    assert all(n.y - size.height / 2 >= 0 and n.y + size.height / 2 <= drawing.height + 1e-6 for n in drawing.nodes)
    for source, target in edges:
        assert place[source].layer < place[target].layer
    for line in drawing.lines:
        assert [x for x, _ in line.points] == sorted(x for x, _ in line.points)
        assert line.points[0] == (place[line.source].x + size.width / 2, place[line.source].y)
        assert line.points[-1] == (place[line.target].x - size.width / 2, place[line.target].y)
    for a in keys:
        for b in keys:
            assert phases[a] >= phases[b] or place[a].layer < place[b].layer
    assert draw(keys, edges, phases=phases) == drawing


def test_sweeps_undo_a_plain_crossing():
    drawing = draw(["a", "b", "x", "y"], [("a", "y"), ("b", "x")])
    rows = {node.key: node.row for node in drawing.nodes}

    assert (rows["a"] < rows["b"]) == (rows["y"] < rows["x"])


def test_bands_say_where_a_phase_stands():
    drawing = draw(["a", "b"], [("a", "b")], phases={"a": 1, "b": 4})

    assert drawing.bands == ((1, 0, 180), (4, 240, 420))


def test_a_circle_cannot_be_drawn():
    with pytest.raises(CyclicWork):
        draw(["a", "b"], [("a", "b"), ("b", "a")])


def test_ten_times_the_nodes_take_no_more_than_their_share():
    def seconds(layers):
        chooser = random.Random(1)
        keys = [f"{layer}-{n}" for layer in range(layers) for n in range(25)]
        edges = [
            (f"{layer - 1}-{chooser.randrange(25)}", f"{layer}-{n}")
            for layer in range(1, layers)
            for n in range(25)
            for _ in range(2)
        ]
        started = time.process_time()
        draw(keys, edges)
        return time.process_time() - started

    small = min(seconds(4) for _ in range(3))
    assert seconds(40) < 60 * small + 0.02
