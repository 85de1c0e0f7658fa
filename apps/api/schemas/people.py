"""People, sessions and tokens."""

import uuid
from datetime import datetime

from ninja import Field, Schema

from apps.accounts import policy, selectors
from apps.accounts.models import Person, Token


class PersonOut(Schema):
    """A person: the role says what they may do, the groups say for whom they vote."""

    id: uuid.UUID
    username: str
    name: str
    role: str
    groups: list[str]
    may: dict[str, bool] = Field(description="each action, and whether this person may do it (through this token)")

    @staticmethod
    def resolve_name(person: Person) -> str:
        return str(person)

    @staticmethod
    def resolve_groups(person: Person) -> list[str]:
        return selectors.group_slugs(person)

    @staticmethod
    def resolve_may(person: Person) -> dict[str, bool]:
        return policy.may(person)


class SignIn(Schema):
    username: str = Field(max_length=150)
    password: str = Field(max_length=1000)


class SessionOut(Schema):
    """``csrf_token`` goes into the header X-CSRFToken of everything that changes something."""

    csrf_token: str
    person: PersonOut
    signed_in_at: datetime | None


class TokenIn(Schema):
    name: str = Field(max_length=80)
    scopes: list[str] = Field(max_length=20, description="any of: read, submit, operate, registry")
    days: int = Field(90, ge=1, le=366)


class TokenOut(Schema):
    """A token; the secret is not kept and therefore not here."""

    id: uuid.UUID
    name: str
    prefix: str
    scopes: list[str]
    person: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    @staticmethod
    def resolve_person(token: Token) -> str:
        return token.person.username


class NewTokenOut(Schema):
    """``secret`` is told once; a repeat with the same Idempotency-Key gets an empty one."""

    token: TokenOut
    secret: str
