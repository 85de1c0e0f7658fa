"""Secrets that are made once and kept in a file which only its owner can read."""

import contextlib
import os
import secrets
from pathlib import Path

from orchestrator_site import env


def kept_secret(file: Path, *, length: int = 48) -> str:
    """What ``file`` holds; made at the first call. Two processes that start together agree on one secret.

    Raises ConfigurationError when the folder can't be written.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            return _content(file)
        # Written whole under a name of its own, then linked: whoever links first wins, nobody reads half a secret.
        draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        write_private(draft, secrets.token_urlsafe(length))
        try:
            with contextlib.suppress(FileExistsError):
                os.link(draft, file)
        finally:
            draft.unlink(missing_ok=True)
        return _content(file)
    except OSError as error:
        raise env.ConfigurationError(
            f"The secret in {file} can't be read or made: {error.strerror or error}. "
            "Give this user the right to write there, or set VAR_DIR to a folder of its own."
        ) from error


def write_private(file: Path, content: str) -> None:
    """Write ``content`` as one line into ``file``, mode 0600, replacing what was there in one step."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content + "\n")
    draft.replace(file)


def _content(file: Path) -> str:
    content = file.read_text(encoding="utf-8").strip()
    if not content:
        raise env.ConfigurationError(f"{file} is empty. Delete it, and a new secret is made at the next start.")
    return content
