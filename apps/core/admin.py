"""The admin's two manners: look only, or edit what is written down but never a status (design, promise 1)."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.models import AuditLink, Event, InstallationSetting

if TYPE_CHECKING:
    # Generic for the type checker only: Django's class can't be subscripted when it runs.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class LookOnly(ModelAdmin):
    """Nothing can be added, changed or deleted: for what the hub writes, and for what people decided."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Editable(ModelAdmin):
    """Can be changed, but for its status; is never deleted, because records point at it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        named = [str(name) for name in super().get_readonly_fields(request, obj)]
        status = {field.name for field in self.opts.get_fields() if field.name == "status"}
        return sorted({*named, *status})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(LookOnly):
    list_display = ("at", "type", "subject", "seq")
    list_filter = ("type",)
    search_fields = ("subject",)
    ordering = ("-at", "-pk")
    show_full_result_count = False


@admin.register(AuditLink)
class AuditLinkAdmin(LookOnly):
    list_display = ("seq", "at", "what", "subject", "digest")
    list_filter = ("what",)
    ordering = ("-seq",)


@admin.register(InstallationSetting)
class InstallationSettingAdmin(LookOnly):
    """Switches are thrown where they are explained and audited; here they can be seen."""

    list_display = ("name", "value", "changed_at")
