"""Giving the password again: renews when the session's person signed in, for gates that want it fresh."""

from django.contrib.auth import authenticate, login
from django.http import HttpRequest

from apps.core.errors import NotAllowed
from apps.dashboard.views.signed_in import person_of


def password_again(request: HttpRequest, password: str) -> None:
    """Sign the same person in anew. Raises ``NotAllowed``; wrong passwords count as at any sign-in."""
    person = person_of(request)
    found = authenticate(request, username=person.get_username(), password=password)
    if found is None or found.pk != person.pk:
        raise NotAllowed("This is not your password. Nothing was decided.", sign_in_again=True)
    login(request, found)
