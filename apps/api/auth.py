"""Who is asking: a bearer token, or a signed-in person's session with its CSRF token.

Either way ``request.auth`` is the person. One who acts through a token carries its scopes, which the policy reads, so
that no endpoint has to think of it.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from apps.accounts import policy, selectors, services
from apps.accounts.models import Person
from apps.core.errors import NotAllowed

SAFE = frozenset({"GET", "HEAD"})


class BearerToken(HttpBearer):
    """``Authorization: Bearer cp_…``. A header that names no valid token is refused, whatever cookie comes with it."""

    def __call__(self, request: HttpRequest) -> Any:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if not kind:
            return None
        if kind.lower() != "bearer" or not secret.strip():
            raise AuthenticationError
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Person:
        found = selectors.token_find(token)
        if found is None:
            raise AuthenticationError
        services.token_used(token=found)
        person = found.person
        person.acting_scopes = frozenset(found.scopes)
        return _may_look(request, person)


class SessionCookie(APIKeyCookie):
    """A person's session; what changes something needs ``X-CSRFToken`` as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # checked below, after it is known whether anybody is signed in

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        person = request.user
        if not person.is_authenticated:
            return None
        if request.method not in SAFE and check_csrf(request):
            raise NotAllowed(
                "The CSRF token is missing or wrong. Send the one that POST /api/v1/session gave you (or the cookie's) "
                "in the header X-CSRFToken.",
            )
        return _may_look(request, person)


def _may_look(request: HttpRequest, person: Person) -> Person:
    if request.method in SAFE:
        policy.require(person, "look")
    return person


AUTH = [BearerToken(), SessionCookie()]


def person_of(request: HttpRequest) -> Person:
    """The person who is asking, on an endpoint that asks for one."""
    person: Person = request.auth  # type: ignore[attr-defined]
    return person


def through_token(request: HttpRequest) -> bool:
    return person_of(request).acting_scopes is not None
