"""Restarting what died: at once the first time, then with growing pauses, so that a broken program does not spin."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from orchestrator_site.supervisor.process import Child

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# Whoever ran this long had a good start; the next death begins the ladder anew.
GOOD_RUN = 60.0


@dataclass(slots=True)
class Watched:
    """A child, how to start it, and when it may be started again. Times are of ``time.monotonic``, in seconds."""

    child: Child
    start: Callable[[], None]
    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    pause: float = FIRST_PAUSE
    started: float = field(default=0.0)
    again_at: float | None = None

    def __post_init__(self) -> None:
        self.started = self.clock()

    def look(self) -> None:
        """Call often. Starts the child again when it is dead and its pause is over."""
        if self.child.running:
            return
        now = self.clock()
        if self.again_at is None:
            if now - self.started > GOOD_RUN:
                self.pause = FIRST_PAUSE
            self.say(f"{self.child.name} ended with code {self.child.exit_code}; it starts again in {self.pause:g} s")
            if words := self.child.last_lines():
                self.say(words)
            self.again_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        elif now >= self.again_at:
            self.again_at = None
            self.started = now
            try:
                self.start()
            except (RuntimeError, OSError) as error:
                self.say(str(error))
