"""What is taken back from a folder in which hostile code has worked."""

import os
from pathlib import Path

import pytest

from apps.agents.sandbox import Rules, collect, fill, remove_tree
from apps.agents.sandbox.collect import BadName, CollectError, NotRegular, TooDeep, TooMuch, path_check
from tests.agents.sandbox.conftest import Attack


def test_it_takes_new_and_changed_files_and_names_the_deleted(tmp_path: Path):
    before = fill(tmp_path, {"kept.txt": b"1", "changed.txt": b"2", "gone/deep.txt": b"3"})
    (tmp_path / "changed.txt").write_bytes(b"other")
    (tmp_path / "gone/deep.txt").unlink()
    (tmp_path / "new").mkdir()
    (tmp_path / "new/file.txt").write_bytes(b"4")
    harvest = collect(tmp_path, before)
    assert harvest.files == {"changed.txt": b"other", "new/file.txt": b"4"}
    assert harvest.deleted == {"gone/deep.txt"}


def test_compiled_python_is_left_out(tmp_path: Path):
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/x.pyc").write_bytes(b"x")
    assert collect(tmp_path, {}).files == {}


def test_a_link_to_a_secret_is_refused(attack: Attack, workdir: Path):
    attack("import os; os.symlink('/etc/passwd', 'notes.txt')")
    with pytest.raises(NotRegular, match=r"notes\.txt"):
        collect(workdir, {})


def test_a_linked_folder_is_refused(attack: Attack, workdir: Path):
    attack("import os; os.symlink('/etc', 'docs')")
    with pytest.raises(NotRegular):
        collect(workdir, {})


def test_a_replaced_folder_is_refused(workdir: Path):
    before = fill(workdir, {"docs/a.txt": b"1"})
    (workdir / "docs/a.txt").unlink()
    (workdir / "docs").rmdir()
    (workdir / "docs").symlink_to("/etc")
    with pytest.raises(NotRegular):
        collect(workdir, before)


def test_a_pipe_or_socket_does_not_hang_us(attack: Attack, workdir: Path):
    attack("import os; os.mkfifo('pipe')")
    with pytest.raises(NotRegular):
        collect(workdir, {})


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../up",
        "a/../../b",
        ".git/config",
        "a/.GIT/hooks",
        "a/.git./x",
        "git~1/x",
        ".git::$INDEX/x",
        "",
        "a//b",
        "./a",
        "a\\b",
        "nul\0.txt",
        "line\nbreak",
        "\u202egnp.exe",
        "zero\u200bwidth",
        "e\u0301.txt",
        "\udcff.txt",
        " space",
        "x" * 241,
    ],
)
def test_odd_names_are_refused(path: str):
    with pytest.raises(BadName):
        path_check(path)


@pytest.mark.parametrize("path", ["a.txt", "docs/ü/ß.md", ".gitignore", "a/b/c.d.e", "日本/語.txt"])
def test_plain_names_are_taken(path: str):
    path_check(path)


def test_a_name_that_is_no_text_is_refused(workdir: Path):
    (workdir / os.fsdecode(b"\xff.txt")).write_bytes(b"x")
    with pytest.raises(BadName):
        collect(workdir, {})


def test_folders_deep_in_each_other_are_refused_and_removed(attack: Attack, workdir: Path):
    outcome = attack("import os\nfor _ in range(3000):\n    os.mkdir('d'); os.chdir('d')\nopen('x', 'w')")
    assert outcome.returncode == 0, outcome.stderr
    with pytest.raises(TooDeep):
        collect(workdir, {})
    remove_tree(workdir)
    assert not workdir.exists()


def test_sizes_are_bounded(tmp_path: Path):
    (tmp_path / "big").write_bytes(b"x" * 101)
    with pytest.raises(TooMuch):
        collect(tmp_path, {}, rules=Rules(file_bytes=100))
    with pytest.raises(TooMuch):
        collect(tmp_path, {}, rules=Rules(total_bytes=100))


def test_a_sparse_giant_is_not_read(tmp_path: Path):
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(TooMuch):
        collect(tmp_path, {})


def test_the_number_of_files_is_bounded(tmp_path: Path):
    for number in range(12):
        (tmp_path / str(number)).write_bytes(b"")
    with pytest.raises(TooMuch):
        collect(tmp_path, {}, rules=Rules(files=10))


def test_what_cannot_be_written_is_not_filled_in(tmp_path: Path):
    with pytest.raises(CollectError):
        fill(tmp_path, {"../outside": b"x"})
    assert not (tmp_path.parent / "outside").exists()


def test_closed_folders_are_removed_and_links_not_followed(tmp_path: Path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").write_text("x")
    tree = tmp_path / "tree"
    (tree / "closed").mkdir(parents=True)
    (tree / "link").symlink_to(tmp_path / "precious")
    (tree / "closed").chmod(0)
    remove_tree(tree)
    assert not tree.exists()
    assert (tmp_path / "precious/file").exists()
