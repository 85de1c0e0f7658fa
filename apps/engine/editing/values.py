"""What may stand in a task's fields: each function gives the value as it is kept, or refuses with the field's name."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.engine.editing.draft import Rules
from apps.engine.editing.errors import BadInput
from apps.engine.methods import PHASES

TITLE_LIMIT = 200
TEXT_LIMIT = 20_000
PATH_LIMIT = 300
ITEMS_LIMIT = 200
LONGEST = 100_000.0  # minutes: about ten weeks for one task
# The four inputs of RICE, each with the least and the most that it can be.
RICE_LIMITS = {"reach": (0.0, 100_000.0), "impact": (0.0, 10.0), "confidence": (0.0, 1.0), "effort": (0.01, LONGEST)}
POINTS = ("optimistic", "likely", "pessimistic")
# The parameter that says which files the task's method makes, once people changed what it is to make.
PLANNED = "planned"
_SLUG = re.compile(r"[^a-z0-9]+")


def title_of(value: str) -> str:
    """One line of 1 to 200 characters."""
    text = " ".join(value.split())
    if not text:
        raise BadInput({"title": "Give the task a title."})
    if len(text) > TITLE_LIMIT:
        raise BadInput({"title": f"A title has {TITLE_LIMIT} characters at most; this one has {len(text)}."})
    return _clean(text, "title")


def text_of(value: str, field: str) -> str:
    """Any text up to 20,000 characters."""
    if len(value) > TEXT_LIMIT:
        raise BadInput({field: f"This has {len(value):,} characters; {TEXT_LIMIT:,} is the most."})
    return _clean(value.replace("\r\n", "\n").strip(), field)


def phase_of(value: int) -> int:
    if value not in PHASES:
        raise BadInput({"phase": "A phase is a number from 1 to 7."})
    return value


def capability_of(value: str, rules: Rules) -> str:
    """One that the library or some agent knows."""
    name = value.strip()
    if name not in rules.capabilities:
        near = sorted(known for known in rules.capabilities if known.split(".")[0] == name.split(".")[0])
        hint = f" Near it are {', '.join(near[:6])}." if near else ""
        raise BadInput({"capability": f"No method and no agent knows the capability '{name}'.{hint}"})
    return name


def agent_of(value: str, capability: str, rules: Rules) -> str:
    """The slug of an active agent that has the capability; empty: whoever is best."""
    slug = value.strip()
    if not slug:
        return ""
    worker = next((worker for worker in rules.settings.workers if worker.slug == slug), None)
    if worker is None:
        raise BadInput({"agent": f"There is no active agent '{slug}'."})
    if capability not in worker.capabilities:
        known = ", ".join(sorted(worker.capabilities)) or "nothing"
        raise BadInput({"agent": f"The agent '{slug}' can't do {capability}. It can do: {known}."})
    return slug


def paths_of(values: Iterable[str], field: str, *, least: int = 0) -> list[str]:
    """Relative paths, each once."""
    paths = list(dict.fromkeys(path for value in values if (path := unicodedata.normalize("NFC", value.strip()))))
    for path in paths:
        words = _path_refusal(path)
        if words:
            raise BadInput({field: f"{path[:80]!r} {words}"})
    if len(paths) < least:
        raise BadInput({field: "Name at least one file that the task makes: without one nobody can check it."})
    if len(paths) > ITEMS_LIMIT:
        raise BadInput({field: f"{ITEMS_LIMIT} files are the most."})
    return paths


def _path_refusal(path: str) -> str:
    if len(path) > PATH_LIMIT:
        return f"is longer than {PATH_LIMIT} characters."
    if any(unicodedata.category(char).startswith("C") for char in path) or "\\" in path:
        return "has a character that no path may have."
    parts = path.split("/")
    if any(part.strip() in ("", ".", "..") for part in parts) or parts[0].casefold() == ".git":
        return "is no path inside the workspace: write it like docs/plan.md."
    return ""


def acceptance_of(values: Sequence[str]) -> list[str]:
    """At least one criterion, each a line."""
    criteria = list(dict.fromkeys(line for value in values if (line := " ".join(value.split()))))
    if not criteria:
        raise BadInput({"acceptance": "Say at least once how one sees that the task is done."})
    if len(criteria) > ITEMS_LIMIT or sum(map(len, criteria)) > TEXT_LIMIT:
        raise BadInput({"acceptance": f"{ITEMS_LIMIT} criteria and {TEXT_LIMIT:,} characters are the most."})
    return [_clean(line, "acceptance") for line in criteria]


def estimate_of(optimistic: float, likely: float, pessimistic: float) -> tuple[float, float, float]:
    """Three points in minutes, in their order, more than nothing."""
    found = dict(zip(POINTS, map(float, (optimistic, likely, pessimistic)), strict=True))
    for name, value in found.items():
        if not math.isfinite(value) or not 0 < value <= LONGEST:
            raise BadInput({name: f"Give minutes above 0, at most {LONGEST:,.0f}."})
    if found["optimistic"] > found["likely"]:
        raise BadInput({"likely": "The likely duration can't be below the optimistic one."})
    if found["likely"] > found["pessimistic"]:
        raise BadInput({"pessimistic": "The pessimistic duration can't be below the likely one."})
    return found["optimistic"], found["likely"], found["pessimistic"]


def rice_input_of(name: str, value: float) -> float:
    least, most = RICE_LIMITS[name]
    if not math.isfinite(value) or not least <= value <= most:
        raise BadInput({name: f"Give a number from {least:g} to {most:,.0f}."})
    return float(value)


def key_of(title: str, taken: Iterable[str]) -> str:
    """A key for a new task, that no other has.

    >>> key_of("Write the déjà vu!", {"added-write-the-deja-vu"})
    'added-write-the-deja-vu-2'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = f"added-{_SLUG.sub('-', plain).strip('-')[:100] or 'task'}"
    return unique(base, taken)


def unique(base: str, taken: Iterable[str]) -> str:
    """``base``, or ``base`` with the first number that no other has."""
    known = set(taken)
    if base not in known:
        return base
    return next(name for number in range(2, len(known) + 3) if (name := f"{base}-{number}") not in known)


def with_planned(task: Mapping[str, Any]) -> dict[str, Any]:
    """The task's parameters with what its method makes: what it made before people first changed that.

    >>> with_planned({"parameters": {"feature": "x"}, "produces": ["a.py", "b.py"]})
    {'feature': 'x', 'planned': ['a.py', 'b.py']}
    >>> with_planned({"parameters": {"planned": []}, "produces": ["c.md"]})
    {'planned': []}
    """
    parameters = dict(task["parameters"])
    return {**parameters, PLANNED: list(parameters.get(PLANNED, task["produces"]))}


def _clean(text: str, field: str) -> str:
    bad = next((char for char in text if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"), None)
    if bad is not None:
        raise BadInput({field: "This has a control character, which no text here may have."})
    return text


def minutes_of(points: tuple[float, float, float]) -> dict[str, Any]:
    """A task's columns of its estimate."""
    optimistic, likely, pessimistic = points
    mean = (optimistic + 4 * likely + pessimistic) / 6
    return {"optimistic": optimistic, "likely": likely, "pessimistic": pessimistic, "minutes": mean}
