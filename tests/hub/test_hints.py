"""Hints are few, coalesce, and may be lost."""

import uuid

import pytest
import redis

from apps.core.models import SYSTEM_STREAM, Event
from apps.hub import hints, wakeup


def event(kind: str, stream: uuid.UUID | None = None) -> Event:
    return Event(stream_id=stream or uuid.uuid4(), seq=1, type=kind, subject="task:1", actor={}, data={})


def test_many_events_become_one_hint_of_a_kind(sent: list[tuple[str, list[object]]]) -> None:
    goal = uuid.uuid4()
    wakeup.on_events([event("task.ready", goal), event("task.ready", goal), event("task.completed", goal)])
    assert sorted(name for name, _ in sent) == ["advance_goal", "allocate_slots"]


def test_a_merging_task_asks_for_its_goal_only(sent: list[tuple[str, list[object]]]) -> None:
    goal = uuid.uuid4()
    wakeup.on_events([event("task.merging", goal)])
    assert sent == [("merge_goal", [str(goal)])]


def test_events_of_the_system_advance_no_goal(sent: list[tuple[str, list[object]]]) -> None:
    wakeup.on_events([event("gate.changed", SYSTEM_STREAM)])
    assert sent == []


def test_a_waiting_hint_is_not_sent_twice(services: object, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(hints, "_send", lambda task, args, queue: told.append(task))
    hints.taken("allocate")
    hints.allocate()
    hints.allocate()
    assert told == ["allocate_slots"]
    hints.taken("allocate")
    hints.allocate()
    assert told == ["allocate_slots"] * 2
    hints.taken("allocate")


def test_without_redis_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Down:
        def set(self, *args: object, **kwargs: object) -> None:
            raise redis.ConnectionError("down")

        delete = set

    monkeypatch.setattr(hints, "_redis", Down)
    told: list[str] = []
    monkeypatch.setattr(hints, "_send", lambda task, args, queue: told.append(task))
    hints.taken("allocate")
    hints.allocate()
    assert told == ["allocate_slots"]


def test_tiny_attempts_share_messages_and_others_do_not(sent: list[tuple[str, list[object]]]) -> None:
    ids = [uuid.uuid4() for _ in range(12)]
    hints.run(ids, tiny=True)
    hints.run(ids[:2])
    sizes = [len(args[0]) for _, args in sent]  # type: ignore[arg-type]
    assert sizes == [10, 2, 1, 1]
