"""The few pieces of markup that graph and timeline share. Every text passes through ``escape``."""

import re

from django.utils.html import escape

from apps.dashboard.statuses import status_look

_UNSAFE_ID = re.compile(r"[^A-Za-z0-9_-]+")


def dom_id(prefix: str, row_id: str) -> str:
    """An id that is safe in HTML, CSS selectors and URLs: ``node-<id>``."""
    return f"{prefix}-{_UNSAFE_ID.sub('-', row_id)}"


def link(href: str, inside: str, label: str) -> str:
    """``inside`` as a link, if ``href`` points into this site; anything else is no link."""
    if not href.startswith(("/", "#")) or href.startswith("//"):
        return inside
    return f'<a href="{escape(href)}" aria-label="{escape(label)}">{inside}</a>'


def glyph(thing: str, status: str, x: float, y: float, size: float) -> str:
    """The icon of a status, from the sprite of the page."""
    name = status_look(thing, status).icon
    return (
        f'<use class="glyph" href="#i-{name}" x="{x:g}" y="{y:g}" width="{size:g}" height="{size:g}" '
        'stroke-width="2.1"></use>'
    )


def clip(text: str, length: int) -> str:
    """Cut a text to ``length`` characters, with an ellipsis where something is missing.

    >>> clip("requirements", 8), clip("short", 8)
    ('require…', 'short')
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def two_lines(text: str, length: int) -> tuple[str, str]:
    """Break a text into at most two lines of ``length`` characters, at a space where there is one.

    >>> two_lines("Write the end-to-end tests of the service", 18)
    ('Write the', 'end-to-end tests…')
    >>> two_lines("Short", 18)
    ('Short', '')
    """
    if len(text) <= length:
        return text, ""
    space = text.rfind(" ", 0, length + 1)
    first, rest = (text[:space], text[space + 1 :]) if space > 0 else (text[:length], text[length:])
    return first, clip(rest, length)
