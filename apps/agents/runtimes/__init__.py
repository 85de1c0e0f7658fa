"""How agents are reached: one folder a kind, one line each in the registry. See docs/add-a-runtime.md."""

from collections.abc import Callable, Mapping
from typing import Any

from apps.agents.runtimes import local
from apps.agents.runtimes.base import BadConfig, Event, Result, Runtime, Surroundings, UnknownRuntime

Maker = Callable[[Mapping[str, Any], Surroundings], Runtime]

REGISTRY: dict[str, Maker] = {
    "local": local.make,
}


def runtime_for(
    kind: str, config: Mapping[str, Any] | None = None, surroundings: Surroundings | None = None
) -> Runtime:
    """The runtime of an agent. Raises UnknownRuntime, or BadConfig when the agent's configuration does not fit."""
    if kind not in REGISTRY:
        raise UnknownRuntime(kind, list(REGISTRY))
    return REGISTRY[kind](config or {}, surroundings or Surroundings())


__all__ = [
    "REGISTRY",
    "BadConfig",
    "Event",
    "Maker",
    "Result",
    "Runtime",
    "Surroundings",
    "UnknownRuntime",
    "runtime_for",
]
