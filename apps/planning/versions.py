"""Versions of the method library: the one that ships, what people save, going back, and a trial on a brief.

A version is never changed. Saving makes the next one and activates it; goals that are planned already keep theirs.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from apps.accounts.models import Person
from apps.accounts.policy import require
from apps.agents.selectors import capabilities_known
from apps.core import audit, events
from apps.core.actors import person_actor
from apps.core.errors import Conflict, Invalid, NotThere
from apps.core.models import SYSTEM_STREAM
from apps.engine.methods import Library
from apps.planning.library import DEFAULT_PATH, load_library
from apps.planning.library.reader import Problem
from apps.planning.library.soundness import check_text
from apps.planning.models import MethodLibrary

LARGEST = 400_000  # bytes of a library that a person saves
LONGEST_NOTE = 300


@transaction.atomic
def library_seed() -> MethodLibrary:
    """Bring in the method library that ships, as a new version where it differs; one that a person changed stays."""
    content = library_text()
    digest = load_library(content).digest
    active = MethodLibrary.objects.select_for_update(no_key=True).filter(active=True).first()
    if active is not None and (active.digest == digest or active.changed_by_id is not None):
        return active
    return _next(content, digest, person=None, note="the library that ships")


def library_text() -> str:
    """The files of the library that ships as one text, a part for each file: what an installation keeps."""
    parts = [
        f"# ---- {file.stem} ----\n{file.read_text(encoding='utf-8').rstrip()}\n"
        for file in sorted(DEFAULT_PATH.glob("*.yaml"), key=lambda file: (file.stem != "library", file.stem))
    ]
    return "---\n".join(parts)


@dataclass(frozen=True)
class Checked:
    """What is to be said about a text; ``library`` is there if it can be used."""

    library: Library | None
    problems: tuple[Problem, ...]

    @property
    def valid(self) -> bool:
        return self.library is not None


def library_check(*, content: str) -> Checked:
    """Schema and soundness of a text, with line numbers; one query. Never raises for what the text is."""
    words = _too_large(content)
    if words:
        return Checked(None, (Problem("library", "", "", words),))
    library, problems = check_text(content, capabilities_known())
    return Checked(library, tuple(problems))


def _too_large(content: str) -> str:
    if not content.strip():
        return "it is empty"
    size = len(content.encode("utf-8", "surrogatepass"))
    return f"it has {size} bytes; a library may have {LARGEST}" if size > LARGEST else ""


@transaction.atomic
def library_save(*, person: Person, content: str, note: str, base: int) -> MethodLibrary:
    """Make this text the next version and activate it. ``base`` is the version that was edited.

    Raises ``NotAllowed``; ``Invalid`` with the first problem's words; ``Conflict`` when another version was saved
    meanwhile, or when nothing differs.
    """
    require(person, "library.edit")
    content = content.replace("\r\n", "\n")
    note = note.strip()
    if not note or len(note) > LONGEST_NOTE:
        raise Invalid({"note": f"Say what was changed and why, in 1 to {LONGEST_NOTE} characters."})
    checked = library_check(content=content)
    if checked.library is None:
        bad = [one for one in checked.problems if not one.warning]
        more = f" And {len(bad) - 1} more." if len(bad) > 1 else ""
        raise Invalid({"content": f"{bad[0]}.{more}"})
    active = MethodLibrary.objects.select_for_update(no_key=True).filter(active=True).first()
    newest = active or MethodLibrary.objects.order_by("-version").first()
    if newest is not None and (active is None or newest.version != base):
        who = f" by {newest.changed_by}" if newest.changed_by else ""
        words = f"Version {newest.version} was saved{who} since you began with version {base}: “{newest.note}”."
        raise Conflict(
            f"{words} Your text is still here: compare it with that version and save again.", active=newest.version
        )
    if newest is not None and newest.content == content:
        raise Conflict(f"Nothing differs from version {newest.version}.")
    made = _next(content, checked.library.digest, person=person, note=note)
    told = {"version": made.version, "digest": made.digest, "note": note, "before": base}
    actor = person_actor(person)
    audit.append(actor=actor, what="library.changed", subject=f"library:{made.version}", data=told)
    events.record(events.Happening(SYSTEM_STREAM, "library.changed", f"library:{made.version}", told), actor=actor)
    return made


def library_return(*, person: Person, version: int, base: int) -> MethodLibrary:
    """Make a new version with the content of an older one. Raises as ``library_save`` does, and ``NotThere``."""
    require(person, "library.edit")
    old = MethodLibrary.objects.filter(version=version).first()
    if old is None:
        raise NotThere(f"There is no version {version} of the method library.")
    return library_save(person=person, content=old.content, note=f"back to version {version}", base=base)


def _next(content: str, digest: str, *, person: Person | None, note: str) -> MethodLibrary:
    MethodLibrary.objects.filter(active=True).update(active=False)
    newest: int = MethodLibrary.objects.aggregate(newest=Max("version"))["newest"] or 0
    return MethodLibrary.objects.create(
        version=newest + 1, content=content, digest=digest, active=True, changed_by=person, note=note
    )
