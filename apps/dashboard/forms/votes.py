"""A vote as it was posted: rows of changes or conditions become items; the rules judge what they say."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from django.http import QueryDict

from apps.accounts.models import Group, Person
from apps.core.errors import Invalid
from apps.dashboard.pages.gate.panel import Draft

# What a vote carries beside its digest: kept in hidden fields where it has to be confirmed or signed anew.
FIELDS = (
    "verdict",
    "comment",
    "group",
    "to_phase",
    "reason_code",
    "item_text",
    "item_anchor",
    "condition_text",
    "condition_check",
    "condition_due",
    "condition_owner",
)


def draft_of(posted: QueryDict) -> Draft:
    """What was typed, as it was typed; rows without any text are left out."""
    verdict = _text(posted, "verdict")
    return Draft(
        verdict=verdict,
        comment=_text(posted, "comment"),
        group=_text(posted, "group"),
        to_phase=_number(_text(posted, "to_phase")),
        reason_code=_text(posted, "reason_code"),
        items=_conditions(posted) if verdict == "approve_with_conditions" else _changes(posted),
    )


def group_of(draft: Draft, person: Person) -> Group | None:
    """The group the person speaks for; None leaves it to the seats. Raises ``Invalid`` for an unknown one."""
    if not draft.group:
        return None
    found = Group.objects.filter(slug=draft.group).first()
    if found is None:
        raise Invalid({"group": "There is no such group."})
    return found


def hidden(posted: QueryDict) -> list[tuple[str, str]]:
    """The vote's fields again, to be sent once more."""
    return [(name, value.replace("\x00", "")) for name in FIELDS for value in posted.getlist(name)]


def _changes(posted: QueryDict) -> list[dict[str, Any]]:
    rows = zip_longest(posted.getlist("item_text"), posted.getlist("item_anchor"), fillvalue="")
    return [{"text": text, "anchor": anchor.strip()} for text, anchor in rows if text.strip()]


def _conditions(posted: QueryDict) -> list[dict[str, Any]]:
    columns: Sequence[list[str]] = [posted.getlist(f"condition_{name}") for name in ("text", "check", "due", "owner")]
    return [
        {"text": text, "check": check, "due_phase": _number(due), "owner": owner.strip()}
        for text, check, due, owner in zip_longest(*columns, fillvalue="")
        if text.strip()
    ]


def _text(posted: QueryDict, name: str) -> str:
    return posted.get(name, "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
