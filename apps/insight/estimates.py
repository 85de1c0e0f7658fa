"""What tasks really took: the samples that the planner's estimates learn from."""

from collections import defaultdict

from django.db import connection

from apps.engine.estimates import NEWEST, Measured, Sample

# A failure costs no estimate, so a capability that fails often is still looked at NEWEST successes deep.
LOOKED_AT = 2 * NEWEST

# The capabilities are found by skipping through the index from one to the next; each then walks the newest of its own
# tasks. So the cost follows the number of capabilities, and not that of the attempts that have piled up.
#
# A sample is an attempt that ran to its end: neither cancelled, expired nor superseded (another attempt of the same
# revision succeeded after it), not a person's (their time says when they looked, not how long it takes), and not one
# that had nothing to do (it ends in the moment in which it begins). Reviews are not planned, so they teach no plan.
MEASURED = """
WITH RECURSIVE names (capability) AS (
    (SELECT capability FROM tasks_task WHERE kind = 'work' AND started_at IS NOT NULL ORDER BY capability LIMIT 1)
    UNION ALL
    SELECT (SELECT capability FROM tasks_task
            WHERE kind = 'work' AND started_at IS NOT NULL AND capability > names.capability
            ORDER BY capability LIMIT 1)
    FROM names WHERE names.capability IS NOT NULL
)
SELECT names.capability, tried.key, tried.status, tried.seconds
FROM names CROSS JOIN LATERAL (
    SELECT task.key, attempt.status, extract(epoch FROM attempt.finished_at - attempt.started_at) AS seconds,
           task.started_at, attempt.fence
    FROM tasks_task task
    JOIN tasks_attempt attempt ON attempt.task_id = task.id
    JOIN agents_agent agent ON agent.id = attempt.agent_id
    WHERE task.capability = names.capability AND task.kind = 'work' AND task.started_at IS NOT NULL
      AND attempt.status IN ('succeeded', 'failed') AND attempt.started_at < attempt.finished_at
      AND agent.runtime <> 'human'
      AND NOT EXISTS (
          SELECT 1 FROM tasks_attempt later
          WHERE attempt.status = 'succeeded' AND later.task_id = task.id AND later.fence > attempt.fence
            AND later.revision = attempt.revision AND later.status = 'succeeded')
    ORDER BY task.started_at DESC
    LIMIT %s
) tried
WHERE names.capability IS NOT NULL
ORDER BY names.capability, tried.started_at DESC, tried.fence DESC
"""


def measured() -> dict[str, Measured]:
    """The newest attempts by capability, in minutes of execution: one statement, whatever has piled up."""
    samples: dict[str, list[Sample]] = defaultdict(list)
    failed: dict[str, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(MEASURED, [LOOKED_AT])
        for capability, key, status, seconds in cursor.fetchall():
            if status == "failed":
                failed[capability] += 1
            elif len(samples[capability]) < NEWEST:
                samples[capability].append(Sample(key, float(seconds) / 60))
    return {
        name: Measured(tuple(samples[name]), failed[name])
        for name in sorted({*samples, *failed})
        if samples[name] or failed[name]
    }
