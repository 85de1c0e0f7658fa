import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery import paths
from apps.delivery.paths import UnsafePath

UNSAFE = [
    "",
    "/etc/passwd",
    "../evil",
    "a/../../evil",
    "a/..",
    ".",
    "a/./b",
    "a//b",
    "a/",
    ".git/config",
    "a/.GIT/hooks/post-merge",
    ".git /config",
    "git~1/config",
    "a\x00b",
    "a\nb",
    "a\\b",
    "C:evil",
    "C:\\evil",
    "a/con",
    "NUL.txt",
    "com1",
    "name.",
    "name ",
    " name",
    "right\u202egnp.py",
    "zero\u200bwidth",
    "\ufeffstart",
    "half\ud800",
    "a" * 241,
    "/".join("a" * 17),
    ".ＧＩＴ/config",
]


@pytest.mark.parametrize("path", UNSAFE)
def test_it_refuses_names_that_mean_something_else(path: str) -> None:
    with pytest.raises(UnsafePath) as caught:
        paths.check(path)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("path", ["a", "a/b.py", "docs/größe.md", ".gitignore", "a/...b", "console.py", "x" * 240])
def test_it_takes_ordinary_names(path: str) -> None:
    assert paths.check(path) == path


@pytest.mark.parametrize(
    "pair",
    [
        ("a", "A"),
        ("d/a", "D/a"),
        ("d/a", "D/b"),
        ("a", "a/b"),
        ("A", "a/b"),
        ("stra\u00dfe", "STRASSE"),
        ("\u00e9", "e\u0301"),
    ],
)
def test_it_refuses_two_names_for_one_place(pair: tuple[str, str]) -> None:
    for both in (pair, pair[::-1]):
        with pytest.raises(UnsafePath, match="same place"):
            paths.check_all(both)


@given(st.lists(st.text("aAbB/", min_size=1, max_size=5), max_size=6, unique=True))
def test_without_collisions_the_files_fit_a_disk_that_ignores_case(listed: list[str]) -> None:
    try:
        paths.check_all(listed)
    except UnsafePath:
        return
    folded = [path.lower() for path in listed]
    assert len(set(folded)) == len(listed)
    assert not any(one != other and other.startswith(one + "/") for one in folded for other in folded)
