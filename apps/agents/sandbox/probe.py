"""Whether this machine lets us isolate at all: tried once for each process, because the answer does not change under
us.
"""

import functools
import tempfile
from pathlib import Path

from apps.agents.sandbox.launch import run
from apps.agents.sandbox.shapes import Availability, IsolationRefused


@functools.cache
def available() -> Availability:
    """Starts `true` in a sandbox; `reason` says what was refused and how to mend it."""
    with tempfile.TemporaryDirectory(prefix="probe-") as folder:
        try:
            outcome = run(["true"], workdir=Path(folder), timeout_seconds=20, env={"PATH": "/usr/bin:/bin"})
        except (IsolationRefused, OSError) as error:
            return Availability(ok=False, reason=str(error))
    if not outcome.succeeded:
        return Availability(
            ok=False,
            reason=f"a first trial ended with {outcome.returncode}: {outcome.stderr[-300:].decode(errors='replace')}",
        )
    return Availability(ok=True)
