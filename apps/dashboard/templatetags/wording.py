"""Figures and times as the words that pages show: pure functions."""

import zlib
from decimal import Decimal

_STEPS = ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h"), (30 * 86400, 86400, "d"))
FACES = 6


def duration(minutes: float | None) -> str:
    """Minutes as words, with at most two units.

    >>> [duration(m) for m in (None, 0, 0.005, 0.0005, 0.2, 0.75, 59.6, 95, 1500, 2880)]
    ['–', '0 min', '0.3 s', 'under 0.1 s', '12 s', '45 s', '1 h', '1 h 35 min', '1 d 1 h', '2 d']
    """
    if minutes is None:
        return "–"
    if 0 < minutes < 1:
        seconds = minutes * 60
        if seconds < 0.95:
            return f"{seconds:.1f} s" if seconds >= 0.095 else "under 0.1 s"
        return f"{round(seconds)} s"
    whole = round(minutes)
    hours, rest = divmod(whole, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return f"{days} d" + (f" {hours_left} h" if hours_left else "")
    if hours:
        return f"{hours} h" + (f" {rest} min" if rest else "")
    return f"{whole} min"


def fine(minutes: float | None) -> str:
    """Minutes as words, with seconds below ten minutes: where plans of a few minutes are compared.

    >>> [fine(m) for m in (None, 0.2, 2.8, 3.0, 95)]
    ['–', '12 s', '2 min 48 s', '3 min', '1 h 35 min']
    """
    if minutes is None or not 1 <= minutes < 10:
        return duration(minutes)
    whole, seconds = divmod(round(minutes * 60), 60)
    return f"{whole} min" + (f" {seconds} s" if seconds else "")


def money(amount: Decimal | None, currency: str = "$") -> str:
    """An amount with its currency sign before it.

    >>> [money(Decimal(a)) for a in ("12.4", "0", "1234.5", "0.0042", "-3")]
    ['$12.40', '$0.00', '$1,234.50', '$0.0042', '−$3.00']
    """
    if amount is None:
        return "–"
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    digits = 4 if 0 < size < Decimal("0.01") else 2
    return f"{sign}{currency}{size:,.{digits}f}"


def relative(seconds: float) -> str:
    """How long ago (positive) or ahead (negative) something is.

    >>> [relative(s) for s in (2, 50, 150, 7300, 200000, -90)]
    ['just now', '50 s ago', '2 min ago', '2 h ago', '2 d ago', 'in 1 min']
    """
    size = abs(seconds)
    if size < 5:
        return "just now"
    unit, name = next(((unit, name) for limit, unit, name in _STEPS if size < limit), (86400, "d"))
    words = f"{int(size // unit)} {name}"
    return f"{words} ago" if seconds > 0 else f"in {words}"


def initials(name: str) -> str:
    """At most two letters for a person or an agent.

    >>> initials("Ada Lovelace"), initials("code-reviewer"), initials("root"), initials("")
    ('AL', 'CR', 'RO', '?')
    """
    words = [word for word in name.replace("-", " ").replace("_", " ").replace(".", " ").split() if word]
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


def colour_of(name: str) -> int:
    """The number of the colour that belongs to a name: always the same for the same name."""
    return zlib.crc32(name.encode()) % FACES
