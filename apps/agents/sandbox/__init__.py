"""Running code that nobody has reason to trust: generated programs, agents' commands, foreign tests.

Standard library only. `run` starts a command in namespaces of its own, `collect` takes back what it left behind,
`available` says whether this machine allows it.
"""

from apps.agents.sandbox.collect import CollectError, Harvest, Rules, collect, fill, remove_tree
from apps.agents.sandbox.launch import run
from apps.agents.sandbox.probe import available
from apps.agents.sandbox.shapes import Availability, IsolationRefused, Limits, Outcome

__all__ = [
    "Availability",
    "CollectError",
    "Harvest",
    "IsolationRefused",
    "Limits",
    "Outcome",
    "Rules",
    "available",
    "collect",
    "fill",
    "remove_tree",
    "run",
]
