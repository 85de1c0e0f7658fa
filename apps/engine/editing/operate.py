"""One edit: applied to a copy, checked as a whole, and everything derived computed anew; or refused with words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.engine.editing.draft import Draft, Rules
from apps.engine.editing.reading import Operation
from apps.engine.editing.timetable import Blueprint, reschedule
from apps.engine.editing.wiring import check


@dataclass(frozen=True)
class Edited:
    """The new blueprint, and what was done in words."""

    blueprint: Blueprint
    words: str


def operate(blueprint: Mapping[str, Any], operation: Operation, rules: Rules) -> Edited:
    """Apply an operation. ``blueprint`` is left as it is. Raises EditRefused."""
    draft = Draft(blueprint)
    words = operation.apply(draft, rules)
    check(draft)
    return Edited(reschedule(draft.blueprint(), rules.settings), f"{words}.")
