"""Work that is too short to be worth a message of its own: several attempts travel, and are finished, together."""

from apps.tasks.models import Attempt


def is_tiny(attempt: Attempt) -> bool:
    """Whether this attempt (read with agent and task) does nothing and leaves nothing: a no-operation agent's."""
    agent = attempt.agent
    return agent.runtime == "local" and agent.config.get("entry") == "noop" and not attempt.task.produces
