"""The shell and the pages that need no data: they render with nothing, and obey the content policy."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from apps.dashboard.styleguide import example_context, styleguide

# The shell must not depend on which addresses are mounted: it is tried with none.
urlpatterns: list[object] = []
pytestmark = pytest.mark.urls(__name__)

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["403.html", "403_csrf.html", "404.html", "500.html", "registration/login.html", "_base.html"]


class Inline(HTMLParser):
    """Collects what the content policy would refuse: inline styles, scripts and handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.found += [f"{tag} {name}" for name in names if name == "style" or re.match(r"on|hx-on", name)]
        self.found += [tag] * (tag == "style" or (tag == "script" and "src" not in names))


def refused(markup: str) -> list[str]:
    parser = Inline()
    parser.feed(markup)
    return parser.found


@pytest.mark.parametrize("page", PAGES)
def test_pages_render_without_any_context(page):
    markup = render_to_string(page)
    assert markup.lstrip().startswith("<!doctype html>")
    assert refused(markup) == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_comes_from_elsewhere(page):
    addresses = re.findall(r'(?:src|href|action)="([^"]+)"', render_to_string(page))
    assert addresses
    assert [a for a in addresses if not a.startswith(("/", "#"))] == []


def test_the_style_guide_shows_every_component_within_the_policy():
    markup = render_to_string("styleguide/page.html", example_context())
    assert refused(markup) == []
    for name in (
        "rail-step",
        "decide",
        "check-row",
        "diff",
        "code-view",
        "graph-view",
        "plan-timeline",
        "blank",
        "drop",
    ):
        assert f'class="{name}' in markup or f" {name}" in markup, name


@override_settings(DEBUG=False)
def test_there_is_no_style_guide_for_users():
    with pytest.raises(Http404):
        styleguide(RequestFactory().get("/styleguide"))


@override_settings(DEBUG=True)
def test_the_style_guide_is_read_only():
    assert styleguide(RequestFactory().post("/styleguide")).status_code == 405


def test_ids_are_unique_on_the_style_guide():
    ids = re.findall(r'\sid="([^"]+)"', render_to_string("styleguide/page.html", example_context()))
    assert sorted(ids) == sorted(set(ids))


def test_banners_say_what_must_not_be_overlooked():
    assert "not isolated" in render_to_string("_base.html", {"unisolated": True})
    assert "not isolated" in render_to_string("_base.html", {"allow_unisolated": True})
    assert "Solo mode" in render_to_string("_base.html", {"solo_mode": True})
    assert "banner" not in render_to_string("_base.html").replace("banners", "")


def test_the_badge_says_how_many_need_you():
    markup = render_to_string("_base.html", {"person": {"name": "Ada"}, "inbox_count": 7})
    assert "7 need you" in markup


def test_signing_out_is_a_post():
    markup = render_to_string("_base.html", {"person": {"name": "Ada"}})
    assert re.search(r'<form method="post" action="[^"]*out', markup)


def test_the_admin_is_offered_to_admins_only():
    assert "/admin/" not in render_to_string("_base.html", {"person": {"name": "Ada", "is_admin": False}})
    assert "/admin/" in render_to_string("_base.html", {"person": {"name": "Ada", "is_admin": True}})


@pytest.mark.parametrize("script", sorted((ROOT / "static/js").glob("*.js")), ids=lambda path: path.name)
def test_scripts_obey_the_policy(script):
    text = script.read_text()
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|setAttribute\(\"style", text)
    assert len(text.splitlines()) <= 400
