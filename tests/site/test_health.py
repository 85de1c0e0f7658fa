"""/healthz and /readyz."""

import pytest
from django.test import Client


def test_healthz_answers_without_database_whatever_the_host():
    answer = Client().get("/healthz", headers={"host": "10.1.2.3"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_allowed(path):
    assert Client().post(path).status_code == 405


@pytest.mark.django_db
def test_readyz_looks_at_database_and_redis():
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (200, {"database": "ok", "redis": "ok"})


@pytest.mark.django_db
def test_readyz_says_what_does_not_answer(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "redis": "Redis does not answer"}
