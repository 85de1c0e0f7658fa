"""The planned timeline as SVG: rows of bars, gates as barriers, what happened beside what was planned."""

from collections.abc import Sequence
from itertools import zip_longest

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from apps.dashboard.statuses import status_classes, status_look
from apps.dashboard.svg.markup import clip, dom_id, link
from apps.dashboard.svg.shapes import TimelineBar, TimelineGate
from apps.dashboard.templatetags.wording import duration

WIDTH, LEFT, RIGHT, TOP = 1320, 150, 24, 44
TRACK, BAR, ACTUAL, ROW_PAD = 28, 15, 4, 8
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200, 14400, 43200)
_CHARACTER, _SHORTEST = 6.4, 7


def render_timeline(
    bars: Sequence[TimelineBar],
    *,
    gates: Sequence[TimelineGate] = (),
    now: float | None = None,
    rows: Sequence[str] = (),
    label: str = "Planned timeline",
) -> SafeString:
    """Draw the timeline. Times are minutes since the plan's start; ``rows`` fixes the order of rows."""
    ends = [bar.end for bar in bars] + [bar.actual_end or bar.actual_start or 0 for bar in bars]
    span = max([1.0, *ends, *(gate.at for gate in gates), now or 0.0]) * 1.02
    scale = (WIDTH - LEFT - RIGHT) / span
    by_row: dict[str, list[TimelineBar]] = {name: [] for name in rows}
    for bar in bars:
        by_row.setdefault(bar.row, []).append(bar)
    grounds, parts, y = [], [], float(TOP)
    for index, (name, members) in enumerate(by_row.items()):
        drawn, height = _row(name, members, y, scale)
        if index % 2:
            grounds.append(f'<rect class="row-alt" x="0" y="{y:g}" width="{WIDTH}" height="{height:g}"></rect>')
        parts.append(drawn)
        y += height
    height = y + 4
    head = (
        f'<svg class="plan-timeline" viewBox="0 0 {WIDTH} {height:g}" role="group" aria-label="{escape(label)}">'
        f'<rect class="ground" width="{WIDTH}" height="{height:g}"></rect>'
        f"{''.join(grounds)}{_ticks(span, scale, height, now)}"
    )
    marks = "".join(_gate(gate, scale, height) for gate in gates)
    return mark_safe(head + marks + "".join(parts) + _now(now, scale, height) + "</svg>")  # noqa: S308  escaped above


def pack(bars: Sequence[TimelineBar]) -> list[list[TimelineBar]]:
    """Spread bars that overlap over as few tracks as possible: each takes the first track that is free at its start."""
    tracks: list[list[TimelineBar]] = []
    for bar in sorted(bars, key=lambda bar: (bar.start, bar.end, bar.id)):
        free = next((track for track in tracks if track[-1].end <= bar.start + 1e-9), None)
        if free is None:
            tracks.append([bar])
        else:
            free.append(bar)
    return tracks


def _row(name: str, bars: Sequence[TimelineBar], y: float, scale: float) -> tuple[str, float]:
    tracks = pack(bars)
    height = max(1, len(tracks)) * TRACK + ROW_PAD
    drawn = "".join(
        _bar(bar, y + ROW_PAD / 2 + index * TRACK, scale, following.start if following else None)
        for index, track in enumerate(tracks)
        for bar, following in zip_longest(track, track[1:])
    )
    return (
        f'<g><text class="row-name" x="14" y="{y + ROW_PAD / 2 + 17:g}">{escape(clip(name, 22))}</text>{drawn}</g>'
    ), float(height)


def _bar(bar: TimelineBar, y: float, scale: float, following: float | None) -> str:
    x, width = LEFT + bar.start * scale, max(3.0, (bar.end - bar.start) * scale)
    look = status_look("task", bar.status)
    title = f"{bar.label}: {look.word}, planned {duration(bar.end - bar.start)} from {duration(bar.start)}"
    if bar.actual_start is not None and bar.actual_end is not None:
        title += f", took {duration(bar.actual_end - bar.actual_start)}"
    title += ", critical path" if bar.critical else ""
    beside = (LEFT + following * scale if following is not None else WIDTH) - x - width
    inside = (
        f"<title>{escape(title)}</title>"
        f'<rect class="planned" x="{x:g}" y="{y + 2:g}" width="{width:g}" height="{BAR}" rx="3"></rect>'
        + _name(bar.label, x, y, width, beside)
        + _actual(bar, y, scale)
    )
    classes = f"bar {status_classes('task', bar.status)}" + (" is-critical" if bar.critical else "")
    return f'<g id="{dom_id("bar", bar.id)}" class="{classes}">{link(bar.href, inside, title)}</g>'


def _name(label: str, x: float, y: float, width: float, beside: float) -> str:
    """The name of a bar: inside where it fits, else beside it where nothing stands, else cut or left to the title."""
    room = int((width - 8) / _CHARACTER)
    if len(label) > room and (beside - 12) / _CHARACTER >= len(label):
        return f'<text class="bar-name is-beside" x="{x + width + 6:g}" y="{y + 13:g}">{escape(label)}</text>'
    if len(label) > room and room < _SHORTEST:
        return ""
    return f'<text class="bar-name" x="{x + 5:g}" y="{y + 13:g}">{escape(clip(label, room))}</text>'


def _actual(bar: TimelineBar, y: float, scale: float) -> str:
    if bar.actual_start is None:
        return ""
    end = bar.actual_end if bar.actual_end is not None else bar.actual_start
    width = max(3.0, (end - bar.actual_start) * scale)
    x = LEFT + bar.actual_start * scale
    return f'<rect class="actual" x="{x:g}" y="{y + BAR + 4:g}" width="{width:g}" height="{ACTUAL}" rx="2"></rect>'


def _ticks(span: float, scale: float, height: float, now: float | None) -> str:
    step = next((step for step in _STEPS if span / step <= 12), _STEPS[-1])
    marks = []
    for index in range(int(span // step) + 1):
        x = LEFT + index * step * scale
        covered = now is not None and abs(now * scale + LEFT - x) < 46
        words = "Start" if index == 0 else duration(index * step)
        marks.append(
            f'<line class="tick" x1="{x:g}" y1="20" x2="{x:g}" y2="{height:g}"></line>'
            + ("" if covered else f'<text class="tick-name" x="{x:g}" y="13" text-anchor="middle">{words}</text>')
        )
    return "".join(marks)


def _gate(gate: TimelineGate, scale: float, height: float) -> str:
    x = LEFT + gate.at * scale
    words = f"{gate.code}: {status_look('gate', gate.status).word}"
    inside = (
        f"<title>{escape(words)}</title>"
        f'<line x1="{x:g}" y1="38" x2="{x:g}" y2="{height:g}"></line>'
        f'<rect x="{x - 6.5:g}" y="24.5" width="13" height="13" rx="2.5" transform="rotate(45 {x:g} 31)"></rect>'
        f'<text x="{x:g}" y="34.5">{escape(gate.code[-1:])}</text>'
    )
    return (
        f'<g id="{dom_id("timegate", gate.code)}" class="barrier {status_classes("gate", gate.status)}">'
        f"{link(gate.href, inside, words)}</g>"
    )


def _now(now: float | None, scale: float, height: float) -> str:
    if now is None:
        return ""
    x = LEFT + now * scale
    return (
        f'<g class="now"><line x1="{x:g}" y1="16" x2="{x:g}" y2="{height:g}"></line>'
        f'<rect x="{x - 15:g}" y="3" width="30" height="14" rx="4"></rect><text x="{x:g}" y="13.5">now</text></g>'
    )
