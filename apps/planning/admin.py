"""The versions of the method library: to be looked at."""

from django.contrib import admin

from apps.core.admin import LookOnly
from apps.planning.models import MethodLibrary


@admin.register(MethodLibrary)
class MethodLibraryAdmin(LookOnly):
    list_display = ("version", "active", "digest", "changed_by", "created_at")
