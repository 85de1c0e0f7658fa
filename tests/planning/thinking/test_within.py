"""A time limit holds whatever happens inside."""

import asyncio
import threading
import time

import pytest

from apps.planning.thinking.within import OutOfTime, within


async def nothing_comes():
    await asyncio.get_running_loop().create_future()


def test_it_gives_what_the_work_gives():
    async def work():
        return 7

    assert within(5, work) == 7


def test_it_raises_what_the_work_raises():
    async def work():
        raise KeyError("x")

    with pytest.raises(KeyError):
        within(5, work)


def test_a_time_out_of_the_work_s_own_is_not_ours():
    async def work():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        within(5, work)


def test_what_waits_for_ever_is_cancelled():
    ended = threading.Event()

    async def work():
        try:
            await nothing_comes()
        finally:
            ended.set()

    with pytest.raises(OutOfTime, match=r"0\.05 seconds"):
        within(0.05, work)
    assert ended.wait(5)


def test_what_can_t_be_cancelled_is_left_behind():
    release = threading.Event()

    async def work():
        release.wait(60)  # holds the thread, as a name server that never answers does

    begun = time.monotonic()
    try:
        with pytest.raises(OutOfTime):
            within(0.05, work, grace=0.1)
        assert time.monotonic() - begun < 30
    finally:
        release.set()
