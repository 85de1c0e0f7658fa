"""From plain data to operations: every bad field is named, nothing else is raised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.editing import KINDS, BadInput, operation_of
from apps.engine.editing.tasks import Part, Split
from tests.engine.editing.world import plan, tried


def test_every_kind_has_a_name():
    assert list(KINDS) == ["add", "remove", "split", "move", "order", "unorder", "change"]


def test_parts_are_read_too():
    data = {"kind": "split", "task": "add", "parts": [{"title": "A", "produces": ["a"], "likely": 3}]}
    assert operation_of(data) == Split("add", (Part("A", ("a",), likely=3.0),))


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, {"kind"}),
        ({"kind": "explode"}, {"kind"}),
        ({"kind": ["add"]}, {"kind"}),
        ({"kind": "remove"}, {"task"}),
        ({"kind": "remove", "task": 7}, {"task"}),
        ({"kind": "remove", "task": "a", "cascade": "yes"}, {"cascade"}),
        ({"kind": "remove", "task": "a", "force": True}, {"force"}),
        ({"kind": "move", "task": "a", "phase": True}, {"phase"}),
        ({"kind": "move", "task": "a", "phase": 1.5}, {"phase"}),
        ({"kind": "change", "task": "a", "likely": "3"}, {"likely"}),
        ({"kind": "change", "task": "a", "likely": 10**400}, {"likely"}),
        ({"kind": "change", "task": "a", "acceptance": "x"}, {"acceptance"}),
        ({"kind": "change", "task": "a", "acceptance": [1]}, {"acceptance"}),
        ({"kind": "change", "task": "a", "rice": {"luck": 1}}, {"rice"}),
        ({"kind": "change", "task": "a", "rice": {"reach": "much"}}, {"reach"}),
        ({"kind": "split", "task": "a", "parts": ["b", {"produces": ["x"]}]}, {"parts.1", "parts.2.title"}),
        ({"kind": "split", "task": "a", "parts": {}}, {"parts"}),
    ],
)
def test_bad_fields_are_named(data, fields):
    with pytest.raises(BadInput) as refused:
        operation_of(data)
    assert set(refused.value.fields) == fields


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["add", "list"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("task", "phase", "before", "after", "title", "produces", "consumes", "parts", "rice", "likely", "cascade")


@given(st.sampled_from([*KINDS, "?"]), st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=5))
def test_whatever_comes_it_is_done_or_refused_with_words(kind, data):
    before = plan()
    assert tried(before, {"kind": kind, **data})[1]
    assert before == plan()
