"""Signals that mean "stop": an exception while work goes on, nothing at all while we are stopping."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal asked us to stop. Not an Exception: nothing on the way may swallow it."""


@contextmanager
def signals_raise() -> Iterator[None]:
    """Within the block, Ctrl-C, SIGTERM and a closed terminal raise ``Stopped``.

    Under nohup, which ignores the closing terminal for us, it stays ignored.
    """

    def raise_stopped(number: int, frame: FrameType | None) -> None:
        raise Stopped

    heard = [number for number in _STOP if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, raise_stopped) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def signals_ignore() -> None:
    """From here on nothing interrupts: each step has its time limit; a second Ctrl-C would leave orphans."""
    for number in _STOP:
        signal.signal(number, signal.SIG_IGN)
