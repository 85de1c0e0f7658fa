"""The graph of a plan as SVG: phases as lanes, gates as barriers between them, one group per task.

A status is a CSS class, so that a live fragment recolours one node; links can be reached by keyboard, titles say in
full what is cut on the node.
"""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from apps.dashboard.statuses import status_classes, status_look
from apps.dashboard.svg.lanes import BARRIER, LANE_PAD, NODE_HEIGHT, NODE_WIDTH, Layering, Placed, place
from apps.dashboard.svg.layering import in_layers
from apps.dashboard.svg.markup import clip, dom_id, glyph, link, two_lines
from apps.dashboard.svg.shapes import Edge, GateMark, Lane, Node

_NAME_LENGTH, _UNDER_LENGTH = 20, 23
_CHARACTER = 6.6
# What an edge says that carries no artifact: people wanted this order.
ORDER_ONLY = "Comes after it; nothing is handed over"


def render_graph(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    lanes: Sequence[Lane] = (),
    gates: Sequence[GateMark] = (),
    label: str = "Graph of the plan",
    layering: Layering = in_layers,
) -> SafeString:
    """Draw the graph. Without ``lanes``, the phases of the nodes are the lanes; edges to unknown ids are left out."""
    lanes = lanes or [Lane(phase, f"Phase {phase}") for phase in sorted({node.phase for node in nodes})]
    shown = {lane.phase for lane in lanes}
    nodes = [node for node in nodes if node.phase in shown]
    placed = place(nodes, edges, [lane.phase for lane in lanes], layering)
    critical = {node.id for node in nodes if node.critical}
    parts = [
        f'<svg class="graph graph-view" viewBox="0 0 {placed.width:g} {placed.height:g}" role="group" tabindex="0" '
        f'aria-label="{escape(label)}" preserveAspectRatio="xMidYMid meet">',
        f"<defs>{_marker('arrow')}{_marker('arrow-critical')}</defs>",
        *(_lane(lane, placed) for lane in lanes),
        *(_gate(gate, placed) for gate in gates if gate.phase in placed.lanes),
        '<g class="edges">',
        *_edges(nodes, edges, placed, critical),
        "</g>",
        *(render_node(node, placed.nodes[node.id]) for node in nodes),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308  every text in the parts went through escape()


def _marker(name: str) -> str:
    return (
        f'<marker id="graph-{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="{name}" d="M0.5 0.8 8 4 0.5 7.2z"></path></marker>'
    )


def _lane(lane: Lane, placed: Placed) -> str:
    x, width = placed.lanes[lane.phase]
    room = int((width - 2 * LANE_PAD) / _CHARACTER)
    current = ' data-current=""' if lane.current else ""
    return (
        f'<g class="lane-group"><rect class="lane" x="{x:g}" y="0.5" width="{width:g}" '
        f'height="{placed.height - 1:g}" rx="8"{current}></rect>'
        f'<text class="lane-name" x="{x + LANE_PAD:g}" y="20">{escape(clip(f"{lane.phase} {lane.name}", room))}</text>'
        f'<text class="lane-note" x="{x + LANE_PAD:g}" y="36">{escape(clip(lane.note, room))}</text></g>'
    )


def _gate(gate: GateMark, placed: Placed) -> str:
    x, width = placed.lanes[gate.phase]
    middle = x + width + BARRIER / 2
    words = f"{gate.code}: {status_look('gate', gate.status).word}"
    inside = (
        f"<title>{escape(words)}</title>"
        f'<line x1="{middle:g}" y1="42" x2="{middle:g}" y2="{placed.height:g}"></line>'
        f'<rect x="{middle - 10:g}" y="13" width="20" height="20" rx="4" transform="rotate(45 {middle:g} 23)"></rect>'
        + glyph("gate", gate.status, middle - 7, 16, 14)
    )
    return (
        f'<g id="{dom_id("barrier", gate.code)}" class="barrier {status_classes("gate", gate.status)}">'
        f"{link(gate.href, inside, words)}</g>"
    )


def _edges(nodes: Sequence[Node], edges: Sequence[Edge], placed: Placed, critical: set[str]) -> list[str]:
    phase_of = {node.id: node.phase for node in nodes}
    drawn = []
    for edge in edges:
        if edge.source not in phase_of or edge.target not in phase_of:
            continue
        distance = phase_of[edge.target] - phase_of[edge.source]
        classes, arrow = "edge", "arrow"
        if edge.source in critical and edge.target in critical:
            classes, arrow = "edge is-critical", "arrow-critical"
        elif distance > 1:
            classes += " is-far"
        path = _path(placed.nodes[edge.source], placed.nodes[edge.target], same_lane=distance == 0)
        drawn.append(
            f'<path class="{classes}" data-from="{dom_id("node", edge.source)}" '
            f'data-to="{dom_id("node", edge.target)}" d="{path}" marker-end="url(#graph-{arrow})">'
            f"<title>{escape(edge.artifact or ORDER_ONLY)}</title></path>"
        )
    return drawn


def _path(source: tuple[float, float], target: tuple[float, float], *, same_lane: bool) -> str:
    """A curve from the bottom of a node to the top of the next, or from its right side into a later lane."""
    (sx, sy), (tx, ty) = source, target
    if same_lane:
        x1, y1, x2, y2 = sx + NODE_WIDTH / 2, sy + NODE_HEIGHT, tx + NODE_WIDTH / 2, ty - 1
        bend = max(8.0, (y2 - y1) / 2)
        return f"M{x1:g} {y1:g}C{x1:g} {y1 + bend:g} {x2:g} {y2 - bend:g} {x2:g} {y2:g}"
    x1, y1, x2, y2 = sx + NODE_WIDTH, sy + NODE_HEIGHT / 2, tx - 1, ty + NODE_HEIGHT / 2
    bend = min(90.0, max(24.0, (x2 - x1) / 2))
    return f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"


def render_node(node: Node, corner: tuple[float, float]) -> str:
    """One task: a box with a stripe and an icon in the colour of its status, its name, and a word or two."""
    x, y = corner
    word = status_look("task", node.status).word
    under = f"{word} · {node.sublabel}" if node.sublabel else word
    first, second = two_lines(node.label, _NAME_LENGTH)
    name_y = y + (22 if not second else 17)
    title = f"{node.label}: {under}" + (" · critical path" if node.critical else "")
    inside = (
        f"<title>{escape(title)}</title>"
        f'<rect class="box" x="{x:g}" y="{y:g}" width="{NODE_WIDTH}" height="{NODE_HEIGHT}" rx="6"></rect>'
        f'<rect class="stripe" x="{x:g}" y="{y + 6:g}" width="3" height="{NODE_HEIGHT - 12}" rx="1.5"></rect>'
        f'<text class="name" x="{x + 11:g}" y="{name_y:g}">{escape(first)}</text>'
        + (f'<text class="name" x="{x + 11:g}" y="{name_y + 13:g}">{escape(second)}</text>' if second else "")
        + glyph("task", node.status, x + 10, y + NODE_HEIGHT - 17, 11)
        + f'<text class="under" x="{x + 24:g}" y="{y + NODE_HEIGHT - 8:g}">{escape(clip(under, _UNDER_LENGTH))}</text>'
    )
    classes = f"node {status_classes('task', node.status)}" + (" is-critical" if node.critical else "")
    return f'<g id="{dom_id("node", node.id)}" class="{classes}" data-node="">{link(node.href, inside, title)}</g>'
