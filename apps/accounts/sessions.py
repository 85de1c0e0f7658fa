"""What a session knows of the person who signed in: when that was."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in

from apps.core import clock

SIGNED_IN_AT = "signed_in_at"


def remember_sign_in(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """Receiver of ``user_logged_in``. A request without a session (some tests) has nothing to remember in."""
    session = getattr(request, "session", None)
    if session is not None:
        session[SIGNED_IN_AT] = clock.now().isoformat()


def connect() -> None:
    user_logged_in.connect(remember_sign_in, dispatch_uid="accounts.signed_in_at")


def signed_in_at(session: Mapping[str, Any]) -> datetime | None:
    """When the person of this session gave their password; None if the session does not say."""
    text = session.get(SIGNED_IN_AT)
    try:
        return datetime.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        return None


def fresh(session: Mapping[str, Any], minutes: float) -> bool:
    """Whether the password was given within the last ``minutes``."""
    moment = signed_in_at(session)
    return moment is not None and clock.now() - moment <= timedelta(minutes=minutes)
