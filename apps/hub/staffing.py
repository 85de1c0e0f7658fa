"""The agents that could do what is asked for: what each can do, does now and has done, in one statement."""

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from apps.agents.runtimes import REGISTRY
from apps.engine.allocation import Seat

_ABLE = """
SELECT agent.id, agent.slug, agent.runtime, agent.config, agent.max_concurrent, agent.cost_per_hour,
    able.capability, score.tries, score.succeeded, score.seconds_total,
    (SELECT count(*) FROM tasks_attempt WHERE agent_id = agent.id AND status IN ('dispatched', 'running'))
FROM agents_agentcapability AS able
JOIN agents_agent AS agent ON agent.id = able.agent_id
LEFT JOIN agents_scorecard AS score ON score.agent_id = agent.id AND score.capability = able.capability
WHERE able.capability = ANY(%s) AND agent.status = 'active' AND agent.runtime = ANY(%s)
ORDER BY agent.slug
"""


@dataclass
class Member:
    """An active agent. ``scores``: for each capability its tries, its successes and their mean minutes."""

    pk: uuid.UUID
    slug: str
    runtime: str
    config: Mapping[str, Any]
    limit: int
    cost_per_hour: float
    running: int
    scores: dict[str, tuple[int, int, float]] = field(default_factory=dict)

    @property
    def seat(self) -> Seat:
        return Seat(self.slug, frozenset(self.scores), self.running, self.limit)


def staff_for(capabilities: Collection[str]) -> dict[str, Member]:
    """The active agents, by slug, that can do any of this and that some runtime reaches."""
    staff: dict[str, Member] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ABLE, [list(capabilities), list(REGISTRY)])
        for pk, slug, runtime, config, limit, rate, capability, tries, succeeded, seconds, running in cursor.fetchall():
            if slug not in staff:
                known = json.loads(config) if isinstance(config, str) else config
                staff[slug] = Member(pk, slug, runtime, known, limit, float(rate), running)
            done = (tries, succeeded, seconds / tries / 60) if tries else (0, 0, 0.0)
            staff[slug].scores[capability] = done
    return staff
