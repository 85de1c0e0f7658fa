#!/usr/bin/env python
"""Command Post's command line: ``python manage.py help``."""

import os
import sys

# Commands that change the shape of the database; everything else runs as the role that can't.
OWNER_COMMANDS = frozenset({"migrate"})


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["DB_ROLE"] = "owner"

    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings are read when this is imported

    from orchestrator_site.env import ConfigurationError  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except ConfigurationError as error:
        sys.exit(f"Command Post can't start: {error}")


if __name__ == "__main__":
    main()
