import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import strictjson
from apps.core.strictjson import NotStrictJson

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8), inner, max_size=4
        )
    ),
    max_leaves=20,
)

REFUSED = [
    (b"", "Not JSON"),
    (b"{", "Not JSON"),
    (b'"open', "Not JSON"),
    (b"NaN", "NaN"),
    (b"[Infinity]", "Infinity"),
    (b"[-Infinity]", "Infinity"),
    (b"1e999", "too large"),
    (b"-1e999", "too large"),
    (b"9223372036854775808", "too large"),
    (b"1" * 100_000, "too large"),
    (b'{"a": 1, "a": 1}', "twice"),
    (b'{"a": {"b": 1, "b": 2}}', "twice"),
    (b'{"a": 1, "\\u0061": 2}', "twice"),
    (b"[" * 100_000, "nested"),
    (b'{"a":' * 100_000, "nested"),
    (b"[" * 100_000 + b"]" * 100_000, "nested"),
    (b'"\x00"', "NUL"),
    (b'"\\u0000"', "NUL"),
    (b'{"\\u0000": 1}', "NUL"),
    (b'"\\ud800"', "surrogate"),
    (b'["\\ud800\\ud800"]', "surrogate"),
    (b'"\xff"', "UTF-8"),
    ("\ud800", "UTF-8"),
    ("\ufeff{}", "Not JSON"),
    (b"[1,]", "Not JSON"),
    (b"{} {}", "Not JSON"),
    (b'"\n"', "Not JSON"),
    (b"'a'", "Not JSON"),
    (b'"\\"' + b'\\"' * 200_000, "Not JSON"),
]


@pytest.mark.parametrize(("data", "word"), REFUSED)
def test_it_refuses_with_a_sentence(data: Any, word: str) -> None:
    with pytest.raises(NotStrictJson, match=word) as caught:
        strictjson.loads(data)
    assert len(str(caught.value)) < 200


def test_brackets_inside_strings_do_not_nest() -> None:
    text = json.dumps(["[" * 500, '\\"[[[' * 50, {"]": "}"}])
    assert strictjson.loads(text) == json.loads(text)


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert strictjson.loads("[" * 64 + "]" * 64) is not None
    with pytest.raises(NotStrictJson, match="nested"):
        strictjson.loads("[" * 65 + "]" * 65)


def test_too_many_bytes_are_refused_before_reading() -> None:
    with pytest.raises(NotStrictJson, match="at most 10"):
        strictjson.loads(b"[" + b" " * 10 + b"]", max_bytes=10)


def test_a_surrogate_pair_is_one_character() -> None:
    assert strictjson.loads(b'"\\ud83d\\ude00"') == "\U0001f600"


@given(PLAIN)
def test_what_was_written_canonically_reads_back(value: Any) -> None:
    assert strictjson.loads(strictjson.canonical(value)) == value
    assert strictjson.loads(strictjson.pretty(value)) == value
    assert strictjson.canonical(strictjson.loads(strictjson.pretty(value))) == strictjson.canonical(value)


@given(st.binary(max_size=60) | st.text(st.sampled_from('[]{}",:\\u0d8e1 -.nNa'), max_size=40))
def test_whatever_comes_it_answers_or_refuses(data: bytes | str) -> None:
    refusal = ""
    try:
        strictjson.canonical(strictjson.loads(data))
    except NotStrictJson as error:
        refusal = str(error)
    assert not refusal or refusal.endswith(".")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_canonical_refuses_what_is_not_json(value: Any) -> None:
    with pytest.raises(ValueError):
        strictjson.canonical(value)
