"""The one shape of every way to reach an agent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Protocol

Event = dict[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """What this installation gives to a runtime. `scratch` is where work folders are made; None is the system's own."""

    scratch: Path | None = None
    allow_unisolated: bool = False
    timeout_seconds: float = 300.0


@dataclass(frozen=True)
class Result:
    """What an attempt brought.

    `tree` holds new and changed files only, `deleted` the paths that are gone. `claims` are the agent's own words
    and prove nothing. `isolated` is None where nothing was run here. A failed result has an `error` for a person and
    no tree. A waiting one has the `parts` into which the agent asks to have its task split, and says why in `summary`.
    """

    outcome: Literal["succeeded", "failed", "waiting"]
    tree: dict[str, bytes] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    summary: str = ""
    claims: tuple[str, ...] = ()
    cost: Decimal = Decimal(0)
    error: str = ""
    isolated: bool | None = None
    parts: tuple[Mapping[str, Any], ...] = ()


class Runtime(Protocol):
    """Starts an agent on a packet and stays with it until there is a result.

    `tree` is the whole workspace as {path: content}. `on_event` gets validated events as they
    come. `stop` is asked often; once true, the attempt ends as failed. Whatever the agent does ends in a Result;
    exceptions are for faults of this installation.
    """

    def start(
        self,
        packet: Mapping[str, Any],
        tree: Mapping[str, bytes],
        *,
        on_event: Callable[[Event], None],
        stop: Callable[[], bool],
    ) -> Result: ...


class UnknownRuntime(LookupError):
    """There is no runtime of this kind."""

    def __init__(self, kind: str, known: list[str]) -> None:
        super().__init__(f"There is no runtime '{kind}'; this installation has {', '.join(sorted(known))}.")


class BadConfig(ValueError):
    """The agent's configuration does not fit its runtime; the sentence says what to change."""
