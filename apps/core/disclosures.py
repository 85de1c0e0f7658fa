"""What gives a secret away: shapes that are issued as such, and a literal given to a name that promises one."""

import re
from collections.abc import Iterable, Iterator

SECRETS = (
    ("a private key", re.compile(rb"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----")),
    ("an AWS key", re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(rb"\bgh[pousr]_[A-Za-z0-9]{36,255}\b")),
    ("a Slack token", re.compile(rb"\bxox[abprs]-[A-Za-z0-9_][A-Za-z0-9_-]{9,200}")),
    ("an API key", re.compile(rb"\bsk-[A-Za-z0-9_-]{32,200}\b")),
    (
        "a password",
        re.compile(
            rb"(?i)\b(?:password|passwd|secret_key|api_key|auth_token)[\"']?\s{0,4}[:=]\s{0,4}[\"'][^\"'\s${}<>]{8,200}[\"']"
        ),
    ),
)


def disclosures(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, str, int]]:
    """(path, what it looks like, line) of the first of each kind in each file.

    >>> list(disclosures([("a.py", b"x = 1\\npassword = 'correct-horse'")]))
    [('a.py', 'a password', 2)]
    """
    for path, content in files:
        for what, pattern in SECRETS:
            hit = pattern.search(content)
            if hit is not None:
                yield path, what, content.count(b"\n", 0, hit.start()) + 1
