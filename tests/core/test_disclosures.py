"""What gives a secret away, and what only looks a little like it."""

import pytest

from apps.core.disclosures import disclosures

SECRETS = {
    "a private key": b"-----BEGIN RSA PRIVATE KEY-----",
    "an AWS key": b"AKIA" + b"A1" * 8,
    "a GitHub token": b"ghp_" + b"a1" * 18,
    "a Slack token": b"xoxb-" + b"1234567890",
    "an API key": b"sk-" + b"a1" * 16,
    "a password": b"password = 'correct-horse'",
}


@pytest.mark.parametrize("what", SECRETS)
def test_each_kind_is_found_with_its_line(what: str) -> None:
    assert list(disclosures([("a.py", b"one\ntwo\n" + SECRETS[what])])) == [("a.py", what, 3)]


@pytest.mark.parametrize(
    "text", [b"password = '${SECRET}'", b"password: ''", b"-----BEGIN CERTIFICATE-----", b"task-force-of-many-people"]
)
def test_what_is_none_is_left_alone(text: bytes) -> None:
    assert list(disclosures([("a.py", text)])) == []
