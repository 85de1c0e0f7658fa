"""Graph and timeline of a plan as SVG, drawn on the server. Pure: plain dataclasses in, escaped markup out."""

from apps.dashboard.svg.graph import render_graph
from apps.dashboard.svg.shapes import Edge, GateMark, Lane, Node, TimelineBar, TimelineGate
from apps.dashboard.svg.timeline import render_timeline

__all__ = [
    "Edge",
    "GateMark",
    "Lane",
    "Node",
    "TimelineBar",
    "TimelineGate",
    "render_graph",
    "render_timeline",
]
