"""Reading people, their groups and their tokens."""

import hashlib

from django.db.models import Q, QuerySet

from apps.accounts.models import Group, Person, Token
from apps.core import clock


def people() -> QuerySet[Person]:
    """Everybody, with their groups: two queries, whatever their number."""
    return Person.objects.prefetch_related("seat_groups").order_by("username")


def groups() -> QuerySet[Group]:
    return Group.objects.prefetch_related("people")


def group_slugs(person: Person) -> list[str]:
    """The slugs of the groups that this person may speak for."""
    return list(person.seat_groups.order_by("slug").values_list("slug", flat=True))


def admin_exists() -> bool:
    return Person.objects.filter(role="admin", is_active=True).exists()


def digest_of(secret: str) -> str:
    """What is stored of a token's secret: SHA-256, hexadecimal. The secret has 256 random bits, so no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def token_find(secret: str) -> Token | None:
    """The token with this secret, if it is neither revoked nor expired and its person may sign in."""
    return (
        Token.objects.select_related("person")
        .filter(digest=digest_of(secret), revoked_at=None, expires_at__gt=clock.now(), person__is_active=True)
        .first()
    )


def tokens_of(person: Person, *, everybody: bool = False) -> QuerySet[Token]:
    """The person's tokens, newest first; all tokens for ``everybody``."""
    mine = Q() if everybody else Q(person=person)
    return Token.objects.filter(mine).select_related("person").order_by("-created_at", "-id")
