"""Writing people, groups and tokens. What bears on who may decide is a link in the audit chain."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from apps.accounts import policy, selectors
from apps.accounts.models import Group, Person, Token
from apps.core import audit, clock, events
from apps.core.actors import HUB, Actor, person_actor
from apps.core.errors import Conflict, Invalid
from apps.core.models import SYSTEM_STREAM

GROUPS = {
    "owners": "Owners",
    "architects": "Architects",
    "operations": "Operations",
    "engineering": "Engineering",
    "design": "Design",
    "quality": "Quality",
}
TOKEN_PREFIX = "cp_"  # noqa: S105 - the visible beginning of every secret, so that a leak can be recognised
LONGEST_TOKEN_DAYS = 366
_FIRST_ADMIN_LOCK = 0x61646D69  # "admi"


@transaction.atomic
def groups_seed() -> list[Group]:
    """Make the groups that the gates' rules name; existing ones keep their names. Returns all of them."""
    Group.objects.bulk_create([Group(slug=slug, name=name) for slug, name in GROUPS.items()], ignore_conflicts=True)
    return list(Group.objects.all())


@transaction.atomic
def admin_ensure(*, username: str, password: str | None = None) -> str | None:
    """Make the first admin, a member of every group; returns the password, to be shown once.

    Returns None, and changes nothing, when there is an admin already. Two processes that start together make one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FIRST_ADMIN_LOCK])
    if selectors.admin_exists():
        return None
    secret = password or secrets.token_urlsafe(12)
    everything = [group.slug for group in groups_seed()]
    person_create(username=username, password=secret, role="admin", groups=everything, check_password=not password)
    return secret


@transaction.atomic
def person_create(
    *,
    username: str,
    password: str,
    role: str = "viewer",
    groups: Iterable[str] = (),
    email: str = "",
    by: Person | None = None,
    check_password: bool = True,
) -> Person:
    """Add somebody who signs in. Raises ``Invalid`` with words for each field."""
    slugs = sorted(set(groups))
    found = list(Group.objects.filter(slug__in=slugs))
    person = Person(username=username.strip(), email=email.strip(), role=role)
    problems = _person_problems(person, slugs, found)
    if check_password:
        problems |= _password_problems(password, person)
    if problems:
        raise Invalid(problems)
    person.set_password(password)
    _rights_of_role(person)
    person.save()
    person.seat_groups.set(found)
    _tell("person.created", person, by)
    return person


@transaction.atomic
def person_update(
    *,
    person: Person,
    by: Person,
    role: str | None = None,
    groups: Iterable[str] | None = None,
    active: bool | None = None,
) -> Person:
    """Change a role, groups, or whether somebody may sign in. The last admin stays one."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = _facts(person)
    if role is not None:
        if role not in policy.ROLES:
            raise Invalid({"role": f"There is no role '{role}'."})
        person.role = role
    if active is not None:
        person.is_active = active
    _rights_of_role(person)
    person.save(update_fields=["role", "is_active", "is_staff", "is_superuser"])
    if groups is not None:
        person.seat_groups.set(Group.objects.filter(slug__in=list(groups)))
    if not selectors.admin_exists():
        raise Conflict("This is the last admin: make somebody else an admin first.")
    _tell("person.changed", person, by, before=before)
    return person


@transaction.atomic
def preferences_save(*, person: Person, time_zone: str, keys_enabled: bool) -> Person:
    """How somebody likes to work. Raises ``Invalid`` for a time zone that nobody knows."""
    if time_zone not in available_timezones():
        raise Invalid({"time_zone": "Choose a time zone from the list, such as Europe/Paris."})
    person.time_zone, person.keys_enabled = time_zone, keys_enabled
    person.save(update_fields=["time_zone", "keys_enabled"])
    return person


@dataclass(frozen=True)
class NewToken:
    """``secret`` is shown once; only its hash is kept."""

    token: Token
    secret: str


