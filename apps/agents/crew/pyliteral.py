"""Python literals and sentences out of untrusted words, so that generated code says what was meant and nothing else."""

import pprint
import string
from pathlib import Path
from typing import Any

from apps.agents.crew.naming import one_line

TEMPLATES = Path(__file__).with_name("templates")


class _Template(string.Template):
    delimiter = "@@"
    pattern = r"""
    (?P<escaped>(?!)) | @@(?P<named>[A-Z]+)@@ | (?P<braced>(?!)) | (?P<invalid>(?!))
    """


def fill(name: str, **values: str) -> str:
    """The template `name` with every @@WORD@@ replaced; values stand in it as they are, so they must be safe already."""
    return _Template((TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")).substitute(values)


def literal(value: Any) -> str:
    """The Python literal of a value of plain types."""
    return pprint.pformat(value, sort_dicts=False, width=110)


def doc(text: str, most: int = 160) -> str:
    """Words that can stand in a docstring or a comment."""
    return one_line(text, most).replace("\\", "/").replace('"', "'")
