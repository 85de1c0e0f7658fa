"""The packet as the crew reads it: strict about the JSON, forgiving about what is missing."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

LARGEST = 8 * 1024 * 1024
DEEPEST = 60


class BadPacket(ValueError):
    """Standard input holds no packet that can be worked on."""


def _constant(text: str) -> NoReturn:
    raise BadPacket(f"{text} is no JSON number.")


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise BadPacket("A number is too large.")
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadPacket("A key stands twice in one object.")
    return found


def strict_json(content: bytes, *, largest: int = LARGEST, deepest: int = DEEPEST) -> Any:
    """The value of `content`; refuses NaN, 1e999, duplicate keys, deep nesting, bad UTF-8. Raises BadPacket."""
    if len(content) > largest:
        raise BadPacket(f"More than {largest} bytes.")
    try:
        text = content.decode("utf-8")
        if _depth(text) > deepest:
            raise BadPacket(f"Nested deeper than {deepest}.")
        return json.loads(text, parse_constant=_constant, parse_float=_float, object_pairs_hook=_pairs)
    except UnicodeDecodeError as error:
        raise BadPacket("Not valid UTF-8.") from error
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        raise BadPacket(str(error)) from error


def _depth(text: str) -> int:
    deepest = depth = 0
    quoted = escaped = False
    for sign in text:
        if quoted:
            if escaped:
                escaped = False
            elif sign == "\\":
                escaped = True
            elif sign == '"':
                quoted = False
        elif sign == '"':
            quoted = True
        elif sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


@dataclass(frozen=True)
class Feedback:
    round: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Packet:
    """What of `task_packet.json` the crew uses."""

    key: str
    title: str
    description: str
    phase: int
    kind: str
    capability: str
    consumes: tuple[str, ...]
    produces: tuple[str, ...]
    parameters: dict[str, Any]
    goal_title: str
    goal_kind: str
    facts: dict[str, Any]
    approach: dict[str, Any]
    constraints: dict[str, Any]
    answers: dict[str, str]
    feedback: tuple[Feedback, ...]
    conditions: tuple[dict[str, Any], ...]
    acceptance: tuple[str, ...]

    @classmethod
    def read(cls, content: bytes) -> "Packet":
        document = strict_json(content)
        if not isinstance(document, dict) or document.get("schema") != "task_packet/1":
            raise BadPacket("This is no packet of schema task_packet/1.")
        task, goal, context = (_object(document, name) for name in ("task", "goal", "context"))
        return cls(
            key=_text(task, "key"),
            title=_text(task, "title"),
            description=_text(task, "description"),
            phase=int(task.get("phase") or 0),
            kind=_text(task, "kind") or "work",
            capability=_text(task, "capability"),
            consumes=tuple(str(path) for path in task.get("consumes") or ()),
            produces=tuple(str(path) for path in task.get("produces") or ()),
            parameters=_object(task, "parameters"),
            goal_title=_text(goal, "title"),
            goal_kind=_text(goal, "kind"),
            facts=_object(context, "facts"),
            approach=_object(context, "approach"),
            constraints=_object(context, "constraints"),
            answers={str(key): str(value) for key, value in _object(context, "answers").items()},
            feedback=tuple(
                Feedback(int(item.get("round") or 0), _text(item, "text"), _text(item, "anchor"))
                for item in document.get("feedback") or ()
                if isinstance(item, dict)
            ),
            conditions=tuple(item for item in document.get("conditions") or () if isinstance(item, dict)),
            acceptance=tuple(str(item) for item in document.get("acceptance") or ()),
        )

    @property
    def planned(self) -> tuple[str, ...] | None:
        """What the library's method for this task makes, where a person shaped the task; None where nobody did."""
        given = self.parameters.get("planned")
        return tuple(map(str, given)) if isinstance(given, list) else None

    @property
    def choices(self) -> dict[str, Any]:
        return {**_object(self.approach, "choices"), **{k: v for k, v in self.parameters.items() if isinstance(v, str)}}


def _object(document: dict[str, Any], name: str) -> dict[str, Any]:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""
