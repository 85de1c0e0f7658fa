"""The pool's settings can be edited; plans, tasks and attempts can be looked at."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from apps.accounts.requests import signed_in
from apps.core.admin import Editable, LookOnly
from apps.tasks.models import Approach, Artifact, Attempt, Effect, Exploration, Plan, Pool, Task, Worker
from apps.tasks.services.pool import pool_change, pool_problems

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


class PoolForm(forms.ModelForm[Pool] if TYPE_CHECKING else forms.ModelForm):  # type: ignore[misc]
    """The rules are those of the service; their words stand beside the fields."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        changes = {name: data[name] for name in self.changed_data if name in data}
        for name, words in pool_problems(self.instance, changes).items():
            self.add_error(name, words)
        return data


@admin.register(Pool)
class PoolAdmin(Editable):
    """There is one pool. Its slots follow the number; a slot in use ends with its attempt."""

    form = PoolForm
    list_display = ("name", "slots", "retries", "lease_seconds", "queue_limit")
    readonly_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Pool, form: Any, change: bool) -> None:
        if form.changed_data:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            pool_change(person=signed_in(request), pool=obj, **changes)
