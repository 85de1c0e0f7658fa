"""Once per key: the same answer, one effect, for a day."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from apps.core import clock
from apps.core.errors import Invalid, Unprocessable
from apps.core.idempotency import Answer, keys_purge, once
from apps.core.models import IdempotencyKey


class Effects:
    """Counts what was done."""

    def __init__(self):
        self.done = 0

    def perform(self):
        self.done += 1
        return Answer(201, {"number": self.done})


def send(effects, key="k", actor="person:1", route="POST /x", body=b"{}"):
    return once(key=key, actor=actor, route=route, body=body, perform=effects.perform)


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer():
    effects = Effects()
    first, again = send(effects), send(effects)
    assert (first, effects.done) == (Answer(201, {"number": 1}), 1)
    assert again == Answer(201, {"number": 1}, repeated=True)


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"key": "l"}, {"actor": "person:2"}, {"route": "POST /y"}])
def test_another_key_actor_or_route_is_another_request(other):
    effects = Effects()
    send(effects)
    assert send(effects, **other).body == {"number": 2}


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused():
    effects = Effects()
    send(effects)
    with pytest.raises(Unprocessable, match="another body"):
        send(effects, body=b'{"a": 1}')
    assert effects.done == 1


@pytest.mark.django_db
def test_what_failed_leaves_the_key_free():
    def broken():
        raise Invalid({"title": "no"})

    with pytest.raises(Invalid):
        once(key="k", actor="person:1", route="POST /x", body=b"{}", perform=broken)
    assert not IdempotencyKey.objects.exists()
    assert send(Effects()).repeated is False


@pytest.mark.django_db
def test_a_key_holds_for_24_hours():
    effects, start = Effects(), clock.now()
    with clock.at(start):
        send(effects)
    with clock.at(start + timedelta(hours=23, minutes=59)):
        assert send(effects).repeated is True
        assert keys_purge() == 0
    with clock.at(start + timedelta(hours=24, seconds=1)):
        assert send(effects).body == {"number": 2}
    with clock.at(start + timedelta(hours=50)):
        assert keys_purge() == 1


@pytest.mark.parametrize("key", ["", "a\nb", "ä", "\x00", "x" * 201])
def test_a_key_is_some_printable_characters(key):
    with pytest.raises(Invalid):
        send(Effects(), key=key)


@pytest.mark.django_db(transaction=True)
def test_concurrent_repeats_have_one_effect():
    effects, barrier, answers = Effects(), threading.Barrier(5), []

    def work():
        barrier.wait(10)
        answers.append(send(effects))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert effects.done == 1
    assert [answer.body for answer in answers] == [{"number": 1}] * 5
    assert sum(answer.repeated for answer in answers) == 4
