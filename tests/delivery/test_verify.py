import copy
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.delivery import archive, package
from apps.delivery.verify import verify
from tests.delivery.parts import BRIEF, gate, parts


def packed(**changes: Any) -> bytes:
    out = io.BytesIO()
    package.build(parts(**changes), out)
    return out.getvalue()


GOOD = packed()


@pytest.fixture
def judge(tmp_path: Path) -> Callable[[bytes], str]:
    def verdict(data: bytes) -> str:
        path = tmp_path / "final_deliverable.zip"
        path.write_bytes(data)
        found = verify(path)
        assert found.ok is (found.first_problem == "")
        return found.first_problem

    return verdict


def repacked(change: Callable[[dict[str, bytes]], None], *, sign: bool = False) -> bytes:
    """The good archive with its files changed; `sign` writes a manifest that fits them."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source:
        files = {name: source.read(name) for name in source.namelist()}
    change(files)
    if sign:
        manifest = json.loads(files.pop("manifest.json"))
        manifest["files"] = [
            {"path": name, "sha256": package._sha256(data), "size": len(data)} for name, data in sorted(files.items())
        ]
        manifest["root"] = archive.root_digest(manifest)
        files["manifest.json"] = archive.manifest_bytes(manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, data in sorted(files.items()):
            target.writestr(package._entry(name), data)
    return out.getvalue()


def test_a_good_one_passes_and_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    path.write_bytes(GOOD)
    verdict = verify(path)
    assert (verdict.ok, verdict.first_problem) == (True, "")
    assert verdict.counted["workspace_files"] == 4
    assert verdict.counted["gates"] == 7
    assert repacked(lambda files: None, sign=True) == GOOD


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(GOOD) - 1), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found(judge: Callable[[bytes], str], at: int, bit: int) -> None:
    data = bytearray(GOOD)
    data[at] ^= 1 << bit
    assert judge(bytes(data)).endswith(".")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(GOOD) - 1))
def test_a_file_cut_short_is_found(judge: Callable[[bytes], str], cut: int) -> None:
    assert judge(GOOD[:cut])


def test_every_byte_of_the_container_counts(judge: Callable[[bytes], str]) -> None:
    """All bytes of one small entry's headers and of the end of the archive, one by one."""
    start = GOOD.index(b"PK\x05\x06")
    for at in [*range(40), *range(start - 80, len(GOOD))]:
        data = bytearray(GOOD)
        data[at] ^= 0x01
        assert judge(bytes(data)), f"byte {at}"


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", GOOD + b"x", b"#!/bin/sh\n" + GOOD, GOOD + GOOD])
def test_what_is_around_the_archive_is_found(judge: Callable[[bytes], str], data: bytes) -> None:
    assert judge(data)


def test_a_missing_file_has_words(tmp_path: Path) -> None:
    assert "can't be read" in verify(tmp_path / "none.zip").first_problem
    assert not verify(tmp_path).ok


# -- one thing changed -------------------------------------------------------------------------------------------------


def test_each_file_is_missed_by_name(judge: Callable[[bytes], str]) -> None:
    def without(name: str) -> bytes:
        return repacked(lambda files: files.__delitem__(name))

    for name in zipfile.ZipFile(io.BytesIO(GOOD)).namelist():
        assert judge(without(name)).startswith(name)


def test_an_added_file_is_named(judge: Callable[[bytes], str]) -> None:
    problem = judge(repacked(lambda files: files.update({"workspace/extra.py": b"evil()"})))
    assert problem == "workspace/extra.py is in the archive and not listed in manifest.json."
    signed = judge(repacked(lambda files: files.update({"workspace/extra.py": b"evil()"}), sign=True))
    assert signed == "workspace/extra.py is not told in provenance.json."


def test_a_changed_file_is_named(judge: Callable[[bytes], str]) -> None:
    change = {"workspace/service/app.py": b"print('ho')\n"}
    assert judge(repacked(lambda files: files.update(change))).startswith("workspace/service/app.py was changed")
    assert "another content" in judge(repacked(lambda files: files.update(change), sign=True))


