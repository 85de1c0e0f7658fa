"""What is accepted as a brief, a title and constraints; pure rules."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import clock
from apps.goals.intake import BRIEF_LIMIT, Constraints, brief_problem, constraint_problems, title_problem

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "content",
    [
        b"Keep a list of books.",
        "Führe eine Bücherliste — schön.".encode(),
        b"\xef\xbb\xbfA brief with a byte order mark.",
        b"Tabs\tand\r\nlines\x0c",
        b"x" * BRIEF_LIMIT,
    ],
)
def test_text_is_a_brief(content):
    assert brief_problem(content) is None


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"x" * (BRIEF_LIMIT + 1), "KB"),
        (b"a\x00b", "NUL"),
        ("A brief".encode("utf-16"), "NUL"),
        (b"\xff\xd8\xff\xe0 JFIF", "UTF-8"),
        (b"%PDF-1.7\x1b\x05", "binary"),
    ],
)
def test_it_says_what_is_wrong_with_anything_else(content, word):
    assert word in str(brief_problem(content))


@given(st.binary(max_size=300))
def test_whatever_is_accepted_is_text_that_can_be_stored(content):
    if brief_problem(content) is None:
        text = content.decode("utf-8")
        assert text.strip()
        assert "\x00" not in text


@pytest.mark.parametrize(("title", "word"), [("", "title"), ("  ", "title"), ("x" * 201, "200"), ("a\nb", "line")])
def test_a_title_is_one_line_of_some_length(title, word):
    assert word in str(title_problem(title))


@pytest.mark.parametrize("title", ["a\x00b", "a\x1bb", "a\ud800b"])
def test_a_title_has_no_control_characters(title):
    assert title_problem(title) is not None


def test_a_good_title():
    assert title_problem(" A library of books — for Mara ") is None


@pytest.mark.parametrize(
    ("constraints", "fields"),
    [
        (Constraints(), set()),
        (Constraints(NOON + timedelta(days=1), Decimal("0"), 1), set()),
        (Constraints(deadline=NOON), {"deadline"}),
        (Constraints(deadline=datetime(2027, 1, 1)), {"deadline"}),
        (Constraints(budget=Decimal("-0.01")), {"budget"}),
        (Constraints(budget=Decimal("NaN")), {"budget"}),
        (Constraints(budget=Decimal("1e10")), {"budget"}),
        (Constraints(slots=0), {"slots"}),
        (Constraints(slots=51), {"slots"}),
    ],
)
def test_constraints_get_words_for_each_field(constraints, fields):
    with clock.at(NOON):
        assert set(constraint_problems(constraints)) == fields
