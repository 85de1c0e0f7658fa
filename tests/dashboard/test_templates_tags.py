"""The template tags: what they show, and that they escape what they are given."""

from datetime import UTC, datetime, timedelta

from django.template import Context, Template
from django.utils import timezone

EVIL = "<script>alert(1)</script>"


def shown(source: str, **context) -> str:
    return str(Template("{% load post %}" + source).render(Context(context)))


def test_a_pill_has_colour_icon_and_word():
    markup = shown("{% status_pill 'gate' status %}", status="open")
    assert 'class="pill tone-human status-open' in markup
    assert 'href="#i-user-check"' in markup
    assert "Needs a decision" in markup


def test_tags_escape():
    source = (
        "{% status_pill evil evil evil evil evil %}{% icon evil evil evil %}{% avatar evil %}{% bar 0.5 evil evil %}"
        "{% card evil evil evil evil id=evil %}{{ evil }}{% endcard %}{% dialog evil evil %}{{ evil }}{% enddialog %}"
        "{% live evil evil evil evil %}{{ evil }}{% endlive %}{{ evil|short:99 }}{{ evil|money }}"
        "{% attrs title=evil %}{% timeago None evil %}"
    )
    assert "<script" not in shown(source, evil=EVIL)


def test_figures_are_words():
    markup = shown(
        "{{ m|duration }}|{{ a|money }}|{{ s|percent }}|{{ d|short }}", m=95, a="12.4", s=0.931, d="0123456789"
    )
    assert markup == "1 h 35 min|$12.40|93 %|01234567"


def test_what_is_missing_is_a_dash():
    assert (
        shown("{{ n|duration }}|{{ n|money }}|{{ e|money }}|{{ n|percent }}|{{ n|short }}", n=None, e="") == "–|–|–|–|"
    )


def test_a_time_is_exact_in_its_title():
    moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    markup = shown("{% timeago moment %}", moment=moment)
    assert 'datetime="2026-03-04T05:06:07+00:00"' in markup
    assert 'title="04 Mar 2026, 05:06:07 UTC"' in markup
    assert "data-relative" in markup
    assert "never" in shown("{% timeago moment %}", moment=None)


def test_a_countdown_never_goes_below_zero():
    assert ">0 s<" in shown("{% countdown moment %}", moment=timezone.now() - timedelta(minutes=1))
    assert shown("{% countdown moment %}", moment=None) == ""


def test_a_bar_stays_within_its_track():
    assert 'aria-valuenow="100"' in shown("{% bar 1.7 %}")
    assert 'aria-valuenow="0"' in shown("{% bar share %}", share=None)


def test_a_live_region_reads_itself_again():
    markup = shown("{% live 'goal-tasks' '/goals/1/tasks' %}x{% endlive %}")
    assert 'id="goal-tasks"' in markup
    assert 'hx-get="/goals/1/tasks"' in markup
    assert 'hx-trigger="live:changed"' in markup
    assert 'hx-swap="morph:outerHTML"' in markup


def test_a_live_region_is_one_of_a_few_elements():
    assert shown("{% live 'a' '/a' tag='script' %}x{% endlive %}").startswith("<div ")


def test_each_form_gets_a_key_of_its_own():
    first, second = shown("{% idempotency_key %}"), shown("{% idempotency_key %}")
    assert first != second
    assert 'name="idempotency_key"' in first
