"""Template tags of Command Post: status, icons, figures, times, and blocks with a body.

``{% load post %}``. Everything escapes what it is given. No tag needs a request or the database.
"""

import uuid
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from apps.dashboard.statuses import status_classes, status_look
from apps.dashboard.templatetags import wording

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite; with ``label`` it speaks for itself, without it is decoration."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="#i-{}"></use></svg>', css, role, name or "circle-dot"
    )


@register.simple_tag
def status_pill(thing: str, status: str, word: str = "", css: str = "", title: str = "") -> SafeString:
    """A status as colour, icon and word. ``thing`` is goal, plan, task, attempt, gate, condition, agent, …"""
    look = status_look(thing, status)
    return format_html(
        '<span class="pill {} {}"{}>{}{}</span>',
        status_classes(thing, status),
        css,
        format_html(' title="{}"', title) if title else "",
        icon(look.icon),
        word or look.word,
    )


@register.simple_tag(name="status_classes")
def status_classes_tag(thing: str, status: str) -> str:
    """The CSS classes of a status, to colour anything by it."""
    return status_classes(thing, status)


@register.simple_tag
def status_icon(thing: str, status: str, css: str = "") -> SafeString:
    """The icon of a status alone; a word must stand beside it."""
    return icon(status_look(thing, status).icon, css=css)


@register.filter
def status_word(status: str, thing: str) -> str:
    return status_look(thing, status).word


@register.filter
def duration(minutes: float | None) -> str:
    """Minutes as words: ``95`` gives ``1 h 35 min``."""
    return wording.duration(minutes)


@register.filter
def fine(minutes: float | None) -> str:
    """Minutes as words, with seconds below ten minutes: ``2.8`` gives ``2 min 48 s``."""
    return wording.fine(minutes)


@register.filter
def took(seconds: float | None) -> str:
    """Seconds as words: ``0.04`` gives ``under 0.1 s``."""
    return wording.duration(None if seconds is None else seconds / 60)


@register.filter
def money(amount: Decimal | float | str | None, currency: str = "$") -> str:
    """An amount with its currency sign: ``12.4`` gives ``$12.40``; under a cent in full."""
    try:
        return wording.money(None if amount is None or amount == "" else Decimal(str(amount)), currency)
    except InvalidOperation:
        return "–"


@register.filter
def percent(share: float | None) -> str:
    """A share between 0 and 1 as a percentage."""
    return "–" if share is None else f"{share * 100:.0f} %"


@register.filter
def short(digest: str | None, length: int = 8) -> str:
    """The first characters of a digest or id."""
    return str(digest or "")[:length]


@register.simple_tag
def timeago(moment: datetime | None, empty: str = "never") -> SafeString:
    """A moment as ``<time>``, in relative words that a script keeps fresh; the exact time is its title."""
    if moment is None:
        return format_html('<span class="faint">{}</span>', empty)
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return format_html(
        '<time datetime="{}" data-relative title="{}">{}</time>',
        moment.isoformat(),
        local.strftime("%d %b %Y, %H:%M:%S %Z").rstrip(),
        wording.relative((timezone.now() - moment).total_seconds() if timezone.is_aware(moment) else 0),
    )


@register.simple_tag
def countdown(until: datetime | None) -> SafeString:
    """Seconds left until a moment, counted down by a script."""
    if until is None:
        return SafeString("")
    left = max(0, round((until - timezone.now()).total_seconds()))
    return format_html('<span data-countdown="{}">{} s</span>', until.isoformat(), left)


@register.simple_tag
def avatar(name: str, css: str = "", agent: bool = False, show_name: bool = True) -> SafeString:
    """A person's or an agent's initials on a colour of their own, with the name beside it."""
    face = format_html(
        '<span class="face face-{}{} {}" aria-hidden="true">{}</span>',
        wording.colour_of(name),
        " face-agent" if agent else "",
        css,
        wording.initials(name),
    )
    if show_name:
        return format_html('<span class="avatar-name">{}<span class="clip">{}</span></span>', face, name)
    return format_html('{}<span class="visually-hidden">{}</span>', face, name)


@register.simple_tag
def bar(share: float | None, label: str = "Progress", tone: str = "run") -> SafeString:
    """A thin bar filled to ``share`` (0 to 1). Drawn as SVG: the content policy allows no inline styles."""
    filled = max(0.0, min(1.0, share or 0.0))
    return format_html(
        '<span class="meter tone-{}" role="progressbar" aria-label="{}" aria-valuemin="0" aria-valuemax="100" '
        'aria-valuenow="{}"><span class="meter-track"><svg aria-hidden="true" preserveAspectRatio="none" '
        'viewBox="0 0 100 1"><rect width="{}" height="1"></rect></svg></span></span>',
        tone,
        label,
        round(filled * 100),
        f"{filled * 100:.1f}",
    )


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden field with a fresh key: the same form sent twice creates one thing."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid.uuid4())


@register.simple_tag
def attrs(pairs: dict[str, Any] | None = None, **more: Any) -> SafeString:
    """HTML attributes from a mapping: ``None`` and ``False`` are left out, ``True`` stands alone, ``_`` is ``-``."""
    named = {**(pairs or {}), **{key.rstrip("_").replace("_", "-"): value for key, value in more.items()}}
    kept = [(key, value) for key, value in named.items() if value is not None and value is not False]
    return format_html_join("", " {}{}", ((key, "" if v is True else format_html('="{}"', v)) for key, v in kept))


@register.simple_block_tag
def card(
    content: str, title: str = "", icon_name: str = "", note: str = "", css: str = "", flush: bool = False, id: str = ""
) -> SafeString:
    """A card with a heading. ``flush``: the body has no padding, for tables, lists and tabs."""
    head: str = ""
    if title:
        parts = (icon(icon_name) if icon_name else "", title)
        note_html = format_html('<span class="card-note">{}</span>', note) if note else ""
        head = format_html('<div class="card-head">{}<h2>{}</h2>{}</div>', *parts, note_html)
    return format_html(
        '<section class="card {}"{}>{}<div class="{}">{}</div></section>',
        css,
        format_html(' id="{}"', id) if id else "",
        head,
        "card-flush" if flush else "card-body",
        content,
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """A modal ``<dialog>``, opened by ``<button data-open-dialog="id">``, closed by Escape or ``data-close-dialog``."""
    return format_html(
        '<dialog class="modal-box" id="{0}" aria-labelledby="{0}-title"><div class="modal-top">'
        '<h2 id="{0}-title">{1}</h2><button type="button" class="btn btn-quiet btn-icon btn-sm" data-close-dialog '
        'aria-label="Close">{2}</button></div>{3}</dialog>',
        id,
        title,
        icon("x"),
        content,
    )


@register.simple_block_tag
def live(content: str, id: str, url: str, css: str = "", tag: str = "div", later: bool | None = None) -> SafeString:
    """A region that is read again from ``url`` when the server says that fragment ``id`` has changed.

    The answer of ``url`` is the same fragment template, this element included: it is morphed in place. ``later``: what
    is there is a place for what takes longer, read as soon as the page is there.
    """
    return format_html(
        '<{0} id="{1}" class="{2}" data-live hx-get="{3}" hx-trigger="{5}" hx-target="this" '
        'hx-swap="morph:outerHTML" hx-push-url="false">{4}</{0}>',
        tag if tag in {"div", "section", "span", "ul", "ol", "tbody", "nav", "aside"} else "div",
        id,
        css,
        url,
        content,
        "load, live:changed" if later else "live:changed",
    )
