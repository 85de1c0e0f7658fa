"""Changed since the last round: each request, done with its proof or not done, and which files differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.core.untrusted import reveal
from apps.gates.selectors import GatePage

_TONES = {"done": "good", "not_done": "bad", "open": "warn"}
_WORDS = {"done": "Done", "not_done": "Not done", "open": "Not answered yet"}
MOST = 30


@dataclass(frozen=True)
class Asked:
    """One request of the last round and what came of it."""

    text: str
    anchor: str
    answer: str
    tone: str
    word: str
    said: str
    by: str
    task_id: Any
    changed: bool


def changes(page: GatePage) -> dict[str, Any]:
    """No query: everything is in the page."""
    artifacts = [one for one in page.changed if str(one["where"]).startswith("artifacts › ")]
    paths = [reveal(str(one["where"]).removeprefix("artifacts › ")) for one in artifacts]
    rest = [_plain(one) for one in page.changed if one not in artifacts]
    return {
        "asked": [_asked(item, paths) for item in page.change_items],
        "changed_paths": paths[:MOST],
        "changed_paths_more": max(0, len(paths) - MOST),
        "changed_rest": rest[:MOST],
    }


def _asked(item: Any, paths: list[str]) -> Asked:
    proof = item.proof if isinstance(item.proof, dict) else {}
    path = item.anchor.partition(":")[0]
    return Asked(
        text=item.text,
        anchor=item.anchor,
        answer=item.answer,
        tone=_TONES.get(item.answer, "neutral"),
        word=_WORDS.get(item.answer, item.answer),
        said=reveal(str(proof.get("claim", "")))[:400],
        by=reveal(str(proof.get("agent", ""))),
        task_id=item.task_id,
        changed=path in paths,
    )


def _plain(one: Mapping[str, Any]) -> dict[str, str]:
    """A difference for people: texts cut and revealed."""
    return {
        "where": reveal(str(one["where"])),
        "what": str(one["what"]),
        "was": short_value(one["was"]),
        "is": short_value(one["is"]),
    }


def short_value(value: Any) -> str:
    text = "" if value is None else reveal(str(value))
    return text if len(text) <= 120 else f"{text[:120]}…"


def differences(found: Any) -> list[dict[str, str]]:
    """The difference that a stale vote was refused with, in the same words."""
    return [_plain(one) for one in found or []][: 4 * MOST]
