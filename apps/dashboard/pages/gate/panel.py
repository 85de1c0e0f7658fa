"""The panel to decide: what my vote counts for, who has voted, what I can do, and in words why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from apps.accounts import sessions
from apps.accounts.models import Person
from apps.engine.seats import APPROVING, may_sit
from apps.gates import rules
from apps.gates.ballot_papers import REASON_CODES
from apps.gates.models import Vote
from apps.gates.selectors import Button, GatePage
from apps.goals.models import PHASE_NAMES

OUTCOMES = {
    "approve": ("This gate passes", "good"),
    "override": ("This gate passes by an override", "bad"),
    "changes": ("Changes are asked for", "warn"),
    "reject": ("This round is rejected", "bad"),
}


@dataclass
class Draft:
    """What a person has typed so far, kept when it was refused; ``problems`` has the words beside each field."""

    verdict: str = ""
    comment: str = ""
    group: str = ""
    to_phase: int | None = None
    reason_code: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    problems: Mapping[str, str] = field(default_factory=dict)


def panel(
    page: GatePage, person: Person, session: Mapping[str, Any], *, seen: str | None, supplied: str = ""
) -> dict[str, Any]:
    """No query beside the person's groups. ``seen`` is the digest that the open page was rendered with; ``supplied``
    says why changes can't be requested of a phase whose artifacts people brought along."""
    digest = page.round.evidence_digest if page.round else ""
    stale = seen is not None and seen != digest and page.gate.status in ("open", "deciding")
    minutes = rules.rule_of(page.round).fresh_minutes if page.round else 0
    ask_password = bool(minutes and page.gate.status in ("open", "deciding")) and not sessions.fresh(session, minutes)
    meanwhile = "The evidence has changed" if seen else "The gate has opened"
    why = f"{meanwhile} since you opened this page: look at it first." if stale else ""
    word, tone = OUTCOMES.get(page.decision.outcome if page.decision else "", ("", ""))
    buttons = _held(page.buttons, why, _password_words(minutes) if ask_password else "")
    if supplied and not buttons["request_changes"].why_not:
        buttons["request_changes"] = replace(buttons["request_changes"], why_not=supplied)
    return {
        "digest": digest,
        "stale": stale,
        "ask_password": ask_password and bool(page.my_vote_counts_for),
        "fresh_minutes": minutes,
        "fresh_words": _span(minutes),
        "counts_for": _counts_for(page),
        "buttons": buttons,
        # While a decision waits, the line with the seconds has the button.
        "take_back": page.gate.status == "open" and buttons["withdraw"].enabled,
        "outcome_word": word,
        "outcome_tone": tone,
        "votes_shown": [_vote(vote) for vote in page.votes],
        "can_vote": page.gate.status in ("open", "deciding"),
    }


def forms(page: GatePage, person: Person) -> dict[str, Any]:
    """What the forms of the panel offer: groups to speak for, reasons, conditions to begin with. One query."""
    rule = rules.rule_of(page.round) if page.round else None
    groups = [group for group in person.seat_groups.all() if rule and may_sit(rule, frozenset({group.slug}))]
    return {
        "groups": groups if len(groups) > 1 and not page.solo else [],
        "reasons": REASON_CODES,
        "due_phases": [(number, PHASE_NAMES[number]) for number in range(page.gate.phase + 1, 8)],
        "demanded": [{"check": one.name, "sentence": one.sentence} for one in page.open_checks],
    }


def _counts_for(page: GatePage) -> str:
    if page.solo and page.my_vote_counts_for.startswith("Your vote fills the seat"):
        return "One vote decides here, and yours counts."
    return page.my_vote_counts_for


def _held(buttons: Mapping[str, Button], everything: str, approving: str) -> dict[str, Button]:
    """The selector's buttons, with what only this page knows: stale evidence, a sign-in that is too old."""
    found = {}
    for verdict, button in buttons.items():
        why = button.why_not
        if not why and everything and verdict != "withdraw":
            why = everything
        if not why and verdict in APPROVING:
            why = approving
        found[verdict] = replace(button, why_not=why)
    return found


def _password_words(minutes: int) -> str:
    return f"This gate wants a sign-in of the last {_span(minutes)}: give your password again first."


def _span(minutes: int) -> str:
    return f"{minutes // 60} hours" if minutes >= 120 and minutes % 60 == 0 else f"{minutes} minutes"


def _vote(vote: Vote) -> dict[str, Any]:
    return {
        "person": str(vote.person),
        "verdict": vote.verdict,
        "group": vote.group.name if vote.group else "",
        "comment": vote.comment,
        "at": vote.at,
        "items": [item.get("text", "") for item in vote.items if isinstance(item, dict)],
        "to_phase": vote.to_phase,
        "reason": REASON_CODES.get(vote.reason_code, ""),
    }
