"""What every page carries, and what is served without Django."""

import pytest
from django.test import Client

from orchestrator_site.asgi import application


@pytest.fixture
def policy(db) -> str:
    answer = Client().get("/admin/login/")
    assert answer.status_code == 200
    return str(answer.headers["Content-Security-Policy"])


def test_the_policy_allows_no_inline_and_no_eval(policy):
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_admin_is_found_without_its_slash():
    answer = Client().get("/admin")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")


async def test_an_unknown_socket_is_refused_for_foreign_origins():
    sent = []
    messages = iter(["websocket.connect", "websocket.disconnect"])

    async def receive():
        return {"type": next(messages), "code": 1006}

    async def send(message):
        sent.append(message["type"])

    scope = {
        "type": "websocket",
        "path": "/live",
        "query_string": b"",
        "headers": [(b"origin", b"http://evil.example"), (b"host", b"localhost")],
        "subprotocols": [],
    }
    await application(scope, receive, send)
    assert sent == ["websocket.close"]
