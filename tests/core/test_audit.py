"""The audit chain: it verifies, and whatever anybody changes is named."""

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from apps.core import audit, clock
from apps.core.actors import HUB, Actor
from apps.core.models import AuditLink
from tests.concurrency import together

ADA = Actor("person", "1", "Ada")


def chain(links: int) -> None:
    for number in range(1, links + 1):
        audit.append(actor=ADA, what="vote.cast", subject=f"gate:{number}", data={"verdict": "approve", "n": number})


def tamper(owner: psycopg.Connection, statement: str) -> None:
    """As somebody would who owns the database: the trigger has to be taken away first."""
    with owner.transaction():
        owner.execute("ALTER TABLE core_auditlink DISABLE TRIGGER append_only")
        owner.execute(statement)
        owner.execute("ALTER TABLE core_auditlink ENABLE TRIGGER append_only")


@pytest.mark.django_db
def test_an_empty_chain_holds() -> None:
    assert audit.verify() == audit.Verification(0, audit.GENESIS)
    assert audit.head() == (0, audit.GENESIS)


@pytest.mark.django_db
def test_each_link_covers_the_one_before() -> None:
    chain(3)
    links = list(AuditLink.objects.order_by("seq"))
    assert [link.seq for link in links] == [1, 2, 3]
    assert [link.previous for link in links] == [audit.GENESIS, links[0].digest, links[1].digest]
    assert audit.verify() == audit.Verification(3, links[2].digest)
    assert audit.head() == (3, links[2].digest)


@pytest.mark.django_db
def test_a_link_is_gone_with_the_decision_that_was_rolled_back() -> None:
    chain(1)
    with transaction.atomic():
        chain(2)
        transaction.set_rollback(True)
    chain(1)
    assert (audit.verify().checked, audit.verify().bad) == (2, None)


ODD: dict[str, Any] = {
    "large": [1e16, 1e22, 1.5e300, -1e17, 123456789012345680.0],
    "small": [1e-7, 5e-324, 0.1, 1.0, -0.0, 0.0],
    "whole": [0, -1, 2**53 + 1, 10**30],
    "words": ["", "é", "\u2028", "😀", '"\\', "\x7f"],
    "things": [uuid.UUID(int=5), datetime(2026, 1, 1, tzinfo=UTC), None, True],
    "nested": {"": {"b": 1, "a": [[]]}, "z": {}},
}


@pytest.mark.django_db
def test_what_the_database_writes_in_another_way_still_verifies() -> None:
    audit.append(actor=HUB, what="odd", subject="x:1", data=ODD)
    assert audit.verify().bad is None


TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.django_db
@budget(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(TEXTS, VALUES, max_size=3))
def test_any_data_verifies(data: dict[str, Any]) -> None:
    audit.append(actor=HUB, what="any", subject="x:1", data=data)
    assert audit.verify().bad is None


@pytest.mark.django_db
def test_the_time_zone_of_the_clock_does_not_matter() -> None:
    with clock.at(datetime(2026, 1, 1, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=5)))):
        chain(1)
    assert audit.verify().bad is None


CHANGES = {
    "what": "UPDATE core_auditlink SET what = 'vote.withdrawn' WHERE seq = 3",
    "actor": """UPDATE core_auditlink SET actor = '{"kind":"person","id":"2","name":"Ada"}' WHERE seq = 3""",
    "subject": "UPDATE core_auditlink SET subject = 'gate:9' WHERE seq = 3",
    "data": """UPDATE core_auditlink SET data = '{"verdict":"reject","n":3}' WHERE seq = 3""",
    "time": "UPDATE core_auditlink SET at = at + interval '1 microsecond' WHERE seq = 3",
    "digest": "UPDATE core_auditlink SET digest = repeat('a', 64) WHERE seq = 3",
    "previous": "UPDATE core_auditlink SET previous = repeat('a', 64) WHERE seq = 3",
    "missing": "DELETE FROM core_auditlink WHERE seq = 3",
    "order": "UPDATE core_auditlink SET seq = CASE seq WHEN 3 THEN 40 ELSE 3 END WHERE seq IN (3, 4)",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_by_the_owner_is_named(change: str, owner_connection: psycopg.Connection) -> None:
    chain(5)
    tamper(owner_connection, change)
    found = audit.verify()
    assert found.bad == 3
    assert found.reason


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_hashed_anew_does_not_carry_the_next(owner_connection: psycopg.Connection) -> None:
    chain(5)
    link = AuditLink.objects.get(seq=3)
    digest = audit._link_digest(
        link.previous, audit._body(3, link.actor, "vote.withdrawn", link.subject, link.data, link.at)
    )
    tamper(owner_connection, f"UPDATE core_auditlink SET what = 'vote.withdrawn', digest = '{digest}' WHERE seq = 3")
    assert (audit.verify().bad, audit.verify().reason) == (4, "it does not follow from the link before")


@pytest.mark.django_db(transaction=True)
def test_whoever_appends_at_once_makes_one_chain() -> None:
    def append() -> None:
        for _ in range(10):
            with transaction.atomic():
                chain(1)

    together(append, append, append)
    assert audit.verify().checked == 30
    assert audit.verify().bad is None


@pytest.mark.django_db
def test_equal_values_have_one_digest() -> None:
    assert audit.digest_of({"b": 1, "a": [1, "é"]}) == audit.digest_of({"a": [1, "é"], "b": 1})
    assert audit.digest_of({"a": 1}) != audit.digest_of({"a": "1"})
    with pytest.raises(ValueError):
        audit.canonical_json({"a": float("nan")})
