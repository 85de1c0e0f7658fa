"""The tests' own foundations: the role under test is the app's, and transactional tests leave nothing behind."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import Group


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE intruder (id int)",
        "CREATE TEMPORARY TABLE intruder (id int)",
        "TRUNCATE accounts_group",
        "ALTER TABLE accounts_group DISABLE TRIGGER ALL",
        "DROP TABLE accounts_group",
        "CREATE SCHEMA intruder",
        "SET session_replication_role = replica",
        "SET ROLE commandpost_owner",
    ],
)
def test_the_role_under_test_changes_no_shape(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_starts_without_the_rows_of_the_one_before(turn, owner_connection: psycopg.Connection):
    Group.objects.create(slug="only-once", name="Only once")
    assert owner_connection.execute("SELECT count(*) FROM accounts_group WHERE slug = 'only-once'").fetchone() == (1,)


@pytest.mark.django_db
def test_a_wrapped_test_finds_nothing_of_a_transactional_one():
    assert not Group.objects.filter(slug="only-once").exists()
