"""Waiting for a condition, with an end: a test never waits for time to pass."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(look: Callable[[], T], *, seconds: float = 60, what: str = "the condition") -> T:
    """Look again and again until the answer is true; returns it. Fails with words when the time is over."""
    ends = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > ends:
            raise AssertionError(f"waited {seconds:g} s for {what}; the last look gave {found!r}")
        pause.wait(0.05)
