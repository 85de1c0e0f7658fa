"""What people bring along is taken within limits, and nothing in an archive leaves the workspace."""

import io
import stat
import zipfile
import zlib

import pytest

from apps.core.errors import Invalid
from apps.delivery import supplying
from apps.delivery.supplying import files_of
from tests import factories


def packed(files: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return out.getvalue()


def refused(*uploads: tuple[str, bytes]) -> str:
    with pytest.raises(Invalid) as found:
        files_of(uploads)
    return found.value.fields["supplied"]


def test_files_and_archives_together() -> None:
    inner = packed({"contract/": b"", "contract/openapi.json": b"{}", "docs/a.md": b"# A"})
    found = files_of([("requirements/requirements.json", b"[]"), ("rest.zip", inner)])
    assert found == {
        "requirements/requirements.json": b"[]",
        "contract/openapi.json": b"{}",
        "docs/a.md": b"# A",
    }


def test_of_a_deliverable_its_workspace_is_taken_without_its_brief() -> None:
    content = packed({"manifest.json": b"{}", "workspace/a.txt": b"a", "workspace/strategic_prompt.txt": b"Old."})
    assert files_of([("final_deliverable.zip", content)]) == {"a.txt": b"a"}


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/passwd", "a/../../b", "C:\\x", ".git/config", "a\u202eb", "con.txt", ""]
)
def test_no_name_leaves_the_workspace(name: str) -> None:
    assert refused((name, b"x"))
    if name:
        assert refused(("x.zip", packed({name: b"x"})))


def test_a_bomb_is_not_unpacked() -> None:
    assert "zip bomb" in refused(("x.zip", packed({"a.txt": b"\x00" * 5_000_000})))


def test_an_archive_that_lies_about_a_size_is_refused() -> None:
    content = bytearray(packed({"a.txt": b"x" * 1000}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    assert refused(("x.zip", bytes(content)))


def test_links_damage_and_strange_methods_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, "/etc/passwd")
    assert "symbolic link" in refused(("x.zip", out.getvalue()))
    assert "can't be read" in refused(("x.zip", b"PK no archive"))
    assert refused(("x.zip", packed({"a.txt": b"a" * 99}, compression=zipfile.ZIP_LZMA)))
    whole = packed({"a.txt": zlib.compress(b"a" * 99)}, compression=zipfile.ZIP_STORED)
    assert refused(("x.zip", whole.replace(zlib.compress(b"a" * 99), b"z" * len(zlib.compress(b"a" * 99)), 1)))


def test_twins_the_brief_and_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "twice" in refused(("a.txt", b"1"), ("x.zip", packed({"a.txt": b"2"})))
    assert "same place" in refused(("a.txt", b"1"), ("A.txt", b"2"))
    assert "is the brief" in refused(("Strategic_Prompt.txt", b"Mine."))
    monkeypatch.setattr(supplying, "MAX_TOTAL", 10)
    assert "at most 10" in refused(("a.txt", b"x" * 11))
    assert "too large" in refused(("x.zip", packed({"a.txt": b"x" * 11})))
    monkeypatch.setattr(supplying, "MAX_FILES", 1)
    assert "2 files" in refused(("a.txt", b""), ("b.txt", b""))


@pytest.mark.django_db
def test_supplying_again_replaces_and_keeps_who() -> None:
    goal, person = factories.goal(), factories.person()
    supplying.supplied_store(goal=goal, person=goal.owner, files={"a.txt": b"1", "b.txt": b"1"})
    supplying.supplied_store(goal=goal, person=person, files={"a.txt": b"2"})
    rows = {row.path: (bytes(row.blob.content), row.supplied_by) for row in goal.supplied.all()}
    assert rows == {"a.txt": (b"2", person), "b.txt": (b"1", goal.owner)}
    with pytest.raises(Invalid, match="same place"):
        supplying.supplied_store(goal=goal, person=person, files={"a.txt/x": b""})
