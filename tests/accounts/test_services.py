"""People, the first admin, and tokens."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from apps.accounts import selectors, services
from apps.accounts.models import Group, Person, Token
from apps.core import audit, clock
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    services.admin_ensure(username="chief")
    return Person.objects.get(username="chief")


def test_the_first_admin_is_in_every_group_and_told_the_password_once():
    secret = services.admin_ensure(username="chief")
    person = Person.objects.get(username="chief")
    assert person.check_password(secret)
    assert person.role == "admin"
    assert person.is_superuser
    assert (
        set(selectors.group_slugs(person)) == set(services.GROUPS) <= set(Group.objects.values_list("slug", flat=True))
    )
    assert services.admin_ensure(username="chief") is None
    assert services.admin_ensure(username="another") is None
    assert not Person.objects.filter(username="another").exists()


def test_a_given_password_is_taken_as_it_is():
    assert services.admin_ensure(username="chief", password="short") == "short"
    assert Person.objects.get(username="chief").check_password("short")


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_start_together_make_one_admin():
    made, barrier = [], threading.Barrier(2)

    def start():
        barrier.wait(10)
        made.append(services.admin_ensure(username="chief"))
        connection.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(made) == 2
    assert made.count(None) == 1
    assert Person.objects.filter(role="admin").count() == 1


def test_a_new_person_has_the_rights_of_the_role(admin):
    person = services.person_create(
        username="mara", password="a long sentence", role="lead", groups=["owners"], by=admin
    )
    assert (person.is_staff, person.is_superuser) == (False, False)
    assert selectors.group_slugs(person) == ["owners"]
    link = AuditLink.objects.get(what="person.created", subject=f"person:{person.pk}")
    assert link.actor["name"] == "chief"
    assert link.data["role"] == "lead"
    assert audit.verify().bad is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "two words"),
        ("username", ""),
        ("username", "x" * 200),
        ("role", "emperor"),
        ("groups", ["nobody"]),
        ("password", "123"),
        ("email", "not an address"),
    ],
)
def test_words_for_what_can_t_be_used(field, value):
    given = {"username": "mara", "password": "a long sentence", "role": "lead", "groups": [], field: value}
    with pytest.raises(Invalid) as refused:
        services.person_create(**given)
    assert field in refused.value.fields


def test_a_name_is_taken_whatever_its_case(admin):
    with pytest.raises(Invalid, match="somebody with this name"):
        services.person_create(username="CHIEF", password="a long sentence")


def test_the_last_admin_stays_one(admin):
    with pytest.raises(Conflict, match="last admin"):
        services.person_update(person=admin, by=admin, role="lead")
    with pytest.raises(Conflict, match="last admin"):
        services.person_update(person=Person.objects.get(pk=admin.pk), by=admin, active=False)


def test_a_change_of_role_is_a_link_in_the_chain(admin):
    person = services.person_create(username="mara", password="a long sentence", role="viewer")
    services.person_update(person=person, by=admin, role="admin", groups=["quality"])
    person.refresh_from_db()
    assert person.is_staff
    link = AuditLink.objects.get(what="person.changed")
    assert (link.data["before"]["role"], link.data["role"]) == ("viewer", "admin")


def test_a_token_is_stored_hashed_and_found_by_its_secret(admin):
    made = services.token_create(person=admin, name="script", scopes=["read"])
    assert made.secret.startswith("cp_")
    assert made.secret not in str(list(Token.objects.values()))
    assert selectors.token_find(made.secret) == made.token
    assert selectors.token_find(made.secret + "x") is None
    assert selectors.token_find("\ud800") is None


def test_a_token_ends_when_it_expires_is_revoked_or_its_person_is_switched_off(admin):
    person = services.person_create(username="mara", password="a long sentence", role="lead")
    made = services.token_create(person=person, name="script", scopes=["read"], days=1)
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert selectors.token_find(made.secret) is None
    services.person_update(person=person, by=admin, active=False)
    assert selectors.token_find(made.secret) is None
    services.person_update(person=person, by=admin, active=True)
    assert selectors.token_find(made.secret) is not None
    services.token_revoke(token=made.token, by=admin)
    assert selectors.token_find(made.secret) is None
    revoked_at = made.token.revoked_at
    assert services.token_revoke(token=made.token, by=admin).revoked_at == revoked_at
    assert AuditLink.objects.filter(what="token.revoked").count() == 1


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 81}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["vote"]}),
        ("days", {"days": 0}),
        ("days", {"days": 4000}),
    ],
)
def test_a_token_needs_a_name_scopes_and_an_end(admin, field, given):
    with pytest.raises(Invalid) as refused:
        services.token_create(person=admin, **{"name": "script", "scopes": ["read"], "days": 3, **given})
    assert field in refused.value.fields


def test_a_token_can_t_make_or_end_tokens(admin):
    made = services.token_create(person=admin, name="script", scopes=["read"])
    admin.acting_scopes = frozenset({"read", "submit", "operate", "registry"})
    with pytest.raises(NotAllowed):
        services.token_create(person=admin, name="child", scopes=["read"])
    with pytest.raises(NotAllowed):
        services.token_revoke(token=made.token, by=admin)


def test_use_is_noted_at_most_once_a_minute(admin):
    made = services.token_create(person=admin, name="script", scopes=["read"])
    start = clock.now()
    with clock.at(start):
        services.token_used(token=made.token)
    for seconds, noted in ((30, start), (61, start + timedelta(seconds=61))):
        token = Token.objects.get()
        with clock.at(start + timedelta(seconds=seconds)):
            services.token_used(token=token)
        assert Token.objects.get().last_used_at == noted


def test_reading_people_takes_two_queries(admin, django_assert_num_queries):
    for number in range(5):
        services.person_create(username=f"p{number}", password="a long sentence", groups=["quality"])
    with django_assert_num_queries(2):
        assert len([[group.slug for group in person.seat_groups.all()] for person in selectors.people()]) == 6
