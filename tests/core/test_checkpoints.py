"""Signed checkpoints find what the chain alone can't: an end that was cut off, a history that was hashed anew."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import CommandError, call_command

from apps.core import audit, checkpoints
from apps.core.errors import Conflict
from apps.core.models import AuditLink
from tests.concurrency import together
from tests.core.test_audit import chain, tamper


@pytest.fixture(autouse=True)
def _var(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path


def run(action: str) -> str:
    out = StringIO()
    call_command("audit", action, stdout=out)
    return out.getvalue()


def lines(tmp_path: Path) -> list[str]:
    return (tmp_path / "audit" / "checkpoints.jsonl").read_text().splitlines()


@pytest.mark.django_db
def test_a_checkpoint_names_the_head_under_a_signature_that_others_can_verify(tmp_path: Path) -> None:
    chain(3)
    said = run("checkpoint")
    body = json.loads(lines(tmp_path)[0])
    signature = bytes.fromhex(body.pop("signature"))
    assert (body["seq"], body["digest"]) == audit.head()
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(said.split()[-1]))
    public.verify(signature, json.dumps(body, sort_keys=True, separators=(",", ":")).encode())
    assert (tmp_path / "audit" / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_nothing_new_needs_no_new_checkpoint_and_an_empty_chain_none(tmp_path: Path) -> None:
    assert "nothing to sign" in run("checkpoint")
    chain(1)
    first, second = run("checkpoint"), run("checkpoint")
    assert first == second
    chain(1)
    run("checkpoint")
    assert [json.loads(line)["seq"] for line in lines(tmp_path)] == [1, 2]
    assert run("verify").splitlines()[0].startswith("2 links hold; the head is ")
    assert run("verify").splitlines()[1] == "2 checkpoints agree with the chain."


@pytest.mark.django_db(transaction=True)
def test_the_command_names_the_first_bad_link_and_fails(owner_connection: psycopg.Connection) -> None:
    chain(5)
    tamper(owner_connection, "UPDATE core_auditlink SET what = 'other' WHERE seq = 4")
    with pytest.raises(CommandError, match=r"^Link 4 is the first bad one: its content .*\.$") as failed:
        run("verify")
    assert failed.value.returncode == 1
    with pytest.raises(CommandError, match="is not signed"):
        run("checkpoint")


@pytest.mark.django_db(transaction=True)
def test_an_end_that_was_cut_off_is_found(owner_connection: psycopg.Connection) -> None:
    chain(5)
    run("checkpoint")
    tamper(owner_connection, "DELETE FROM core_auditlink WHERE seq > 3")
    assert audit.verify().bad is None
    with pytest.raises(CommandError, match="Link 5 is the first bad one: checkpoint 1: link 5 was there on"):
        run("verify")


@pytest.mark.django_db(transaction=True)
def test_a_history_that_was_hashed_anew_is_found(owner_connection: psycopg.Connection) -> None:
    chain(2)
    run("checkpoint")
    tamper(owner_connection, "DELETE FROM core_auditlink")
    chain(3)
    assert audit.verify().bad is None
    with pytest.raises(CommandError, match="Link 2 is the first bad one: checkpoint 1: link 2, or one before it"):
        run("verify")


@pytest.mark.django_db(transaction=True)
def test_the_earlier_of_two_faults_is_named(owner_connection: psycopg.Connection) -> None:
    chain(2)
    run("checkpoint")
    tamper(owner_connection, "DELETE FROM core_auditlink")
    chain(6)
    tamper(owner_connection, "UPDATE core_auditlink SET what = 'other' WHERE seq = 5")
    assert checkpoints.verify().chain.bad == 5
    assert checkpoints.verify().bad == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('"seq":2', '"seq":1'),
        lambda text: text.replace('"signature":"', '"signature":"00'),
        lambda text: text.replace('"signature":"', '"signature":"xy'),
        lambda text: "{}\n" + text,
        lambda text: "not json\n" + text,
        lambda text: "\n" + text,
    ],
)
def test_a_checkpoint_that_was_changed_is_not_believed(spoil: Any, tmp_path: Path) -> None:
    chain(2)
    run("checkpoint")
    file = tmp_path / "audit" / "checkpoints.jsonl"
    file.write_text(spoil(file.read_text()))
    with pytest.raises(CommandError, match=r"checkpoint 1: its signature is not this installation's"):
        run("verify")


@pytest.mark.django_db
def test_another_installations_key_or_none_verifies_nothing(tmp_path: Path) -> None:
    chain(1)
    run("checkpoint")
    key = tmp_path / "audit" / "key"
    key.unlink()
    with pytest.raises(CommandError, match="the key that it was signed with is missing"):
        run("verify")
    checkpoints.public_key()
    with pytest.raises(CommandError, match="its signature is not this installation's"):
        run("verify")


@pytest.mark.django_db
def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    chain(1)
    run("checkpoint")
    (tmp_path / "audit" / "key").chmod(0o644)
    with pytest.raises(Conflict, match="chmod 600"):
        checkpoints.verify()


@pytest.mark.django_db(transaction=True)
def test_two_that_sign_at_once_leave_one_checkpoint(tmp_path: Path) -> None:
    chain(3)
    first, second = together(checkpoints.checkpoint_write, checkpoints.checkpoint_write)
    assert first == second
    assert len(lines(tmp_path)) == 1
    assert AuditLink.objects.count() == 3
