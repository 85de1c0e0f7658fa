"""Buttons that act: which ones a page shows, and for a disabled one the sentence that says why."""

from dataclasses import dataclass
from typing import Any

from apps.accounts import policy


@dataclass(frozen=True)
class Control:
    """One button. ``why_not`` disables it. ``confirm`` asks first; ``dialog`` opens that dialog instead of acting."""

    key: str
    label: str
    icon: str
    href: str
    why_not: str = ""
    primary: bool = False
    bad: bool = False
    confirm: str = ""
    dialog: str = ""

    @property
    def enabled(self) -> bool:
        return not self.why_not


def refusal(person: Any, action: str, thing: Any = None) -> str:
    """The sentence of the policy's refusal; empty where the person may."""
    answer = policy.allows(person, action, thing)
    return "" if isinstance(answer, policy.Allowed) else answer.sentence
