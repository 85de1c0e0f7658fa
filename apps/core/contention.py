"""Two people act on one goal at the same moment: where PostgreSQL ends a deadlock by refusing one, it begins anew."""

import functools
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

TRIES = 4
# serialization_failure, deadlock_detected, lock_not_available
_PASSING = {"40001", "40P01", "55P03"}


def atomic_again(function: Callable[P, T]) -> Callable[P, T]:
    """``transaction.atomic`` that begins anew after a deadlock; inside a transaction it is a savepoint."""
    return _again(function, transaction.atomic)


def atomic_part(function: Callable[P, T]) -> Callable[P, T]:
    """The same for what is done in sets: inside a transaction it is a part of it, without a savepoint's two statements.

    When it raises there, the whole transaction is lost: the caller must not go on.
    """
    return _again(function, lambda: transaction.atomic(savepoint=False))


def _again(function: Callable[P, T], nested: Callable[[], AbstractContextManager[None]]) -> Callable[P, T]:
    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if connection.in_atomic_block:
            with nested():
                return function(*args, **kwargs)
        for left in reversed(range(TRIES)):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if not left or getattr(error.__cause__, "sqlstate", None) not in _PASSING:
                    raise
                log.info("%s met another writer and begins anew: %s", function.__name__, error)
        raise AssertionError("unreachable")

    return run
