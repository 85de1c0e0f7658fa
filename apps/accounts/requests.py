"""Who is behind a request that only signed-in people can make."""

from django.http import HttpRequest

from apps.accounts.models import Person


def signed_in(request: HttpRequest) -> Person:
    """The person of the session. Raises ``Person.DoesNotExist`` where there is none."""
    return Person.objects.get(pk=str(request.user.pk))
