"""What is accepted of a person who submits a goal: rules that answer with the words shown beside the field."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.core import clock

BRIEF_LIMIT = 200 * 1024
TITLE_LIMIT = 200
BUDGET_LIMIT = Decimal(10) ** 10
SLOTS_RANGE = (1, 50)
_TEXT_CONTROLS = frozenset("\t\n\v\f\r\x85")


@dataclass(frozen=True)
class Constraints:
    """What the goal must keep to: a deadline, a budget in euro, at most so many slots at once. None is 'no limit'."""

    deadline: datetime | None = None
    budget: Decimal | None = None
    slots: int | None = None


def brief_problem(content: bytes) -> str | None:
    """Why these bytes can't be a brief, as a sentence; None if they can.

    >>> brief_problem(b"Keep a list of books.")
    >>> brief_problem(b"  ")
    'The brief is empty. Write down what you want, in a few sentences.'
    """
    if len(content) > BRIEF_LIMIT:
        return (
            f"The brief has {len(content) // 1024:,} KB; at most {BRIEF_LIMIT // 1024} KB can be read. "
            "Keep what matters, and leave data out."
        )
    if b"\x00" in content:
        return "The brief contains NUL bytes, as a binary or UTF-16 file does. Save it as plain text in UTF-8."
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return (
            f"The brief is not text in UTF-8: byte {error.start + 1:,} can't be read. Save it as UTF-8 and try again."
        )
    if any(_is_control(character) for character in text):
        return "The brief looks like a binary file: it contains control characters. Save it as plain text in UTF-8."
    if not text.strip("\ufeff \t\r\n\v\f\u00a0"):
        return "The brief is empty. Write down what you want, in a few sentences."
    return None


def title_problem(title: str) -> str | None:
    """Why this can't be a title, as a sentence; None if it can."""
    if not title.strip():
        return "Give the goal a title, so that people recognise it in a list."
    if len(title.strip()) > TITLE_LIMIT:
        return f"The title has {len(title.strip())} characters; at most {TITLE_LIMIT} fit."
    if any(_is_control(character) or character in "\n\r" or _is_half(character) for character in title):
        return "The title contains control characters or line breaks. Write it on one line."
    return None


def constraint_problems(constraints: Constraints) -> dict[str, str]:
    """Words for each constraint that can't hold, by the field's name."""
    problems: dict[str, str] = {}
    deadline, budget, slots = constraints.deadline, constraints.budget, constraints.slots
    if deadline is not None and deadline.tzinfo is None:
        problems["deadline"] = "Say the deadline with its time zone."
    elif deadline is not None and deadline <= clock.now():
        problems["deadline"] = "The deadline has passed already. Choose a later one."
    if budget is not None and not (budget.is_finite() and 0 <= budget < BUDGET_LIMIT):
        problems["budget"] = "The budget is an amount in euro, 0 or more and below ten billion."
    if slots is not None and not SLOTS_RANGE[0] <= slots <= SLOTS_RANGE[1]:
        problems["slots"] = f"A goal can use from {SLOTS_RANGE[0]} to {SLOTS_RANGE[1]} slots."
    return problems


def _is_control(character: str) -> bool:
    return (character < " " or "\x7f" <= character < "\xa0") and character not in _TEXT_CONTROLS


def _is_half(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"
