"""Python literals and sentences out of untrusted words, so that generated code says what was meant and nothing else."""

import pprint
import re
from pathlib import Path
from typing import Any

from apps.agents.crew.naming import one_line

TEMPLATES = Path(__file__).with_name("templates")


def fill(name: str, **values: str) -> str:
    """The template `name` with every @@WORD@@ replaced; values stand in it as they are and must be safe."""
    text = (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    # One pass, so that a value that looks like a placeholder stays what it is.
    return re.sub(r"@@([A-Z]+)@@", lambda found: values[found[1]], text)


def literal(value: Any) -> str:
    """The Python literal of a value of plain types."""
    return pprint.pformat(value, sort_dicts=False, width=110)


def doc(text: str, most: int = 160) -> str:
    """Words that can stand in a docstring or a comment."""
    return one_line(text, most).replace("\\", "/").replace('"', "'")
