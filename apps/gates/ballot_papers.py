"""What a vote has to bring along, by verdict. Reads nothing, writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.core.errors import Invalid, Unprocessable
from apps.engine.seats import OpenCheck, Rule
from apps.gates.models import VERDICTS

REASON_CODES: Mapping[str, str] = {
    "wrong_goal": "It is not what we want",
    "wrong_direction": "It is not how we want it",
    "quality": "It is not good enough",
    "risk": "It is too risky",
    "cost": "It costs too much",
    "obsolete": "It is not needed any more",
    "other": "Another reason",
}
LONGEST_TEXT = 10_000
LONGEST_ANCHOR = 300
MOST_ITEMS = 100


@dataclass(frozen=True)
class Paper:
    """A vote's content as it came from a person; ``items`` are changes asked for, or conditions."""

    verdict: str
    comment: str = ""
    items: Sequence[Mapping[str, Any]] = ()
    to_phase: int | None = None
    reason_code: str = ""


def cleaned(paper: Paper, *, phase: int, rule: Rule, open_checks: Sequence[OpenCheck]) -> Paper:
    """The paper as it is stored. Raises ``Invalid`` (words beside a field) or ``Unprocessable`` (a rule refuses)."""
    if paper.verdict not in VERDICTS:
        raise Invalid({"verdict": f"A vote is one of: {', '.join(VERDICTS)}."})
    comment = _text(paper.comment, "comment")
    clean = {
        "approve": _approve,
        "approve_with_conditions": _conditions,
        "request_changes": _changes,
        "reject": _reject,
        "override": _override,
    }.get(paper.verdict)
    bare = Paper(paper.verdict, comment)
    return clean(paper, bare, phase, rule, open_checks) if clean else bare


def _approve(paper: Paper, bare: Paper, phase: int, rule: Rule, open_checks: Sequence[OpenCheck]) -> Paper:
    if open_checks:
        way_out = " Approve with conditions, or ask for changes." if rule.conditions else " Ask for changes."
        raise Unprocessable(open_checks[0].sentence + way_out, checks=[check.name for check in open_checks])
    return bare


def _conditions(paper: Paper, bare: Paper, phase: int, rule: Rule, open_checks: Sequence[OpenCheck]) -> Paper:
    if not rule.conditions:
        raise Unprocessable("This gate can't be approved with conditions: everything has to be true now.")
    items = [_condition(entry, phase) for entry in _entries(paper.items)]
    if not items:
        raise Invalid({"conditions": "Name at least one condition, or approve without."})
    answered = {item["check"] for item in items}
    left = [check for check in open_checks if check.name not in answered]
    if left:
        raise Unprocessable(
            f"{left[0].sentence} Name a condition that answers for it.", checks=[check.name for check in left]
        )
    return Paper(bare.verdict, bare.comment, items)


def _changes(paper: Paper, bare: Paper, phase: int, rule: Rule, open_checks: Sequence[OpenCheck]) -> Paper:
    items = [_change(entry) for entry in _entries(paper.items)]
    if not items and not bare.comment:
        raise Invalid({"items": "Say what is to be changed: the agents get your words."})
    return Paper(bare.verdict, bare.comment, items or [{"text": bare.comment, "anchor": ""}])


def _reject(paper: Paper, bare: Paper, phase: int, rule: Rule, open_checks: Sequence[OpenCheck]) -> Paper:
    problems = {}
    if paper.reason_code not in REASON_CODES:
        problems["reason_code"] = f"Choose a reason: {', '.join(REASON_CODES)}."
    if not bare.comment:
        problems["comment"] = "Say why: everybody who worked on it reads it."
    back_to = phase if paper.to_phase is None else paper.to_phase
    if isinstance(back_to, bool) or not isinstance(back_to, int) or not 0 <= back_to <= phase:
        problems["to_phase"] = f"Go back to a phase from 1 to {phase}, or choose 0 to end the goal."
    if problems:
        raise Invalid(problems)
    return Paper(bare.verdict, bare.comment, to_phase=back_to, reason_code=paper.reason_code)


def _override(paper: Paper, bare: Paper, phase: int, rule: Rule, open_checks: Sequence[OpenCheck]) -> Paper:
    if not open_checks:
        raise Unprocessable("There is no failed check to override: approve instead.")
    if not bare.comment:
        raise Invalid({"comment": "Give the reason for the override: it is shown with the deliverable."})
    return bare


def _condition(entry: Mapping[str, Any], phase: int) -> dict[str, Any]:
    due = phase + 1 if entry.get("due_phase") is None else entry["due_phase"]
    if isinstance(due, bool) or not isinstance(due, int) or not phase < due <= 7:
        raise Invalid({"conditions": f"A condition is due in a later phase, from {phase + 1} to 7."})
    text = _text(entry.get("text") or "", "conditions")
    if not text:
        raise Invalid({"conditions": "Each condition needs a text."})
    check, owner = (_text(entry.get(name) or "", "conditions", 150) for name in ("check", "owner"))
    return {"text": text, "check": check[:80], "due_phase": due, "owner": owner}


def _change(entry: Mapping[str, Any]) -> dict[str, Any]:
    text = _text(entry.get("text") or "", "items")
    if not text:
        raise Invalid({"items": "Each change needs a text."})
    return {"text": text, "anchor": _text(entry.get("anchor") or "", "items", LONGEST_ANCHOR)}


def _entries(items: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    if len(items) > MOST_ITEMS:
        raise Invalid({"items": f"At most {MOST_ITEMS} items at once."})
    if not all(isinstance(entry, Mapping) for entry in items):
        raise Invalid({"items": "Each item needs a text."})
    return items


def _text(value: Any, field: str, longest: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise Invalid({field: "This must be plain text."})
    if len(value) > longest:
        raise Invalid({field: f"This text has {len(value)} characters; at most {longest} fit."})
    return value.strip()
