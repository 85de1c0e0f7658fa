"""``manage.py prepare``: what a migrated database and a fresh checkout still lack; quick when that is nothing."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from apps.accounts import services as accounts
from orchestrator_site.private_files import write_private


class Command(BaseCommand):
    help = "Collect static files, seed, and create the first admin."

    def handle(self, *args: Any, **options: Any) -> None:
        static_collect()
        call_command("seed", verbosity=0)
        admin_create()


def static_collect() -> None:
    """Collect and compress, unless the sources are those of the last time: that takes seconds, and each start asks."""
    stamp = settings.VAR_DIR / "static.stamp"
    fingerprint = _static_fingerprint()
    if settings.STATIC_ROOT.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == fingerprint:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    write_private(stamp, fingerprint)


def _static_fingerprint() -> str:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def admin_create() -> None:
    """The first admin, when there is none. A password that was made here is kept where only this user can read it."""
    password = accounts.admin_ensure(username=settings.ADMIN_USERNAME, password=settings.ADMIN_PASSWORD)
    if password and password != settings.ADMIN_PASSWORD:
        write_private(settings.VAR_DIR / "admin_password", password)
