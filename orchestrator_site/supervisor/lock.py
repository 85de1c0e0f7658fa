"""One supervisor for one VAR_DIR: a lock that the kernel drops when its holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestrator_site.env import ConfigurationError


@contextmanager
def only_one(file: Path, *, note: str) -> Iterator[None]:
    """Hold ``file`` while the block runs; ``note`` tells a second comer what runs here.

    Raises ConfigurationError when another process holds it.
    """
    with file.open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            raise ConfigurationError(
                f"Command Post already runs on {file.parent}: {stream.read().strip() or 'another process holds it'}. "
                "Use that one, stop it with Ctrl-C or SIGTERM, or set VAR_DIR and PORT for a second installation."
            ) from error
        stream.truncate(0)
        stream.write(f"process {os.getpid()}, {note}\n")
        stream.flush()
        yield
        stream.truncate(0)
