"""Every status that exists has a colour, an icon that is in the sprite, and a word."""

import re
from pathlib import Path

import pytest

from apps.dashboard.statuses import LOOKS, TONES, status_classes, status_look
from apps.engine.lifecycle import LIFECYCLES

ROOT = Path(__file__).resolve().parents[2]
SPRITE = set(re.findall(r'<symbol id="i-([\w-]+)"', (ROOT / "templates/components/icons.html").read_text()))


@pytest.mark.parametrize("thing", sorted(LIFECYCLES))
def test_each_status_of_the_lifecycle_has_a_look(thing):
    assert set(LIFECYCLES[thing].statuses) <= set(LOOKS[thing])


@pytest.mark.parametrize("thing", sorted(LOOKS))
def test_each_look_is_complete(thing):
    for status, look in LOOKS[thing].items():
        assert look.tone in TONES, status
        assert look.icon in SPRITE, status
        assert look.word, status


def test_each_tone_has_its_colours():
    tokens = (ROOT / "static/css/tokens.css").read_text()
    for tone in TONES:
        assert f".tone-{tone} {{" in tokens


def test_one_word_never_has_two_looks_within_a_thing():
    for thing, looks in LOOKS.items():
        words = [look.word for look in looks.values()]
        assert len(words) == len(set(words)), thing


def test_an_unknown_status_is_shown_by_its_own_word():
    look = status_look("task", "brand_new")
    assert (look.tone, look.word) == ("neutral", "Brand new")


def test_classes_for_a_status():
    assert status_classes("gate", "changes_requested") == "tone-warn status-changes-requested"


def test_templates_use_only_icons_that_are_in_the_sprite():
    used = set()
    for template in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% icon "([\w-]+)"', template.read_text()))
    assert used <= SPRITE
