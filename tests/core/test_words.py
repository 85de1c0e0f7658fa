"""Numbers in sentences."""

import pytest

from apps.core.words import count


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 tries"), (1, "1 try"), (2, "2 tries"), (12_000, "12,000 tries"), (0.5, "0.5 tries")]
)
def test_the_noun_follows_the_number(number: float, words: str) -> None:
    assert count(number, "try", "tries") == words


def test_most_nouns_get_an_s() -> None:
    assert (count(1, "second"), count(3, "second")) == ("1 second", "3 seconds")
