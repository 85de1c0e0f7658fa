"""Tests of a document that is more than text: whether times, sums, roles and steps in its tables fit together."""

from apps.agents.crew.pyliteral import fill


def consistency_tests(kind: str) -> str:
    """Further test classes for tests/test_end_to_end.py; nothing for a report or a site."""
    return fill(f"end_{kind}") if kind in ("event", "process_change") else ""
