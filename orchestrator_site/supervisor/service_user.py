"""PostgreSQL refuses to run as root. Where Command Post does, PostgreSQL gets a system user of its own.

The wheel's own wrapper opens every parent folder for reading to everybody. Here, others only get the right to pass
through the folders that need it (``chmod o+x``), each is named in a line on the screen, and the data folder itself is
open to nobody but that user.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orchestrator_site.env import ConfigurationError

NAME = "pgserver"


@dataclass(frozen=True, slots=True)
class ServiceUser:
    name: str
    uid: int
    gid: int


def service_user() -> ServiceUser | None:
    """The user that PostgreSQL runs as; None when that is simply the present one. Made at the first start as root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _made()
    return ServiceUser(name=NAME, uid=entry.pw_uid, gid=entry.pw_gid)


def _made() -> pwd.struct_passwd:
    nologin = shutil.which("nologin") or "/bin/false"
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/", "--shell", nologin, NAME]
    try:
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise ConfigurationError(
            f"PostgreSQL does not run as root, and the system user {NAME!r} for it could not be made. "
            "Start Command Post as an ordinary user, make that user yourself, "
            "or set DATABASE_URL and DATABASE_OWNER_URL."
        ) from error


def passage_open(target: Path, *, say: Callable[[str], None]) -> None:
    """Let others pass through the parents of ``target``; they still can't list what is in them."""
    for parent in target.resolve().parents:
        mode = stat.S_IMODE(parent.stat().st_mode)
        if not mode & stat.S_IXOTH:
            say(f"chmod o+x {parent} (PostgreSQL runs as {NAME}, who must pass through it)")
            parent.chmod(mode | stat.S_IXOTH)
