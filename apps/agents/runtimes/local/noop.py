"""An agent that does nothing, in this process: what is left to measure is the hub."""

from collections.abc import Callable, Mapping
from typing import Any

from apps.agents.runtimes.base import Event, Result, Surroundings


class NoopRuntime:
    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings

    def start(
        self,
        packet: Mapping[str, Any],
        tree: Mapping[str, bytes],
        *,
        on_event: Callable[[Event], None],
        stop: Callable[[], bool],
    ) -> Result:
        return Result(outcome="succeeded", summary="Nothing was done, as configured.")
