"""Whatever is sent, the answer is a problem document, and never a 500."""

import pytest
from django.db import OperationalError

from tests.api.conftest import ROOT, is_problem

BRACKETS = b"[" * 100_000


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nothing",
        b"NaN",
        b'{"title": NaN}',
        b'{"title": Infinity}',
        b'{"title": 1e999}',
        b'{"title": 123456789012345678901234567890}',
        b'{"title": "a", "title": "b"}',
        b'{"title": "\\u0000"}',
        b'{"title": "\\ud800"}',
        b'{"title": "a\x00b"}',
        b"\xff\xfe",
        BRACKETS,
        b'{"a":' * 5000,
    ],
)
def test_a_body_that_is_no_json_is_400(owner, body):
    assert is_problem(owner.post("/goals", body), 400)["code"] == "malformed"


@pytest.mark.parametrize("body", [b"[]", b"7", b'"text"', b"null", b"{}"])
def test_json_of_another_shape_is_422(owner, body):
    is_problem(owner.post("/goals", body), 422)


def test_a_missing_body_is_422(owner):
    is_problem(owner.post("/goals"), 422)


def test_a_body_that_is_too_large_is_413(owner):
    is_problem(owner.post("/goals", b'{"title": "' + b"x" * (5 * 1024 * 1024) + b'"}'), 413)


@pytest.mark.parametrize(
    "path", ["/nothing", "/goals/", "/goals//", "/", "/goals/%00", "/agents/%00", "/agents/%ff", "/goals/../x"]
)
def test_an_address_that_is_none_is_404(owner, path):
    is_problem(owner.get(path), 404)


def test_other_methods_are_404_at_no_address(owner):
    is_problem(owner.post("/nothing", {}), 404)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"])
def test_a_wrong_method_is_405(owner, method):
    response = owner.request(method, "/goals")
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert {"GET", "POST"} <= {name.strip() for name in response["Allow"].split(",")}


@pytest.mark.parametrize(
    "query",
    ["cursor=nonsense", "cursor=WyJhIl0", "cursor=%00", "cursor=" + "W" * 1001, "limit=0", "limit=201", "limit=x"],
)
def test_a_query_that_can_t_be_used_is_422(owner, query):
    is_problem(owner.get(f"/goals?{query}"), 422)


def test_nul_in_a_query_is_422(owner):
    is_problem(owner.get("/goals?status=%00"), 422)
    is_problem(owner.get("/goals?%00=1"), 422)


def test_an_unexpected_error_is_a_problem_too(owner, monkeypatch, caplog):
    def broken(**_):
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("apps.goals.selectors.goal_list", broken)
    body = is_problem(owner.get("/goals"), 500, "our side")
    assert "secret" not in str(body)
    assert "a secret detail" in caplog.text


def test_a_database_that_is_away_is_said_to_be_and_asked_again(owner, monkeypatch):
    def away(**_):
        raise OperationalError("server closed the connection at 10.0.0.7")

    monkeypatch.setattr("apps.goals.selectors.goal_list", away)
    answer = owner.get("/goals")
    assert "10.0.0.7" not in str(is_problem(answer, 503, "try again"))
    assert answer["Retry-After"] == "2"


def test_the_document_of_the_api_is_public_and_read_only(stranger):
    assert stranger.get("/openapi.json").json()["openapi"].startswith("3.1")
    is_problem(stranger.post("/openapi.json", {}), 405)
    assert ROOT + "/goals" in stranger.get("/openapi.json").json()["paths"]
