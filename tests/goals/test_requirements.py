"""Requirements follow requirements.json, which an agent wrote."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts import services as accounts
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import Event
from apps.goals import selectors
from apps.goals.services import requirement_tick, requirements_store
from apps.goals.statements import Statement, statements


def entry(number=1, **changes):
    return {"number": number, "text": f"Does thing {number}", "kind": "testable", "sentences": [1], **changes}


def document(*entries):
    return {"requirements": list(entries)}


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {"requirements": {}},
        document("text"),
        document(entry(0)),
        document(entry(True)),
        document(entry("1")),
        document(entry(2**31)),
        document(entry(text="")),
        document(entry(text="  ")),
        document(entry(text=["a"])),
        document(entry(text="a\x00b")),
        document(entry(text="x" * 4001)),
        document(entry(kind="optional")),
        document(entry(kind=["testable"])),
        document(entry(sentences="1")),
        document(entry(sentences=[0])),
        document(entry(sentences=[1.5])),
        document(entry(feature=3)),
        document(entry(feature="x" * 121)),
        document(entry(1), entry(1)),
        document(*[entry(number) for number in range(1, 2002)]),
    ],
)
def test_it_refuses_a_document_of_another_shape(wrong):
    with pytest.raises(Invalid, match=r"requirements\.json"):
        statements(wrong)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
)


@given(st.one_of(json_values, json_values.map(lambda value: {"requirements": [value]})))
def test_any_json_gives_statements_or_words(value):
    with suppress(Invalid):
        assert all(isinstance(one, Statement) for one in statements(value))


@pytest.mark.django_db
def test_it_stores_what_the_document_says(goal):
    stored = requirements_store(
        goal=goal, document=document(entry(2, kind="manual", why="Nobody can test taste", feature="add-book"), entry(1))
    )
    assert [(one.number, one.kind, one.feature) for one in stored] == [(1, "testable", ""), (2, "manual", "add-book")]
    assert Event.objects.filter(stream=goal.pk, type="goal.requirements").count() == 1


@pytest.mark.django_db
def test_the_same_document_again_changes_nothing(goal):
    given_twice = document(entry(1), entry(2))
    first = [row.pk for row in requirements_store(goal=goal, document=given_twice)]
    assert [row.pk for row in requirements_store(goal=goal, document=given_twice)] == first
    assert Event.objects.filter(stream=goal.pk, type="goal.requirements").count() == 1


@pytest.mark.django_db
def test_what_is_gone_goes_and_a_tick_stays_with_its_words(goal, lead):
    requirements_store(goal=goal, document=document(entry(1, kind="manual"), entry(2, kind="manual"), entry(3)))
    for row in goal.requirements.filter(kind="manual"):
        requirement_tick(requirement=row, person=lead)
    requirements_store(
        goal=goal,
        document=document(entry(1, kind="manual", sentences=[1, 2]), entry(2, kind="manual", text="Something else")),
    )
    rows = {row.number: row for row in selectors.requirements(goal=goal)}
    assert set(rows) == {1, 2}
    assert rows[1].ticked_by == lead
    assert rows[1].sentences == [1, 2]
    assert (rows[2].ticked_by, rows[2].ticked_at) == (None, None)
    assert [row.number for row in selectors.manual_open(goal=goal)] == [2]


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow(goal, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        requirements_store(goal=goal, document=document(*[entry(number) for number in range(1, 301)]))
    assert goal.requirements.count() == 300


@pytest.mark.django_db
def test_ticking_is_for_manual_ones_and_can_be_taken_back(goal, lead):
    testable, manual = requirements_store(goal=goal, document=document(entry(1), entry(2, kind="manual")))
    with pytest.raises(Conflict, match="only manual"):
        requirement_tick(requirement=testable, person=lead)
    assert requirement_tick(requirement=manual, person=lead).ticked_by == lead
    assert requirement_tick(requirement=manual, person=lead).ticked_by == lead
    assert requirement_tick(requirement=manual, person=lead, done=False).ticked_at is None
    assert Event.objects.filter(type="requirement.ticked").count() == 2


@pytest.mark.django_db
def test_a_viewer_can_t_tick(goal):
    (manual,) = requirements_store(goal=goal, document=document(entry(1, kind="manual")))
    viewer = accounts.person_create(username="vera", password="a long sentence")
    with pytest.raises(NotAllowed):
        requirement_tick(requirement=manual, person=viewer)
