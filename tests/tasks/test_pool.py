"""The pool's settings: one place for its rules, whichever door a person comes by."""

import pytest

from apps.core.errors import Invalid, NotAllowed
from apps.core.models import AuditLink
from apps.tasks.models import Slot
from apps.tasks.services.pool import pool_change, pool_problems
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_is_changed_told_and_its_slots_follow() -> None:
    pool = factories.pool()
    pool_change(person=factories.person(role="admin"), pool=pool, slots=14, queue_limit=50, queue_resume=40)

    pool.refresh_from_db()
    assert (pool.slots, pool.queue_resume, Slot.objects.filter(pool=pool).count()) == (14, 40, 14)
    link = AuditLink.objects.get(what="pool.changed")
    assert link.data == {"slots": 14, "queue_limit": 50, "queue_resume": 40}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slots": 4}, "slots"),
        ({"slots": 51}, "slots"),
        ({"queue_resume": 100}, "queue_resume"),
        ({"queue_limit": 80}, "queue_resume"),
        ({"name": "other"}, "name"),
    ],
)
def test_what_cannot_be_is_refused_with_words_at_its_field(changes: dict[str, object], field: str) -> None:
    pool = factories.pool()
    assert list(pool_problems(pool, changes)) == [field]
    with pytest.raises(Invalid):
        pool_change(person=factories.person(role="admin"), pool=pool, **changes)
    pool.refresh_from_db()
    assert (pool.slots, pool.queue_limit, pool.queue_resume) == (10, 100, 80)


def test_only_those_who_may() -> None:
    with pytest.raises(NotAllowed):
        pool_change(person=factories.person(role="lead"), pool=factories.pool(), slots=12)
