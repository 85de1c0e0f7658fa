"""Logs are readable by machines and carry no secrets."""

import json
import logging

import pytest

from orchestrator_site.logs import JsonFormatter, PlainFormatter, masked


@pytest.mark.parametrize(
    "line",
    [
        "connecting to postgresql://me:hunter2@host/db",
        "Authorization: Bearer hunter2",
        "password=hunter2",
        '{"api_key": "hunter2"}',
        "SECRET_KEY='hunter2'",
        "reset token: hunter2",
        "sessionid cookie=hunter2; path=/",
    ],
)
def test_secrets_are_masked(line):
    assert "hunter2" not in masked(line)


@pytest.mark.parametrize("line", ["task 12 completed in 3 s", "GET http://host:8000/goals", "4 tokens were used"])
def test_what_is_no_secret_stays(line):
    assert masked(line) == line


def test_a_json_line_has_its_fields_and_its_trace():
    record = logging.LogRecord("hub", logging.WARNING, __file__, 1, "goal %s waits", ("g1",), None)
    record.goal = "g1"
    record.exc_info = (ValueError, ValueError("password=hunter2"), None)
    found = json.loads(JsonFormatter().format(record))
    assert (found["level"], found["logger"], found["message"], found["goal"]) == (
        "warning",
        "hub",
        "goal g1 waits",
        "g1",
    )
    assert "ValueError" in found["trace"]
    assert "hunter2" not in found["trace"]


def test_a_plain_line_is_masked_too():
    record = logging.LogRecord("hub", logging.INFO, __file__, 1, "token=%s", ("hunter2",), None)
    assert "hunter2" not in PlainFormatter().format(record)
