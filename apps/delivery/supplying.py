"""Files that people bring along, so that a goal may start in a later phase. What they hold is nobody's promise yet.

An archive is unpacked here and nowhere else: in memory, within limits, without a name that could leave the workspace.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping

from django.db import transaction

from apps.accounts.models import Person
from apps.core import clock
from apps.core.errors import Invalid
from apps.delivery import archive, paths
from apps.delivery.repository import MAX_FILE
from apps.goals.models import Goal
from apps.tasks.models import SuppliedArtifact
from apps.tasks.services.files import tree_store

FIELD = "supplied"
MAX_FILES = 2_000
MAX_TOTAL = 64 * 1024 * 1024
PROMPT = "strategic_prompt.txt"
# A deliverable of an earlier goal is taken for its workspace.
_WORKSPACE, _MANIFEST = "workspace/", "manifest.json"


def files_of(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """The files of these uploads (name and content) by path; zip archives are unpacked. Raises ``Invalid`` with words.

    Of a deliverable only its workspace is taken, and never its brief: this goal has its own.
    """
    found: dict[str, bytes] = {}
    for name, content in uploads:
        unpacked = _unpacked(content) if name.lower().endswith(".zip") else {name: content}
        twice = sorted(set(found) & set(unpacked))
        if twice:
            raise Invalid({FIELD: f"{twice[0]} is there twice."})
        found |= unpacked
    _check(found)
    return found


@transaction.atomic
def supplied_store(*, goal: Goal, person: Person, files: Mapping[str, bytes]) -> list[str]:
    """Keep these files with the goal; one that was supplied before under the same path is replaced."""
    _check(files)
    together = {*goal.supplied.values_list("path", flat=True), *files}
    if len(together) > MAX_FILES:
        raise Invalid({FIELD: f"These would be {len(together):,} files; at most {MAX_FILES:,} can be supplied."})
    for one, other in paths.collisions(together):
        raise Invalid({FIELD: f"{one} and {other} are the same place on some file systems."})
    digests = tree_store(tree=files)
    moment = clock.now()
    SuppliedArtifact.objects.bulk_create(
        [
            SuppliedArtifact(goal=goal, path=path, blob_id=digest, supplied_by=person, supplied_at=moment)
            for path, digest in sorted(digests.items())
        ],
        update_conflicts=True,
        unique_fields=["goal", "path"],
        update_fields=["blob", "supplied_by", "supplied_at"],
    )
    return sorted(digests)


def _check(files: Mapping[str, bytes]) -> None:
    if len(files) > MAX_FILES:
        raise Invalid({FIELD: f"These are {len(files):,} files; at most {MAX_FILES:,} can be supplied."})
    total = sum(map(len, files.values()))
    if total > MAX_TOTAL:
        raise Invalid({FIELD: f"The files have {total:,} bytes; at most {MAX_TOTAL:,} can be supplied."})
    for path, content in files.items():
        if len(content) > MAX_FILE:
            raise Invalid({FIELD: f"{ascii(path)[1:81]} has {len(content):,} bytes; at most {MAX_FILE:,} are kept."})
        if paths.fold(path) == PROMPT:
            raise Invalid({FIELD: f"{PROMPT} is the brief, which is written in its own field."})
    try:
        paths.check_all(files)
    except paths.UnsafePath as error:
        raise Invalid({FIELD: str(error)}) from error


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            entries = [entry for entry in opened.infolist() if not entry.filename.endswith("/")]
            archive.check_entries(entries)
            # What the directory says is checked first, and what comes out is held to it.
            if sum(entry.file_size for entry in entries) > MAX_TOTAL or len(entries) > MAX_FILES:
                raise Invalid(
                    {FIELD: f"The archive is too large: at most {MAX_FILES:,} files with {MAX_TOTAL:,} bytes in all."}
                )
            return _workspace({entry.filename: _content(opened, entry) for entry in entries})
    except archive.Refused as error:
        raise Invalid({FIELD: str(error)}) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Invalid({FIELD: "The archive can't be read: it is no zip file, or it is damaged."}) from error
    except NotImplementedError as error:
        raise Invalid({FIELD: "The archive is packed in a way that can't be read here."}) from error


def _content(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with opened.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise archive.Refused(f"{ascii(entry.filename)[1:81]} is not as large as the archive says.")
    return content


def _workspace(files: dict[str, bytes]) -> dict[str, bytes]:
    if _MANIFEST not in files or not any(path.startswith(_WORKSPACE) for path in files):
        return files
    inner = {path.removeprefix(_WORKSPACE): data for path, data in files.items() if path.startswith(_WORKSPACE)}
    return {path: data for path, data in inner.items() if path != PROMPT}
