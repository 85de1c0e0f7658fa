"""When the person of a session gave their password."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts import services, sessions
from apps.core import clock

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "expected"), [(0, True), (10, True), (10.1, False)])
def test_a_sign_in_is_fresh_for_some_minutes(minutes, expected):
    session = {sessions.SIGNED_IN_AT: NOON.isoformat()}
    with clock.at(NOON + timedelta(minutes=minutes)):
        assert sessions.fresh(session, 10) is expected


@pytest.mark.parametrize("session", [{}, {"signed_in_at": ""}, {"signed_in_at": "yesterday"}, {"signed_in_at": 7}])
def test_a_session_that_does_not_say_is_not_fresh(session):
    assert sessions.signed_in_at(session) is None
    assert sessions.fresh(session, 10) is False


@pytest.mark.django_db
def test_signing_in_is_remembered(client):
    person = services.person_create(username="mara", password="a long sentence")
    with clock.at(NOON):
        client.force_login(person)
    assert sessions.signed_in_at(client.session) == NOON
