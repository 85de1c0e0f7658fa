"""The person who looks, typed: views behind ``login_required`` have one."""

from django.http import HttpRequest

from apps.accounts.models import Person


def person_of(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)
    return person
