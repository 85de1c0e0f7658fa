"""POST /goals/{id}/supplied: as JSON with base64, as a form with files and archives."""

import base64
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.conftest import ROOT, Caller, is_problem
from tests.api.world import World


def path_of(world: World) -> str:
    return f"/goals/{world.goal.pk}/supplied"


def as_json(**files: bytes) -> list[dict[str, str]]:
    return [{"path": path, "content": base64.b64encode(data).decode()} for path, data in files.items()]


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr(name, content)
    return out.getvalue()


def form(caller: Caller, path: str, data: dict[str, Any]) -> Any:
    return caller.client.post(ROOT + path, data, headers=caller.headers)


def kept(world: World) -> dict[str, bytes]:
    return {row.path: bytes(row.blob.content) for row in world.goal.supplied.select_related("blob")}


def test_as_json(world: World, owner: Caller) -> None:
    files = as_json(**{"docs/a.md": b"# A", "rest.zip": zipped("contract/openapi.json", b"{}")})
    body = owner.post(path_of(world), {"first_phase": 3, "files": files}).json()
    assert body["status"] == "planning"
    assert kept(world) == {"docs/a.md": b"# A", "contract/openapi.json": b"{}"}
    world.goal.refresh_from_db()
    assert world.goal.planning["first_phase"] == 3


def test_as_a_form(world: World, owner: Caller) -> None:
    data = {
        "first_phase": "4",
        "files": SimpleUploadedFile("all.zip", zipped("docs/b.md", b"# B")),
        "docs/a.md": SimpleUploadedFile("whatever.md", b"# A"),
    }
    assert form(owner, path_of(world), data).status_code == 200
    assert kept(world) == {"docs/a.md": b"# A", "docs/b.md": b"# B"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"files": [{"path": "../a", "content": ""}]}, "supplied"),
        ({"files": [{"path": "a", "content": "!"}]}, "supplied"),
        ({"first_phase": 8}, "first_phase"),
        ({"files": "all"}, "files"),
    ],
)
def test_words_beside_what_can_not_be_taken(world: World, owner: Caller, body: dict[str, Any], field: str) -> None:
    assert field in is_problem(owner.post(path_of(world), body), 422)["fields"]
    assert kept(world) == {}


def test_a_form_with_a_hostile_archive_or_phase(world: World, owner: Caller) -> None:
    data: dict[str, Any] = {"files": SimpleUploadedFile("x.zip", zipped("../../etc/passwd", b"x"))}
    assert "leave the workspace" in is_problem(form(owner, path_of(world), data), 422)["detail"]
    assert "first_phase" in is_problem(form(owner, path_of(world), {"first_phase": "-1"}), 422)["fields"]


def test_who_may_and_when(world: World, outsider: Caller, owner: Caller, by_token: Any) -> None:
    is_problem(outsider.post(path_of(world), {"files": as_json(a=b"")}), 403)
    is_problem(by_token(world.goal.owner, "read").post(path_of(world), {"files": as_json(a=b"")}), 403)
    world.start()
    is_problem(owner.post(path_of(world), {"files": as_json(a=b"")}), 409, "none is supplied")
