"""What the frame around every page shows: who looks, what needs them, and where the live topic ``site`` stands.

Each value is read when the template asks for it: a fragment without the frame costs nothing.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from apps.accounts.models import Person
from apps.dashboard.live.board import site_seq
from apps.gates.rules import solo_mode
from apps.inbox.selectors import badge_count


def nav(request: HttpRequest) -> dict[str, Any]:
    """``person``, ``inbox_count``, ``site_seq``, ``solo_mode`` and ``unisolated``; nothing for who is not signed in.

    The header writes ``site_seq`` before the badge, so what happens in between is read again, not missed. A page whose
    own content follows the site reads ``site_seq`` before its content and passes it on.
    """
    person = getattr(request, "user", None)
    if not isinstance(person, Person) and not getattr(person, "is_authenticated", False):
        return {}
    return {"person": person_shown(person), **_lazily(person)}


def person_shown(person: Any) -> dict[str, Any]:
    return {
        "name": str(person),
        "username": person.username,
        "role": person.get_role_display(),
        "is_admin": person.role == "admin",
        "keyboard": "on" if person.keys_enabled else "off",
    }


def _lazily(person: Any) -> dict[str, Callable[[], Any]]:
    # Templates call what can be called; the cache makes it one query however often a template asks.
    return {
        "inbox_count": cache(lambda: badge_count(person)),
        "site_seq": cache(site_seq),
        "solo_mode": cache(solo_mode),
        "unisolated": lambda: settings.ALLOW_UNISOLATED,
    }
