"""The timeline as SVG: bars to scale, gates as barriers, what happened beside what was planned."""

import re
from xml.etree import ElementTree

from apps.dashboard.svg import TimelineBar, TimelineGate, render_timeline
from apps.dashboard.svg.timeline import LEFT, pack

SVG = "{http://www.w3.org/2000/svg}"


def bar(name: str, start: float, end: float, **more) -> TimelineBar:
    return TimelineBar(name, more.pop("row", "1 Requirements"), more.pop("label", name), start, end, "ready", **more)


def parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def rects(markup: str, kind: str) -> list[tuple[float, float]]:
    found = [rect for rect in parsed(markup).iter(f"{SVG}rect") if rect.get("class") == kind]
    return [(float(rect.get("x", "0")), float(rect.get("width", "0"))) for rect in found]


def test_bars_are_to_scale():
    (first_x, first_width), (second_x, second_width) = rects(
        render_timeline([bar("a", 0, 30), bar("b", 30, 90)]), "planned"
    )
    assert first_x == LEFT
    assert abs(second_x - (first_x + first_width)) < 0.01
    assert abs(second_width - 2 * first_width) < 0.01


def test_what_happened_stands_beside_what_was_planned():
    markup = render_timeline([bar("a", 0, 30, actual_start=6, actual_end=66), bar("b", 30, 60)])
    ((x, width),) = rects(markup, "actual")
    (planned_x, planned_width), _ = rects(markup, "planned")
    assert x > planned_x
    assert abs(width - 2 * planned_width) < 0.01
    assert "planned 30 min from 0 min, took 1 h" in markup


def test_work_that_runs_has_begun_and_not_ended():
    assert len(rects(render_timeline([bar("a", 0, 30, actual_start=6)]), "actual")) == 1


def test_bars_that_overlap_get_tracks_of_their_own():
    tracks = pack([bar("a", 0, 10), bar("b", 5, 15), bar("c", 10, 20)])
    assert [[item.id for item in track] for track in tracks] == [["a", "c"], ["b"]]


def test_gates_are_barriers_with_their_status():
    markup = render_timeline([bar("a", 0, 30)], gates=[TimelineGate("QG-PHASE1", 30, "open", "/gates/1")])
    assert 'id="timegate-QG-PHASE1" class="barrier tone-human status-open"' in markup
    assert 'href="/gates/1"' in markup
    assert "QG-PHASE1: Needs a decision" in markup


def test_now_is_marked_only_where_there_is_a_now():
    assert 'class="now"' in render_timeline([bar("a", 0, 30)], now=12)
    assert 'class="now"' not in render_timeline([bar("a", 0, 30)])


def test_rows_keep_the_order_that_is_given():
    markup = render_timeline([bar("a", 0, 1, row="slot 2"), bar("b", 0, 1, row="slot 1")], rows=["slot 1", "slot 2"])
    assert re.findall(r'class="row-name"[^>]*>([^<]+)<', markup) == ["slot 1", "slot 2"]


def test_what_agents_wrote_is_text():
    evil = "</text><script>alert(1)</script>"
    markup = render_timeline(
        [bar(evil, 0, 30, label=evil, row=evil, href="javascript:alert(1)")],
        gates=[TimelineGate(evil, 3, evil)],
        label=evil,
    )
    assert "<script" not in markup
    assert "javascript:" not in markup
    assert parsed(markup) is not None


def test_an_empty_timeline_is_no_error():
    assert render_timeline([]).startswith("<svg")