@transaction.atomic
def token_create(*, person: Person, name: str, scopes: Collection[str], days: int = 90) -> NewToken:
    """Make a bearer token of ``person`` that expires after ``days``. Raises ``Invalid``, ``NotAllowed``."""
    policy.require(person, "token.manage")
    problems: dict[str, str] = {}
    if not name.strip() or len(name) > 80 or "\x00" in name:
        problems["name"] = "Give the token a name of at most 80 characters, so that you know it again."
    unknown = sorted(set(scopes) - set(policy.SCOPES))
    if unknown or not scopes:
        problems["scopes"] = f"Choose at least one of: {', '.join(policy.SCOPES)}."
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        problems["days"] = f"A token lives from 1 to {LONGEST_TOKEN_DAYS} days."
    if problems:
        raise Invalid(problems)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person,
        name=name.strip(),
        prefix=secret[:10],
        digest=selectors.digest_of(secret),
        scopes=sorted(set(scopes)),
        expires_at=clock.now() + timedelta(days=days),
    )
    _tell_token("token.created", token, person)
    return NewToken(token, secret)


@transaction.atomic
def token_revoke(*, token: Token, by: Person) -> Token:
    """End a token at once; a second time changes nothing."""
    policy.require(by, "token.manage", token)
    moment = clock.now()
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=moment):
        token.revoked_at = moment
        _tell_token("token.revoked", token, by)
    return token


def token_used(*, token: Token) -> None:
    """Note that the token was used: at most one write a minute, so that reading stays cheap."""
    moment = clock.now()
    if token.last_used_at is None or moment - token.last_used_at > timedelta(minutes=1):
        Token.objects.filter(pk=token.pk).update(last_used_at=moment)


def _rights_of_role(person: Person) -> None:
    """Django's own flags follow the role, so that there is one place where rights are given."""
    person.is_staff = person.is_superuser = person.role == "admin"


def _person_problems(person: Person, slugs: list[str], found: list[Group]) -> dict[str, str]:
    problems: dict[str, str] = {}
    if person.role not in policy.ROLES:
        problems["role"] = f"There is no role '{person.role}'."
    missing = sorted(set(slugs) - {group.slug for group in found})
    if missing:
        problems["groups"] = f"There is no group {', '.join(missing)}."
    try:
        Person.username_validator(person.username)
    except ValidationError:
        problems["username"] = "Use letters, digits and @ . + - _ only."
    if len(person.username) > 150:
        problems["username"] = "A user name has at most 150 characters."
    elif Person.objects.filter(username__iexact=person.username).exists():
        problems["username"] = "There is somebody with this name already."
    try:
        if person.email:
            validate_email(person.email)
    except ValidationError:
        problems["email"] = "This is not an e-mail address."
    return problems


def _password_problems(password: str, person: Person) -> dict[str, str]:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return {"password": " ".join(error.messages)}
    return {}


def _facts(person: Person) -> dict[str, object]:
    groups = selectors.group_slugs(person)
    return {"username": person.username, "role": person.role, "groups": groups, "active": person.is_active}


def _tell(what: str, person: Person, by: Person | None, **data: object) -> None:
    actor: Actor = person_actor(by) if by else HUB
    facts = {**_facts(person), **data}
    audit.append(actor=actor, what=what, subject=f"person:{person.pk}", data=facts)
    events.record(events.Happening(SYSTEM_STREAM, what, f"person:{person.pk}", facts), actor=actor)


def _tell_token(what: str, token: Token, by: Person) -> None:
    facts = {"name": token.name, "prefix": token.prefix, "scopes": token.scopes, "person": str(token.person_id)}
    audit.append(actor=person_actor(by), what=what, subject=f"token:{token.pk}", data=facts)
    events.record(events.Happening(SYSTEM_STREAM, what, f"token:{token.pk}", facts), actor=person_actor(by))
