"""Gate definitions can be edited, each edit being a new version; gates and what people decided can be looked at.

Nothing here passes a gate: there is no vote, no seat and no clearance to be made.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from apps.accounts.models import Person
from apps.accounts.requests import signed_in
from apps.core.admin import Editable, LookOnly
from apps.core.errors import Invalid
from apps.gates.definitions import newest
from apps.gates.models import (
    ChangeItem,
    Check,
    Clearance,
    ClearanceSeat,
    Condition,
    Gate,
    GateDefinition,
    Revocation,
    Round,
    Vote,
)
from apps.gates.services import definition_change

LOOK_ONLY = {
    Gate: ("code", "goal", "status"),
    Round: ("gate", "number", "outcome", "solo", "opened_at", "decided_at"),
    Check: ("round", "name", "blocking", "result", "source"),
    Vote: ("round", "person", "group", "verdict", "at"),
    ChangeItem: ("round", "number", "text", "answer"),
    Condition: ("goal", "text", "status", "due_phase", "owner"),
    Clearance: ("goal", "phase", "solo", "override", "made_at"),
    ClearanceSeat: ("clearance", "seat", "person"),
    Revocation: ("clearance", "why", "at"),
}
for model, columns in LOOK_ONLY.items():
    admin.site.register(model, type(f"{model.__name__}Admin", (LookOnly,), {"list_display": columns}))


if TYPE_CHECKING:
    ModelForm = forms.ModelForm[GateDefinition]
else:
    ModelForm = forms.ModelForm


class DefinitionForm(ModelForm):
    """Checks an edit by making the new version and taking it back: the services' words stand beside the fields."""

    person: Person

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("advisory_checks", "reviews", "required_artifacts", "blocking_checks"):
            if name in self.fields:
                self.fields[name].required = False  # an empty list is a list

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors:
            self._try(found)
        return found

    def _try(self, found: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                definition_change(code=self.instance.code, person=self.person, **self.changes(found))
                transaction.set_rollback(True)
        except Invalid as error:
            for name, words in error.fields.items():
                self.add_error(name if name in self.fields else None, words)

    def changes(self, found: dict[str, Any]) -> dict[str, Any]:
        return {name: [] if found[name] is None else found[name] for name in self.changed_data}


@admin.register(GateDefinition)
class GateDefinitionAdmin(Editable):
    form = DefinitionForm
    list_display = ("code", "version", "title", "changed_by", "created_at")
    list_filter = ("code",)
    readonly_fields = ("code", "version", "phase", "changed_by", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # there are seven gates

    def has_change_permission(self, request: HttpRequest, obj: GateDefinition | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj == newest(obj.code))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.person = signed_in(request)
        return form

    def save_model(self, request: HttpRequest, obj: GateDefinition, form: Any, change: bool) -> None:
        """The version that was edited stays as it is; rounds that have begun keep it."""
        definition_change(code=obj.code, person=form.person, **form.changes(form.cleaned_data))
