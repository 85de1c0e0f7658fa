"""The pool's settings can be edited; plans, tasks and attempts can be looked at."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from apps.accounts.requests import signed_in
from apps.core import audit, events
from apps.core.actors import person_actor
from apps.core.admin import Editable, LookOnly
from apps.core.models import SYSTEM_STREAM
from apps.tasks.models import Approach, Artifact, Attempt, Effect, Exploration, Plan, Pool, Slot, Task, Worker

LOOK_ONLY: dict[type[Model], tuple[str, ...]] = {
    Exploration: ("goal", "created_at", "seconds"),
    Approach: ("goal", "number", "name", "chosen", "minutes", "cost"),
    Plan: ("goal", "version", "status", "minutes", "cost"),
    Task: ("title", "goal", "phase", "capability", "status", "wait_reason"),
    Attempt: ("task", "number", "agent", "status", "slot", "dispatched_at"),
    Effect: ("task", "revision", "commit", "at"),
    Artifact: ("path", "goal", "size", "current", "at"),
    Worker: ("name", "capacity", "isolated", "seen_at"),
}
for model, columns in LOOK_ONLY.items():
    admin.site.register(model, type(f"{model.__name__}Admin", (LookOnly,), {"list_display": columns}))


@admin.register(Pool)
class PoolAdmin(Editable):
    """There is one pool. Its slots follow the number; a slot in use ends with its attempt."""

    list_display = ("name", "slots", "retries", "lease_seconds", "queue_limit")
    readonly_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Pool, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        numbers = range(1, obj.slots + 1)
        Slot.objects.bulk_create([Slot(pool=obj, number=number) for number in numbers], ignore_conflicts=True)
        changes = {name: getattr(obj, name) for name in form.changed_data}
        actor, subject = person_actor(signed_in(request)), f"pool:{obj.name}"
        audit.append(actor=actor, what="pool.changed", subject=subject, data=changes)
        events.record(events.Happening(SYSTEM_STREAM, "pool.changed", subject, changes), actor=actor)
