"""Signing in and out, so that a person's command-line client can do what the browser can."""

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Status

from apps.accounts import sessions
from apps.api.auth import person_of, through_token
from apps.api.schemas.people import PersonOut, SessionOut, SignIn
from apps.core.errors import CommandPostError

router = Router(tags=["session"])


class WrongPassword(CommandPostError):
    """No such name, or another password: which of the two is not told."""

    code, status, title = "wrong_password", 401, "That is not right"


class TooManyTries(CommandPostError):
    """Too many wrong passwords for this name from this address."""

    code, status, title = "too_many_tries", 429, "Too many tries"


@router.post("/session", response=SessionOut, auth=None, summary="Sign in")
def session_create(request: HttpRequest, payload: SignIn) -> Any:
    """Sets the session's cookie and gives the CSRF token for X-CSRFToken."""
    person = authenticate(request, username=payload.username, password=payload.password)
    if getattr(request, "axes_locked_out", False):
        request.axes_locked_out = False  # type: ignore[attr-defined]  # the answer below says it, not a page
        raise TooManyTries("Too many wrong passwords for this name from here. Wait a quarter of an hour and try again.")
    if person is None:
        raise WrongPassword("The name or the password is wrong, or the account is switched off. Try again.")
    login(request, person)
    return _session(request, person)


@router.get("/session", response=SessionOut, summary="The session")
def session_get(request: HttpRequest) -> Any:
    """Who is signed in here, and the CSRF token."""
    return _session(request, person_of(request))


@router.delete("/session", response={204: None}, summary="Sign out")
def session_delete(request: HttpRequest) -> Any:
    """Ends the session; a token is ended at /tokens instead, and stays as it is here."""
    if not through_token(request):
        logout(request)
    return Status(204, None)


@router.get("/me", response=PersonOut, summary="Who is asking")
def me_get(request: HttpRequest) -> Any:
    """The person behind the session or token, and what they may do."""
    return person_of(request)


def _session(request: HttpRequest, person: Any) -> dict[str, Any]:
    return {
        "csrf_token": get_token(request),
        "person": person,
        "signed_in_at": sessions.signed_in_at(request.session),
    }
