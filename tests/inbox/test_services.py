"""Questions and escalations: asked once, raised once, answered by people."""

import threading

import pytest
from django.db import connections, transaction

from apps.core.errors import Conflict, Invalid, StaleState
from apps.core.models import AuditLink, Event
from apps.core.transitions import move
from apps.inbox import services
from apps.inbox.models import Escalation, Question

pytestmark = pytest.mark.django_db


def ask(world, **extra):
    return services.question_ask(goal=world.goal, key="storage", text="Where to?", default="A file.", **extra)


def test_a_question_is_asked_once_for_a_key(world):
    assert ask(world) == ask(world)
    assert Event.objects.filter(type="question.asked").count() == 1


def test_an_answer_is_kept_with_its_person_and_in_the_audit_chain(world):
    services.question_answer(question=ask(world), person=world.owner, answer=" SQLite ")
    question = Question.objects.get()
    assert (question.answer, question.answered_by) == ("SQLite", world.owner)
    assert AuditLink.objects.get(what="question.answered").data["answer"] == "SQLite"


@pytest.mark.parametrize("answer", ["", "  ", "a\x00b", "x" * 4001])
def test_an_answer_that_can_not_be_used_is_refused(world, answer):
    with pytest.raises(Invalid):
        services.question_answer(question=ask(world), person=world.owner, answer=answer)


def test_nothing_is_answered_after_the_end(world):
    question = ask(world)
    move(world.goal, "cancelled")
    with pytest.raises(Conflict):
        services.question_answer(question=question, person=world.owner, answer="x")


def test_an_escalation_is_raised_once_while_it_is_open(world):
    first = services.escalation_raise(goal=world.goal, kind="slo", key="k", text="t")
    assert services.escalation_raise(goal=world.goal, kind="slo", key="k", text="t") == first
    services.escalation_resolve(escalation=first, person=world.owner, resolution="Added a worker.")
    assert services.escalation_raise(goal=world.goal, kind="slo", key="k", text="t") != first
    assert Event.objects.filter(type="escalation.raised").count() == 2


def test_it_is_resolved_once_and_with_words(world):
    escalation = services.escalation_raise(goal=None, kind="slo", key="k", text="t")
    stale = Escalation.objects.get()
    with pytest.raises(Invalid):
        services.escalation_resolve(escalation=escalation, person=world.owner, resolution=" ")
    services.escalation_resolve(escalation=escalation, person=world.owner, resolution="Done.")
    with pytest.raises(StaleState):
        services.escalation_resolve(escalation=stale, person=world.owner, resolution="Again.")


def test_what_has_gone_by_itself_expires(world):
    services.escalation_raise(goal=None, kind="queue_full", key="k", text="t")
    assert services.escalation_expire(key="k", why="The queue is short again.") is True
    assert services.escalation_expire(key="k", why="again") is False
    assert Escalation.objects.get().status == "expired"


@pytest.mark.django_db(transaction=True)
def test_two_that_raise_at_once_raise_one(transactional_db):
    both, found = threading.Barrier(2, timeout=20), []

    def run():
        try:
            with transaction.atomic():
                both.wait()
                found.append(services.escalation_raise(goal=None, kind="slo", key="k", text="t").pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert Escalation.objects.count() == 1
