import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core import untrusted
from apps.delivery.report import GateLine, html, markdown
from tests.delivery.parts import report

EVIL = "</td><script>alert(1)</script> {{ 7|add:7 }} <img src=//evil.example/x> | ![x](http://evil.example) \u202e# `"


class Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in {"meta", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_tells_everything_and_fetches_nothing() -> None:
    page = html(report())
    read = Reader(page)
    assert read.open == []
    for words in (
        "R1",
        "tests/test_add.py::test_add",
        "not answered",
        "Ann for owners",
        "93 %",
        "1.20 €",
        "Single user.",
    ):
        assert words in page
    for words in ("Sending mail: declined", "Layered, stored in SQLite.", "größer &amp; &lt;better&gt;", "Mend X"):
        assert words in page
    assert {tag for tag, _ in read.tags} & {"script", "link", "img", "iframe", "form"} == set()
    assert not re.search(r"url\(|@import|https?:", page)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_solo_and_override_are_marked_and_an_override_is_red() -> None:
    gates = (GateLine("QG-PHASE4", "Backend", "passed", 1, ("Ann",), "", ("solo", "override")),)
    page = html(report(gates=gates))
    assert '<span class="pill solo">solo</span>' in page
    assert '<span class="pill override">override</span>' in page
    assert re.search(r"\.bad, \.override \{ color: var\(--bad\)", page)
    assert "**solo**, **override**" in markdown(report(gates=gates))


@pytest.mark.parametrize("field", ["title", "outcome", "kind", "brief", "approach", "audit"])
def test_what_agents_and_people_wrote_stays_text(field: str) -> None:
    page, text = html(report(**{field: EVIL})), markdown(report(**{field: EVIL}))
    assert "<script" not in page
    assert "{{ 7|add:7 }}" in page
    assert "⟦U+202E⟧" in page
    assert "\u202e" not in page + text
    shown = untrusted.markdown(text)
    assert "<script" not in shown
    assert "[image" not in shown


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("<>&\"'{}%|#`*_[]()!~-=\\\n ab\u202e"), max_size=40))
def test_no_words_change_the_structure(words: str) -> None:
    plain = [tag for tag, _ in Reader(html(report(not_built=("x",), assumptions=("y",)))).tags]
    assert [tag for tag, _ in Reader(html(report(not_built=(words,), assumptions=(words,)))).tags] == plain
    lines = markdown(report(not_built=(words,))).splitlines()
    assert len(lines) == len(markdown(report(not_built=("x",))).splitlines())


def test_an_empty_report_says_so() -> None:
    empty = report(
        built=(),
        not_built=(),
        requirements=(),
        gates=(),
        figures=(),
        costs=(),
        assumptions=(),
        open_points=(),
        approach="",
    )
    assert "Nothing that was asked for is missing." in html(empty)
    assert Reader(html(empty)).open == []
    assert "None." in markdown(empty)
