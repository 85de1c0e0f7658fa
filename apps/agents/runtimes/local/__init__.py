"""Agents that are programs of this installation, run in the sandbox. config: {"entry": "crew"} or {"entry": "noop"}."""

from collections.abc import Mapping
from typing import Any

from apps.agents.runtimes.base import BadConfig, Runtime, Surroundings
from apps.agents.runtimes.local.crew import CrewRuntime
from apps.agents.runtimes.local.noop import NoopRuntime

ENTRIES: dict[str, type[CrewRuntime] | type[NoopRuntime]] = {"crew": CrewRuntime, "noop": NoopRuntime}


def make(config: Mapping[str, Any], surroundings: Surroundings) -> Runtime:
    """Raises BadConfig for an entry that is not there."""
    entry = str(config.get("entry") or "crew")
    if entry not in ENTRIES:
        raise BadConfig(f"A local agent has the entry {' or '.join(ENTRIES)}, not '{entry}'.")
    return ENTRIES[entry](surroundings)
