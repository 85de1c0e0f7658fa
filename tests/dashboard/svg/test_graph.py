"""The graph as SVG: what is drawn, that nothing untrusted gets through, and that a large plan is quick."""

import re
import time
from xml.etree import ElementTree

import pytest

from apps.dashboard.svg import Edge, GateMark, Lane, Node, render_graph
from apps.dashboard.svg.lanes import NODE_HEIGHT, NODE_WIDTH, place
from apps.dashboard.svg.layering import in_layers
from apps.engine.work import CyclicWork

SVG = "{http://www.w3.org/2000/svg}"


def parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def plan(phases: int, per_phase: int) -> tuple[list[Node], list[Edge]]:
    nodes = [Node(f"{p}-{i}", f"Task {i}", p, "ready") for p in range(1, phases + 1) for i in range(per_phase)]
    edges = [
        Edge(f"{p}-{i}", f"{p + 1}-{(i * 7 + step) % per_phase}", "file.md")
        for p in range(1, phases)
        for i in range(per_phase)
        for step in range(3)
    ]
    return nodes, edges


def test_each_task_is_one_group_that_carries_its_status():
    root = parsed(render_graph([Node("a1", "Analyse", 1, "running"), Node("b2", "Specify", 2, "escalated")], []))
    groups = {
        g.get("id"): g.get("class", "").split() for g in root.iter(f"{SVG}g") if "node" in g.get("class", "").split()
    }
    assert groups["node-a1"] == ["node", "tone-run", "status-running"]
    assert groups["node-b2"] == ["node", "tone-human", "status-escalated"]


def test_a_status_is_a_word_and_an_icon_too():
    root = parsed(render_graph([Node("a", "Analyse", 1, "retrying", sublabel="4 min")], []))
    assert "Retrying · 4 min" in [text.text for text in root.iter(f"{SVG}text")]
    assert [use.get("href") for use in root.iter(f"{SVG}use")] == ["#i-rotate"]


def test_what_agents_wrote_is_text():
    evil = '"><script>alert(1)</script><a href="javascript:x">'
    markup = render_graph(
        [
            Node(evil, evil, 1, evil, evil, href="javascript:alert(1)"),
            Node("b", "b", 1, "ready", href="//evil.example"),
        ],
        [Edge(evil, "b", evil)],
        lanes=[Lane(1, evil, evil)],
        gates=[GateMark(1, evil, evil, "data:text/html,x")],
        label=evil,
    )
    root = parsed(markup)
    assert "<script" not in markup
    assert [a.get("href") for a in root.iter(f"{SVG}a")] == []


def test_links_inside_the_site_can_be_reached_and_named():
    root = parsed(render_graph([Node("a", "Analyse", 1, "completed", href="/tasks/a")], []))
    (link,) = root.iter(f"{SVG}a")
    assert link.get("href") == "/tasks/a"
    assert link.get("aria-label") == "Analyse: Completed"


def test_the_critical_path_is_marked_on_nodes_and_edges():
    nodes = [
        Node("a", "A", 1, "ready", critical=True),
        Node("b", "B", 2, "ready", critical=True),
        Node("c", "C", 2, "ready"),
    ]
    markup = render_graph(nodes, [Edge("a", "b"), Edge("a", "c"), Edge("a", "gone")])
    classes = re.findall(r'<path class="(edge[^"]*)" data-from="node-a" data-to="(node-\w)"', markup)
    assert classes == [("edge is-critical", "node-b"), ("edge", "node-c")]


def test_gates_stand_between_the_lanes():
    nodes, edges = plan(2, 3)
    placed = place(nodes, edges, [1, 2], in_layers)
    (x1, width), (x2, _) = placed.lanes[1], placed.lanes[2]
    root = parsed(render_graph(nodes, edges, gates=[GateMark(1, "QG-PHASE1", "open", "/gates/1")]))
    barrier = next(g for g in root.iter(f"{SVG}g") if g.get("id") == "barrier-QG-PHASE1")
    line = next(barrier.iter(f"{SVG}line"))
    assert x1 + width < float(line.get("x1", "0")) < x2


@pytest.mark.parametrize("per_phase", [1, 5, 9, 40])
def test_no_two_tasks_overlap_and_each_stands_in_its_lane(per_phase):
    nodes, edges = plan(7, per_phase)
    placed = place(nodes, edges, list(range(1, 8)), in_layers)
    corners = sorted(placed.nodes.values())
    for index, (x, y) in enumerate(corners):
        for other_x, other_y in corners[index + 1 :]:
            assert abs(x - other_x) >= NODE_WIDTH or abs(y - other_y) >= NODE_HEIGHT
    for node in nodes:
        lane_x, lane_width = placed.lanes[node.phase]
        assert lane_x <= placed.nodes[node.id][0] <= lane_x + lane_width - NODE_WIDTH
        assert placed.nodes[node.id][1] + NODE_HEIGHT <= placed.height


def test_inside_a_lane_work_flows_downwards():
    nodes = [Node(name, name, 1, "ready") for name in "abcd"]
    placed = place(nodes, [Edge("a", "b"), Edge("b", "c"), Edge("a", "d")], [1], in_layers)
    y = {name: placed.nodes[name][1] for name in "abcd"}
    assert y["a"] < y["b"] < y["c"]
    assert y["a"] < y["d"]


def test_a_circle_has_a_name_and_is_not_drawn():
    with pytest.raises(CyclicWork):
        in_layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "b")])


def test_an_empty_plan_is_an_empty_picture():
    assert list(parsed(render_graph([], [])).iter(f"{SVG}a")) == []


def test_a_thousand_tasks_take_less_than_a_tenth_of_a_second():
    nodes, edges = plan(7, 143)
    best = min(_seconds(nodes, edges) for _ in range(5))
    assert best < 0.1


def _seconds(nodes: list[Node], edges: list[Edge]) -> float:
    begin = time.process_time()
    render_graph(nodes, edges)
    return time.process_time() - begin


def test_an_edge_without_an_artifact_says_that_it_is_an_order():
    nodes = [Node("a", "Build", 4, "ready"), Node("b", "Tell", 4, "blocked")]
    titles = [
        found.text
        for artifact in ("", "x.md")
        for path in parsed(render_graph(nodes, [Edge("a", "b", artifact)])).iter(f"{SVG}path")
        if path.get("class") == "edge"
        for found in path.iter(f"{SVG}title")
    ]
    assert titles == ["Comes after it; nothing is handed over", "x.md"]
