import hashlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.delivery import paths
from apps.delivery.differences import Bounds, diff
from apps.delivery.merging import Conflict, Merged, where
from apps.delivery.repository import MAIN, Author, NotThere, Repository, RepositoryError, TooLarge, branch_for

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ANN = Author("Ann", "ann@example.org")


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    made = Repository.open_or_create(tmp_path / "goal.git")
    yield made
    git(made, "fsck", "--strict", "--no-dangling")


def git(repository: Repository, *arguments: str) -> str:
    done = subprocess.run(
        ["git", f"--git-dir={repository.path}", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr
    return done.stdout


def commit(
    repository: Repository, files: dict[str, bytes], parent: str | None = None, deleted: tuple[str, ...] = ()
) -> str:
    return repository.commit_tree(files=files, deleted=deleted, parent=parent, message="Work", author=ANN, when=WHEN)


# -- commits -----------------------------------------------------------------------------------------------------------


def test_git_reads_what_was_committed(repository: Repository) -> None:
    first = commit(repository, {"a.txt": b"one\n", "d/e.txt": b"two\n"})
    second = commit(repository, {"a.txt": b"three\n"}, first, deleted=("d/e.txt", "never/there"))
    assert repository.compare_and_swap(MAIN, second, None)
    assert git(repository, "log", "--format=%H %an <%ae> %aI %s", "main").splitlines() == [
        f"{oid} Ann <ann@example.org> 2026-01-02T03:04:05+00:00 Work" for oid in (second, first)
    ]
    assert git(repository, "ls-tree", "-r", "--name-only", second).split() == ["a.txt"]
    assert git(repository, "show", f"{first}:d/e.txt") == "two\n"


def test_a_tree_says_digest_and_size(repository: Repository) -> None:
    oid = commit(repository, {"b": b"", "a/x": b"\x00\xff" * 300_000})
    tree = repository.read_tree(oid)
    assert list(tree) == ["a/x", "b"]
    assert tree["a/x"].sha256 == hashlib.sha256(b"\x00\xff" * 300_000).hexdigest()
    assert (tree["a/x"].size, tree["b"].size) == (600_000, 0)
    assert b"".join(repository.blob_chunks(tree["a/x"].blob)) == repository.read_file(oid, "a/x")
    assert tree["b"].blob == git(repository, "rev-parse", f"{oid}:b").strip()


def test_the_same_work_gives_the_same_commit(tmp_path: Path) -> None:
    east = timezone(timedelta(hours=9))
    made = []
    for name, when in (("one", WHEN), ("two", WHEN.astimezone(east))):
        repository = Repository.open_or_create(tmp_path / name)
        made.append(
            repository.commit_tree(files={"b": b"2", "a": b"1"}, parent=None, message="M", author=ANN, when=when)
        )
    assert made[0] == made[1]


def test_opening_twice_keeps_what_is_there(repository: Repository) -> None:
    oid = commit(repository, {"a": b"1"})
    repository.compare_and_swap(MAIN, oid, None)
    assert Repository.open_or_create(repository.path).ref(MAIN) == oid


@pytest.mark.parametrize("path", ["../evil", "/abs", ".git/config", "a\x00b", "d/../e"])
def test_an_unsafe_path_is_refused(repository: Repository, path: str) -> None:
    with pytest.raises(paths.UnsafePath):
        commit(repository, {path: b"x"})


@pytest.mark.parametrize(("before", "after"), [("a.py", "A.py"), ("a", "a/b"), ("a/b", "a"), ("d/x", "D/y")])
def test_a_path_that_collides_with_the_parent_is_refused(repository: Repository, before: str, after: str) -> None:
    parent = commit(repository, {before: b"1"})
    with pytest.raises(paths.UnsafePath, match="same place"):
        commit(repository, {after: b"2"}, parent)
    replaced = commit(repository, {after: b"2"}, parent, deleted=(before,))
    assert list(repository.read_tree(replaced)) == [after]


def test_bounds_have_words(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.delivery.repository.MAX_FILE", 3)
    monkeypatch.setattr("apps.delivery.repository.MAX_FILES", 2)
    with pytest.raises(TooLarge, match="at most 3"):
        commit(repository, {"a": b"1234"})
    with pytest.raises(TooLarge, match="at most 2"):
        commit(repository, {"a": b"", "b": b"", "c": b""})
    oid = commit(repository, {"a": b"123"})
    with pytest.raises(TooLarge):
        repository.read_file(oid, "a", limit=2)


@pytest.mark.parametrize("path", ["b", "d", "", "a/b", "/a", "a\x00"])
def test_reading_what_is_not_there(repository: Repository, path: str) -> None:
    oid = commit(repository, {"a": b"1", "d/e": b"2"})
    with pytest.raises(NotThere):
        repository.read_file(oid, path)


@pytest.mark.parametrize("oid", ["0" * 40, "xyz", "", "main"])
def test_an_unknown_object_has_a_name_for_its_error(repository: Repository, oid: str) -> None:
    for call in (repository.read_tree, repository.commit_of, repository.read_blob):
        with pytest.raises(NotThere):
            call(oid)
    with pytest.raises(NotThere):
        repository.compare_and_swap(MAIN, oid, None)


def test_an_author_cannot_forge_a_header(repository: Repository) -> None:
    evil = Author("Eve <root@x>\nparent 0", "a>\n b")
    oid = repository.commit_tree(files={}, parent=None, message="\x00", author=evil, when=WHEN)
    found = repository.commit_of(oid)
    assert (found.author, found.email, found.subject, found.parents) == (
        "Eve root@x parent 0",
        "ab",
        "(no message)",
        (),
    )


def test_a_time_needs_a_zone(repository: Repository) -> None:
    with pytest.raises(RepositoryError, match="time zone"):
        repository.commit_tree(files={}, parent=None, message="M", author=ANN, when=WHEN.replace(tzinfo=None))


def test_reverting_adds_a_commit_and_loses_none(repository: Repository) -> None:
    first = commit(repository, {"a": b"1"})
    second = commit(repository, {"a": b"2", "b": b"3"}, first)
    back = repository.revert_to_tree(first, parent=second, message="Back to gate 2", author=ANN, when=WHEN)
    repository.compare_and_swap(MAIN, back, None)
    assert repository.read_tree(back) == repository.read_tree(first)
    assert [entry.oid for entry in repository.log()] == [back, second, first]
    assert [entry.oid for entry in repository.log(2)] == [back, second]
    assert repository.log(ref="refs/heads/none") == []


# -- references --------------------------------------------------------------------------------------------------------


def test_a_branch_moves_only_from_where_it_was_seen(repository: Repository) -> None:
    first = commit(repository, {"a": b"1"})
    second = commit(repository, {"a": b"2"}, first)
    assert not repository.compare_and_swap(MAIN, second, first)
    assert repository.ref(MAIN) is None
    assert repository.compare_and_swap(MAIN, first, None)
    assert not repository.compare_and_swap(MAIN, second, None)
    assert repository.compare_and_swap(MAIN, second, first)
    assert not repository.compare_and_swap(MAIN, first, first)
    assert repository.compare_and_swap(MAIN, second, second)
    assert git(repository, "rev-parse", "main").strip() == second


def test_a_lock_left_by_a_killed_process_holds_nobody_up(repository: Repository) -> None:
    oid = commit(repository, {"a": b"1"})
    lock = repository.path / f"{MAIN}.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text("half")
    assert repository.compare_and_swap(MAIN, oid, None)
    assert not lock.exists()


def test_packed_references_are_seen(repository: Repository) -> None:
    first = commit(repository, {"a": b"1"})
    repository.compare_and_swap(MAIN, first, None)
    git(repository, "pack-refs", "--all")
    second = commit(repository, {"a": b"2"}, first)
    assert not repository.compare_and_swap(MAIN, second, None)
    assert repository.compare_and_swap(MAIN, second, first)


@pytest.mark.parametrize(
    "ref", ["HEAD", "refs/tags/v1", "refs/heads/../x", "refs/heads/a..b", "main", "refs/heads/x.lock"]
)
def test_only_branches_move(repository: Repository, ref: str) -> None:
    oid = commit(repository, {"a": b"1"})
    with pytest.raises(RepositoryError):
        repository.compare_and_swap(ref, oid, None)


def test_attempts_get_a_branch_each() -> None:
    assert branch_for("0b9e-12") == "refs/heads/attempts/0b9e-12"
    for evil in ("", "../main", "a/b", "a.lock", "-x", "a b"):
        with pytest.raises(RepositoryError):
            branch_for(evil)


def test_of_many_threads_one_wins(repository: Repository) -> None:
    base = commit(repository, {"a": b"0"})
    repository.compare_and_swap(MAIN, base, None)
    tips = [commit(repository, {"a": b"%d" % number}, base) for number in range(1, 9)]
    barrier, won = Barrier(len(tips)), []

    def race(tip: str) -> None:
        own = Repository.open_or_create(repository.path)
        barrier.wait()
        if own.compare_and_swap(MAIN, tip, base):
            won.append(tip)

    threads = [Thread(target=race, args=(tip,)) for tip in tips]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [repository.ref(MAIN)]


COUNT = """
import sys
from datetime import UTC, datetime
from apps.delivery.repository import MAIN, Author, Repository
repository = Repository.open_or_create(sys.argv[1])
added = 0
while added < 15:
    old = repository.ref(MAIN)
    number = int(repository.read_file(old, "n"))
    new = repository.commit_tree(files={"n": b"%d" % (number + 1)}, parent=old, message=sys.argv[2],
                                 author=Author("A", "a@b"), when=datetime(2026, 1, 1, tzinfo=UTC))
    added += repository.compare_and_swap(MAIN, new, old)
"""


def test_processes_lose_no_update(repository: Repository) -> None:
    repository.compare_and_swap(MAIN, commit(repository, {"n": b"0"}), None)
    running = [
        subprocess.Popen([sys.executable, "-c", COUNT, str(repository.path), f"by {name}"]) for name in ("a", "b", "c")
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    tip = repository.ref(MAIN)
    assert tip is not None
    assert repository.read_file(tip, "n") == b"45"
    assert len(repository.log(100)) == 46


# -- merging -----------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "c/d", "c/e", "f/g/h", "i.py"])
CONTENT = st.sampled_from([b"", b"one\n", b"two\n", b"\x00\x01", b"one\ntwo\nthree\n"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(base=st.dictionaries(NAMES, CONTENT), changes=st.dictionaries(NAMES, st.none() | CONTENT), split=st.sets(NAMES))
def test_disjoint_changes_merge_either_way_round(
    repository: Repository, base: dict[str, bytes], changes: dict[str, bytes | None], split: set[str]
) -> None:
    root = commit(repository, base)
    sides = []
    for mine in (True, False):
        part = {path: content for path, content in changes.items() if (path in split) is mine}
        written = {path: content for path, content in part.items() if content is not None}
        gone = tuple(path for path, content in part.items() if content is None)
        sides.append(commit(repository, written, root, deleted=gone))
    one, other = repository.merge(*sides), repository.merge(*reversed(sides))
    assert isinstance(one, Merged)
    assert one == other
    expected = {**base, **changes}
    tree = repository.read_tree(one.tree)
    assert {path: repository.read_blob(entry.blob) for path, entry in tree.items()} == {
        path: content for path, content in expected.items() if content is not None
    }


def test_a_merge_commit_has_both_parents(repository: Repository) -> None:
    root = commit(repository, {"a": b"1"})
    ours, theirs = commit(repository, {"b": b"2"}, root), commit(repository, {"c": b"3"}, root)
    merged = repository.merge(ours, theirs)
    assert isinstance(merged, Merged)
    oid = repository.commit(tree=merged.tree, parents=[ours, theirs], message="Merge", author=ANN, when=WHEN)
    assert repository.commit_of(oid).parents == (ours, theirs)
    assert repository.contains(oid, theirs)
    assert not repository.contains(ours, theirs)
    again = repository.merge(oid, theirs)
    assert again == Merged(merged.tree)


def test_lines_apart_in_one_file_are_joined(repository: Repository) -> None:
    lines = [b"%d\n" % number for number in range(20)]
    root = commit(repository, {"f": b"".join(lines)})
    ours = commit(repository, {"f": b"".join([b"top\n", *lines])}, root)
    theirs = commit(repository, {"f": b"".join([*lines, b"end\n"])}, root)
    merged = repository.merge(ours, theirs)
    assert isinstance(merged, Merged)
    assert repository.read_file(merged.tree, "f") == b"".join([b"top\n", *lines, b"end\n"])


@pytest.mark.parametrize("attributes", [{}, {".gitattributes": b"* merge=union\n"}])
def test_both_sides_of_a_conflict_are_named(repository: Repository, attributes: dict[str, bytes]) -> None:
    root = commit(repository, {"f": b"base\n", "gone": b"1\n", **attributes})
    ours = commit(repository, {"f": b"ours\n", "new": b"o\n", "gone": b"2\n"}, root)
    theirs = commit(repository, {"f": b"theirs\n", "new": b"t\n"}, root, deleted=("gone",))
    found = repository.merge(ours, theirs)
    assert isinstance(found, Conflict)
    assert found.paths == ("f", "gone", "new")
    first, gone, new = found.files
    assert [repository.read_blob(side or "") for side in (first.base, first.ours, first.theirs)] == [
        b"base\n",
        b"ours\n",
        b"theirs\n",
    ]
    assert (gone.theirs, new.base) == (None, None)
    assert "same lines" in first.reason
    assert "attempt deleted" in gone.reason
    assert "Both sides added" in new.reason


@pytest.mark.parametrize(("mine", "yours"), [("a", "a/b"), ("a/b", "a"), ("README", "readme"), ("d/x", "D/y")])
def test_names_that_collide_only_together_conflict(repository: Repository, mine: str, yours: str) -> None:
    root = commit(repository, {"z": b"0"})
    found = repository.merge(commit(repository, {mine: b"1"}, root), commit(repository, {yours: b"2"}, root))
    assert isinstance(found, Conflict)


def test_unrelated_histories_merge_over_nothing(repository: Repository) -> None:
    found = repository.merge(commit(repository, {"a": b"1"}), commit(repository, {"b": b"2"}))
    assert isinstance(found, Merged)
    assert list(repository.read_tree(found.tree)) == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "old", "answer"),
    [("new", "old", "complete"), ("old", "old", "redo"), ("x", "old", "merge again"), (None, "old", "merge again")],
)
def test_an_interrupted_merge_knows_where_it_stands(value: str | None, old: str, answer: str) -> None:
    assert where(value, old, "new") == answer


# -- differences -------------------------------------------------------------------------------------------------------


def test_a_difference_names_each_change(repository: Repository) -> None:
    text = b"".join(b"line %d\n" % number for number in range(9))
    one = commit(repository, {"a": b"1\n2\n", "bin": b"\x00\x01", "gone": b"x\n", "old": text})
    two = commit(
        repository, {"a": b"1\n3\n", "bin": b"\x00\x02", "new": b"\xffn\n", "moved": text}, one, ("gone", "old")
    )
    found = {file.path: file for file in diff(repository, one, two).files}
    assert {path: file.status for path, file in found.items()} == {
        "a": "changed",
        "bin": "changed",
        "gone": "deleted",
        "moved": "renamed",
        "new": "added",
    }
    assert found["moved"].old_path == "old"
    assert found["bin"].binary
    assert (found["a"].added, found["a"].removed) == (1, 1)
    assert [(line.origin, line.old, line.new, line.text) for line in found["a"].hunks[0].lines] == [
        (" ", 1, 1, "1"),
        ("-", 2, None, "2"),
        ("+", None, 2, "3"),
    ]


def test_a_difference_against_nothing_is_all_added(repository: Repository) -> None:
    found = diff(repository, None, commit(repository, {"a": b"1\n", "b/c": b"2\n"}))
    assert [(file.path, file.status) for file in found.files] == [("a", "added"), ("b/c", "added")]


def test_a_difference_is_bounded_and_says_so(repository: Repository) -> None:
    long = b"".join(b"%d\n" % number for number in range(100))
    oid = commit(repository, {"a": long, "b": b"x" * 2_000, "c": b"", "d": b""})
    found = diff(repository, None, oid, Bounds(files=3, lines=10, file_bytes=1_000))
    assert found.left_out == 1
    long_file, big_file, _ = found.files
    assert len(long_file.hunks[0].lines) == 10
    assert "first 10 lines" in long_file.truncated
    assert "2,000 bytes" in big_file.truncated
