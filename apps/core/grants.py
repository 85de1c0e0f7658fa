"""What the application's database role may do: read and write rows, and never more.

Migrations run as the owner; every process runs as the app role, which has no DDL, no TRUNCATE and no trigger rights.
Tables that are append-only lose UPDATE and DELETE too (design, promise 1). Called after each migrate, so that new
tables are covered without anybody remembering to.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections

# A model joins this list by saying ``append_only = True``.
_ATTRIBUTE = "append_only"


def append_only_tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, _ATTRIBUTE, False))


def grant(*, using: str = "default") -> None:
    """Give the app role its rights; does nothing when the role in use is the app role itself."""
    role = settings.DATABASE_APP_ROLE
    if not role:
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        current, exists = cursor.fetchone()
        if current == role or not exists:
            return
        name = connection.ops.quote_name(role)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM {name}, PUBLIC")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        for table in append_only_tables():
            cursor.execute(f"REVOKE UPDATE, DELETE ON {connection.ops.quote_name(table)} FROM {name}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}")


def after_migrate(*, using: str = "default", **_: Any) -> None:
    """Receiver of ``post_migrate``: sent once for each app, cheap and idempotent."""
    grant(using=using)