def test_another_brief_is_found(judge: Callable[[bytes], str]) -> None:
    assert "brief" in judge(repacked(lambda files: files.update({"strategic_prompt.txt": BRIEF + b" "}), sign=True))


def test_a_manifest_that_was_touched_is_found(judge: Callable[[bytes], str]) -> None:
    def touch(files: dict[str, bytes]) -> None:
        files["manifest.json"] = files["manifest.json"].replace(b'"seq": 7', b'"seq": 8')

    def space(files: dict[str, bytes]) -> None:
        files["manifest.json"] += b"\n"

    for change in (touch, space):
        assert "root digest" in judge(repacked(change))


# -- hostile archives --------------------------------------------------------------------------------------------------


def hostile(name: str, data: bytes = b"x", **attributes: Any) -> bytes:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as target:
        entry = package._entry(name)
        for key, value in attributes.items():
            setattr(entry, key, value)
        target.writestr(entry, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (hostile("../evil"), "unsafe name"),
        (hostile("/etc/passwd"), "absolute"),
        (hostile("a/../../evil"), "unsafe name"),
        (hostile("C:\\evil"), "unsafe name"),
        (hostile("Manifest.json"), "same place"),
        (hostile("workspace/empty/x"), "same place"),
        (hostile("workspace/link", b"/etc/passwd", external_attr=0o120777 << 16), "symbolic link"),
        (hostile("workspace/pipe", external_attr=0o010644 << 16), "not an ordinary file"),
        (hostile("workspace/bomb", b"\0" * 5_000_000, compress_type=zipfile.ZIP_DEFLATED), "zip bomb"),
        (hostile("workspace/x", compress_type=zipfile.ZIP_LZMA), "compressed in a way"),
    ],
)
def test_a_hostile_archive_is_refused_before_it_is_unpacked(
    judge: Callable[[bytes], str], data: bytes, words: str
) -> None:
    assert words in judge(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_twins_are_refused(judge: Callable[[bytes], str]) -> None:
    assert "twice" in judge(hostile("plan.json"))


def test_a_name_cut_by_a_nul_is_refused(judge: Callable[[bytes], str]) -> None:
    data = hostile("workspace/a.txtXevil").replace(b"a.txtXevil", b"a.txt\x00evil")
    assert "unsafe name" in judge(data)


@pytest.mark.parametrize(("name", "value", "words"), [("MAX_ENTRIES", 3, "entries"), ("MAX_TOTAL", 100, "unpack to")])
def test_count_and_total_are_bounded(
    judge: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch, name: str, value: int, words: str
) -> None:
    monkeypatch.setattr(archive, name, value)
    assert words in judge(GOOD)


@pytest.mark.parametrize(
    "name", ["gates.json", "provenance.json", "manifest.json", "validation/QG-PHASE3-round-1.json"]
)
@pytest.mark.parametrize(
    "data", [b"", b"[" * 100_000, b"NaN", b'{"a":1,"a":2}', b"null", b"[]", b"{}", b'{"files":[1]}']
)
def test_hostile_json_is_refused(judge: Callable[[bytes], str], name: str, data: bytes) -> None:
    sign = name != "manifest.json"
    assert name in judge(repacked(lambda files: files.update({name: data}), sign=sign))


def test_a_packed_again_archive_is_told_apart(judge: Callable[[bytes], str]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert "packed again" in judge(out.getvalue())


# -- the gate record ---------------------------------------------------------------------------------------------------


def with_round(phase: int, change: Callable[[dict[str, Any]], Any]) -> bytes:
    gates = [copy.deepcopy(gate(number)) for number in range(1, 8)]
    change(gates[phase - 1]["rounds"][-1])
    validations = {(one["code"], 1): {"checks": one["rounds"][-1]["checks"]} for one in gates}
    return packed(gates=tuple(gates), validations=validations)


FAILED = {"name": "tests-pass", "result": "failed", "blocking": True, "sentence": "", "proof": {}, "source": "hub"}


@pytest.mark.parametrize(
    ("phase", "change", "words"),
    [
        (1, lambda r: r.update(outcome="rejected"), "outcome"),
        (1, lambda r: r.update(evidence_digest="0" * 64), "other evidence"),
        (1, lambda r: r.update(clearance=None), "without a clearance"),
        (2, lambda r: r["clearance"].update(phase=5), "for phase 5"),
        (2, lambda r: r["clearance"].update(revoked=True), "revoked"),
        (2, lambda r: r["clearance"].update(seats=[]), "not those of the rule"),
        (7, lambda r: r["clearance"]["seats"][1].update(person="ann", vote=70), "two seats"),
        (7, lambda r: r["clearance"]["seats"][1].update(person="eve"), "latest vote of eve"),
        (3, lambda r: r["votes"][0].update(verdict="reject"), "does not approve"),
        (3, lambda r: r["votes"].append({**r["votes"][0], "id": 99, "verdict": "withdraw"}), "latest vote"),
        (3, lambda r: r["votes"][0].update(evidence_digest="x"), "other evidence"),
        (4, lambda r: r.update(solo=True), "disagree"),
        (4, lambda r: r["clearance"].update(override=True), "disagree"),
        (4, lambda r: r["votes"][0].update(verdict="override"), "not marked"),
        (4, lambda r: r.update(checks=[FAILED]), "without a condition"),
        (5, lambda r: r.update(rule={"seats": []}), "no seat"),
        (5, lambda r: r.pop("votes"), "incomplete"),
        (5, lambda r: r.update(votes=7), "incomplete"),
        (6, lambda r: r.update(number=2), "numbered"),
    ],
)
def test_a_gate_record_that_contradicts_itself_is_refused(
    judge: Callable[[bytes], str], phase: int, change: Callable[[dict[str, Any]], Any], words: str
) -> None:
    problem = judge(with_round(phase, change))
    assert words in problem
    assert f"QG-PHASE{phase}" in problem


def test_a_failed_check_with_a_condition_or_an_override_may_pass(judge: Callable[[bytes], str]) -> None:
    def condition(round_: dict[str, Any]) -> None:
        round_.update(checks=[FAILED], conditions=[{"text": "Mend it", "check": "tests-pass", "due_phase": 6}])

    def override(round_: dict[str, Any]) -> None:
        round_.update(checks=[FAILED], override=True)
        round_["clearance"].update(override=True)
        round_["votes"][0].update(verdict="override")

    for change in (condition, override):
        assert judge(with_round(4, change)) == ""


def test_all_seven_gates_are_needed(judge: Callable[[bytes], str]) -> None:
    assert "6 gates" in judge(packed(gates=tuple(gate(phase) for phase in range(1, 7))))
    pending = [gate(phase) for phase in range(1, 8)]
    pending[4]["status"] = "open"
    assert "QG-PHASE5 has not passed" in judge(packed(gates=tuple(pending)))


def test_who_agreed_must_be_who_sat(judge: Callable[[bytes], str]) -> None:
    rows = [dict(row) for row in parts().provenance]
    rows[0]["agreed"] = [{"gate": "QG-PHASE4", "persons": ["eve"]}]
    assert "disagree on who agreed" in judge(packed(provenance=tuple(rows)))
    rows[0]["agreed"] = []
    assert "does not say who agreed" in judge(packed(provenance=tuple(rows)))


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "d.zip"
    path.write_bytes(GOOD)
    call_command("verify_deliverable", str(path))
    assert "7 gates passed" in capsys.readouterr().out
    path.write_bytes(GOOD + b"x")
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_deliverable", str(path))
    assert stopped.value.code == 1
    assert capsys.readouterr().err.strip()


def test_it_needs_neither_settings_nor_packages(tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    path.write_bytes(GOOD)
    program = (
        "import sys; from apps.delivery.verify import verify; print(verify(sys.argv[1])); print(sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, str(path)], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert "ok=True" in done.stdout
    assert "django" not in done.stdout
