"""People, groups and tokens. Roles and groups are written through the services, so that every change is audited."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group as DjangoGroup
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.accounts import services
from apps.accounts.models import Group, Person, Token
from apps.accounts.requests import signed_in
from apps.core.admin import Editable, LookOnly

# Rights come from the role (accounts.policy); Django's own groups give none here.
admin.site.unregister(DjangoGroup)


if TYPE_CHECKING:
    ChangeForm = UserChangeForm[Person]
    PeopleAdmin = UserAdmin[Person]
else:
    ChangeForm = UserChangeForm
    PeopleAdmin = UserAdmin


class PersonForm(ChangeForm):
    """Refuses to leave the installation without an admin."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        stays = found.get("role") == "admin" and found.get("is_active")
        others = Person.objects.filter(role="admin", is_active=True).exclude(pk=self.instance.pk)
        if self.instance.role == "admin" and not stays and not others.exists():
            raise forms.ValidationError("This is the last admin: make somebody else an admin first.")
        return found


@admin.register(Person)
class PersonAdmin(PeopleAdmin):
    form = PersonForm
    list_display = ("username", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active", "seat_groups")
    filter_horizontal = ("seat_groups",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "first_name", "last_name", "email")}),
        ("What they may do, and for whom they vote", {"fields": ("role", "seat_groups", "is_active")}),
        ("Settings", {"fields": ("time_zone", "keys_enabled", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "password1", "password2", "email", "role", "seat_groups"), "classes": ("wide",)},
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # votes and audit links point at people: switch somebody off instead

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Save the person as they were; ``save_related`` then changes role, groups and activity, audited."""
        before = Person.objects.filter(pk=obj.pk).first()
        form.wanted = {"role": obj.role, "active": obj.is_active}
        obj.role, obj.is_active = (before.role, before.is_active) if before else ("viewer", True)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        groups = [group.slug for group in form.cleaned_data.get("seat_groups", ())]
        by = signed_in(request)
        services.person_update(person=form.instance, by=by, groups=groups, **form.wanted)


@admin.register(Group)
class GroupAdmin(Editable):
    list_display = ("name", "slug")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # The rules of gates name groups by their slugs.
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]


@admin.register(Token)
class TokenAdmin(LookOnly):
    list_display = ("name", "prefix", "person", "scopes", "expires_at", "revoked_at", "last_used_at")
    exclude = ("digest",)
    actions = ("revoke",)

    @admin.action(description="End the chosen tokens at once")
    def revoke(self, request: HttpRequest, chosen: QuerySet[Token]) -> None:
        by = signed_in(request)
        for token in chosen.select_related("person"):
            services.token_revoke(token=token, by=by)
        self.message_user(request, "They are refused from now on.")
