"""Markdown out of untrusted words: what comes from a brief never becomes markup."""

from collections.abc import Iterable, Sequence

from apps.agents.crew.naming import one_line

_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "\\|", "`": "'", "[": "\\[", "]": "\\]", "*": "\\*"}
)


def safe(text: object, most: int = 400) -> str:
    return one_line(str(text), most).translate(_ESCAPES)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    lines += [" | ".join(safe(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def bullets(items: Iterable[object], empty: str = "None.") -> str:
    lines = [f"- {safe(item, 600)}" for item in items]
    return "\n".join(lines) if lines else empty


def document(title: str, *sections: tuple[str, str], lead: str = "") -> str:
    """A heading, a lead and sections of (heading, body); the body is Markdown already."""
    parts = [f"# {safe(title, 160)}"]
    if lead:
        parts.append(lead)
    parts += [f"## {heading}\n\n{body}" for heading, body in sections]
    return "\n\n".join(parts) + "\n"


def counted(number: int, noun: str) -> str:
    """`1 feature`, `2 features`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(items: Sequence[str]) -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
