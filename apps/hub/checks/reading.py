"""Reading what agents wrote: strict, bounded, and never trusted to have the shape that was asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.core.strictjson import NotStrictJson, loads
from apps.gates.results import CheckResult
from apps.hub.checks.material import Material

LONGEST = 300


@dataclass(frozen=True)
class Unreadable:
    """Why a file can't be used, in a sentence."""

    sentence: str


def passed(name: str, sentence: str, **proof: Any) -> CheckResult:
    return CheckResult(name, "passed", sentence, proof=proof)


def failed(name: str, sentence: str, **proof: Any) -> CheckResult:
    return CheckResult(name, "failed", sentence, proof=proof)


def not_run(name: str, sentence: str, **proof: Any) -> CheckResult:
    return CheckResult(name, "not_run", sentence, proof=proof)


def text(material: Material, path: str) -> str | Unreadable:
    content = material.files.get(path)
    if content is None:
        return Unreadable(f"{path} is missing.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return Unreadable(f"{path} is not UTF-8 text.")


def document(material: Material, path: str) -> Mapping[str, Any] | Unreadable:
    """A JSON object."""
    content = material.files.get(path)
    if content is None:
        return Unreadable(f"{path} is missing.")
    try:
        value = loads(content)
    except NotStrictJson as error:
        return Unreadable(f"{path}: {error}")
    return value if isinstance(value, dict) else Unreadable(f"{path} does not hold a JSON object.")


def entries(value: Any, key: str) -> list[Mapping[str, Any]]:
    """The objects in the list ``value[key]``; whatever else is there is left out."""
    found = value.get(key) if isinstance(value, Mapping) else None
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []


def numbers(value: Any) -> list[int]:
    """The whole numbers of a list."""
    if not isinstance(value, list):
        return []
    return [number for number in value if isinstance(number, int) and not isinstance(number, bool)]


def whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def words(value: Any, longest: int = LONGEST) -> str:
    """A short single-line text out of whatever is there; empty when it is not a text."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value.replace("\x00", "").split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def plain(value: str) -> str:
    """Letters and digits only, in lower case: for looking whether a text is there, whatever its markup."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in value.casefold()).split())


def listed(names: Iterable[Any], most: int = 5) -> str:
    """The first few of many, in words."""
    found = [str(name) for name in names]
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more
