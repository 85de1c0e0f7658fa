"""The registry: what is written down of agents can be edited; their status moves through the hub."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from apps.accounts.requests import signed_in
from apps.agents import registry
from apps.agents.models import Agent, AgentCapability, Scorecard
from apps.core.admin import Editable, LookOnly

if TYPE_CHECKING:
    Inline = admin.TabularInline[AgentCapability, Agent]
else:
    Inline = admin.TabularInline


class CapabilityInline(Inline):
    model = AgentCapability
    extra = 1


@admin.register(Agent)
class AgentAdmin(Editable):
    list_display = ("name", "slug", "runtime", "status", "max_concurrent", "cost_per_hour")
    list_filter = ("runtime", "status")
    search_fields = ("name", "slug")
    inlines = (CapabilityInline,)
    readonly_fields = ("last_seen_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["slug", "runtime"] if obj else [])]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        by = signed_in(request)
        registry.agent_edited(agent=form.instance, person=by, changed=form.changed_data, created=not change)


@admin.register(Scorecard)
class ScorecardAdmin(LookOnly):
    list_display = ("agent", "capability", "tries", "succeeded", "seconds_total", "cost_total")
