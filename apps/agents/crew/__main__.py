"""`python -m apps.agents.crew`: packet on standard input, JSON lines on standard output, files in the current
directory.
"""

import json
import sys
from pathlib import Path
from typing import Any

from apps.agents.crew import feedback
from apps.agents.crew.packet import LARGEST, BadPacket, Packet
from apps.agents.crew.shaped import fulfil
from apps.agents.crew.work import CannotDo, Work


def _say(kind: str, **data: Any) -> None:
    print(json.dumps({"type": kind, **data}, ensure_ascii=True), flush=True)


def _progress(percent: int, note: str) -> None:
    _say("task.progress", percent=percent, note=note)


def main() -> int:
    """0 when the task is completed, 1 when it failed; in both cases the last line says so."""
    try:
        packet = Packet.read(sys.stdin.buffer.read(LARGEST + 1))
        _say("task.started")
        work = Work(packet, Path.cwd(), _progress)
        summary = fulfil(work)
        feedback.answer(work)
    except (BadPacket, CannotDo, LookupError, OSError) as error:
        _say("task.failed", reason=str(error)[:1000])
        return 1
    except Exception as error:
        _say("task.failed", reason=f"The crew's own fault: {type(error).__name__}: {error}"[:1000])
        return 1
    _say("task.completed", summary=summary[:1000], claims=[claim[:500] for claim in work.claims[:100]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
