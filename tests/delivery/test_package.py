import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.delivery import package, paths
from apps.delivery.archive import root_digest
from apps.delivery.package import PackingError
from tests.delivery.parts import BRIEF, WHEN, parts, workspace_file


def packed(given_parts: package.DeliverableParts) -> bytes:
    out = io.BytesIO()
    package.build(given_parts, out)
    return out.getvalue()


def test_the_same_parts_give_the_same_bytes() -> None:
    one = parts()
    other = replace(
        one,
        workspace=tuple(reversed(one.workspace)),
        provenance=tuple(reversed(one.provenance)),
        created=WHEN.astimezone(timezone(timedelta(hours=5))),
        plan={"tasks": [], "version": 1},
    )
    assert packed(one) == packed(other)


def test_everything_that_was_promised_is_inside() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(parts()))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert archive.read("strategic_prompt.txt") == archive.read("workspace/strategic_prompt.txt") == BRIEF
        assert archive.read("workspace/service/app.py") == b"print('hi')\n"
        manifest = json.loads(archive.read("manifest.json"))
        assert all(archive.getinfo(row["path"]).file_size == row["size"] for row in manifest["files"])
    assert names == sorted(names)
    assert {
        "report/summary.html",
        "report/summary.md",
        "plan.json",
        "resource_plan.json",
        "packets/backend.assembly/1.json",
        "gates.json",
        "validation/QG-PHASE7-round-1.json",
        "metrics.json",
        "provenance.json",
        "strategic_prompt_additions/2.txt",
        "workspace/docs/größe.md",
    } <= set(names)
    assert [row["path"] for row in manifest["files"]] == [name for name in names if name != "manifest.json"]
    assert manifest["audit"] == {"head": "a" * 64, "seq": 7}
    assert manifest["created"] == "2026-03-04T05:06:07+00:00"
    assert manifest["root"] == root_digest(manifest)


def test_the_trial_manifest_is_the_manifest() -> None:
    out = io.BytesIO()
    assert package.trial(parts()) == package.build(parts(), out)


def test_a_file_that_changed_under_way_stops_the_packing() -> None:
    swapped = replace(workspace_file("a", b"accepted"), chunks=lambda: [b"smuggled"])
    with pytest.raises(PackingError, match="workspace/a is not the one that was accepted"):
        packed(parts(workspace=(swapped,)))


def test_a_file_may_not_occur_twice_or_leave() -> None:
    twice = (workspace_file("a", b"1"), workspace_file("a", b"1"))
    with pytest.raises(PackingError, match="twice"):
        packed(parts(workspace=twice))
    for evil in ("../evil", "/abs", "A\x00"):
        with pytest.raises(paths.UnsafePath):
            packed(parts(workspace=(workspace_file(evil, b"1"),)))
    with pytest.raises(paths.UnsafePath):
        packed(parts(packets={("../../evil", 1): {}}))


NAMES = st.lists(st.text("abcdeé_", min_size=1, max_size=6), min_size=1, max_size=3).map("/".join)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=6))
def test_what_goes_in_comes_out(files: dict[str, bytes]) -> None:
    try:
        paths.check_all(files)
    except paths.UnsafePath:
        return
    with zipfile.ZipFile(io.BytesIO(packed(parts(files)))) as archive:
        found = {name: archive.read(name) for name in archive.namelist() if name.startswith("workspace/")}
    assert found == {f"workspace/{path}": content for path, content in files.items()}
