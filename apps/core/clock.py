"""The one clock. Leases are decided by the database's clock; everything people read comes from here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.db import connection


def _system() -> datetime:
    return datetime.now(UTC)


_source: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=_system)


def now() -> datetime:
    """The current time, aware, in UTC."""
    return _source.get()()


def database_now() -> datetime:
    """The database's wall-clock time: the same for every process, whatever their own clocks say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        value: datetime = cursor.fetchone()[0]
    return value


@contextmanager
def at(moment: datetime | Callable[[], datetime]) -> Iterator[None]:
    """Run with a clock that stands at ``moment``, or follows the given function (tests)."""
    token = _source.set(moment if callable(moment) else lambda: moment)
    try:
        yield
    finally:
        _source.reset(token)
