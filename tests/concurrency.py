"""Two connections at once, without sleeping: what happens when, is decided by locks and events, not by time."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import connection, transaction

PATIENCE = 20.0


class InThread:
    """A function that runs on a thread and a database connection of its own."""

    def __init__(self, function: Callable[[], Any], *, start: bool = True) -> None:
        self._function = function
        self._value: Any = None
        self._error: BaseException | None = None
        self._connected = threading.Event()
        self.backend = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        if start:
            self.start()

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = cursor.fetchone()[0]
            self._connected.set()
            self._value = self._function()
        except BaseException as error:
            self._error = error
        finally:
            self._connected.set()
            connection.close()

    def until_it_waits(self) -> None:
        """Return when its connection waits for a lock that somebody else holds."""
        assert self._connected.wait(PATIENCE)
        for _ in range(20_000):
            with connection.cursor() as cursor:
                cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted)", [self.backend])
                if cursor.fetchone()[0]:
                    return
            if not self._thread.is_alive():
                break
        raise AssertionError("it never waited for a lock")

    def result(self) -> Any:
        """What the function returned; raises what it raised."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the thread hangs"
        if self._error is not None:
            raise self._error
        return self._value


class Holding:
    """A transaction on another connection that has done something and is not committed until ``commit`` says so."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._done, self._go = threading.Event(), threading.Event()
        self._rolled_back = False

        def run() -> Any:
            with transaction.atomic():
                try:
                    value = function()
                finally:
                    self._done.set()
                assert self._go.wait(PATIENCE)
                transaction.set_rollback(self._rolled_back)
            return value

        self._running = InThread(run)
        assert self._done.wait(PATIENCE)

    def commit(self) -> Any:
        self._go.set()
        return self._running.result()

    def roll_back(self) -> Any:
        self._rolled_back = True
        return self.commit()

    def __enter__(self) -> "Holding":
        return self

    def __exit__(self, *_: object) -> None:
        self._go.set()
        with suppress(BaseException):
            self._running.result()


def together(*functions: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment, each on its own connection; returns what they returned, in their order."""
    barrier = threading.Barrier(len(functions))

    def waiting(function: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            barrier.wait(PATIENCE)
            return function()

        return run

    running = [InThread(waiting(function)) for function in functions]
    return [one.result() for one in running]
