"""Work that is too short to be worth a message of its own: several attempts travel, and are finished, together."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.tasks.models import Attempt


def is_tiny(attempt: Attempt) -> bool:
    """Whether this attempt (read with agent and task) does nothing and leaves nothing."""
    return does_nothing(attempt.agent.runtime, attempt.agent.config, attempt.task.produces)


def does_nothing(runtime: str, config: Mapping[str, Any], produces: Sequence[str]) -> bool:
    """Whether an agent of this runtime and configuration is a no-operation agent, and nothing is expected of it."""
    return runtime == "local" and config.get("entry") == "noop" and not produces
