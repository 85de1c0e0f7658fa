"""Numbers in sentences that people read."""


def count(number: float, one: str, more: str = "") -> str:
    """A number with its noun in the right form.

    >>> count(1, "second"), count(2.5, "second"), count(1, "try", "tries"), count(12000, "try", "tries")
    ('1 second', '2.5 seconds', '1 try', '12,000 tries')
    """
    shown = f"{number:,}" if isinstance(number, int) else f"{number:g}"
    return f"{shown} {one if number == 1 else more or one + 's'}"
