"""The versions of the method library, to be looked at; the model that helps planning, to be set up and tried."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from apps.accounts.requests import signed_in
from apps.core.admin import Editable, LookOnly
from apps.planning import thinking
from apps.planning.models import MethodLibrary, ModelCall, ThinkingModel
from apps.planning.thinking.chosen import LONGEST_SECONDS, of_row, wrong_address, wrong_secret
from apps.planning.thinking.setting import model_set

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[ThinkingModel]
else:
    ModelForm = forms.ModelForm


@admin.register(MethodLibrary)
class MethodLibraryAdmin(LookOnly):
    list_display = ("version", "active", "digest", "changed_by", "created_at")


class ThinkingModelForm(ModelForm):
    """Checks what the model's own fields can't: an address may be a host of the local network, a key is only named."""

    base_url = forms.CharField(
        max_length=300,
        required=False,
        label="Address",
        help_text="Empty: the provider's own, or Ollama on this machine.",
    )
    seconds_limit = forms.IntegerField(
        min_value=1, max_value=LONGEST_SECONDS, initial=120, help_text="seconds per plan, at most 240"
    )

    class Meta:
        model = ThinkingModel
        fields = (
            *("name", "provider", "model", "base_url", "secret"),
            *("input_price", "output_price", "cost_limit", "seconds_limit", "active"),
        )

    def clean_base_url(self) -> str:
        return _refused(self.cleaned_data["base_url"].strip(), wrong_address)

    def clean_secret(self) -> str:
        return _refused(self.cleaned_data["secret"].strip(), wrong_secret)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for name in ("input_price", "output_price", "cost_limit"):
            if (found.get(name) or 0) < 0:
                self.add_error(name, "This can't be less than nothing.")
        return found

    def _get_validation_exclusions(self) -> set[str]:
        # A host without a dot is an address here; and to make one model active ends the other's turn.
        return {*super()._get_validation_exclusions(), "base_url", "active"}  # type: ignore[misc]


def _refused(value: str, wrong: Any) -> str:
    words = wrong(value)
    if words:
        raise forms.ValidationError(words)
    return value


@admin.register(ThinkingModel)
class ThinkingModelAdmin(Editable):
    form = ThinkingModelForm
    list_display = ("name", "provider", "model", "active", "cost_limit", "seconds_limit")
    change_form_template = "admin/planning/thinkingmodel/change_form.html"

    def save_model(self, request: HttpRequest, obj: ThinkingModel, form: Any, change: bool) -> None:
        model_set(row=obj, person=signed_in(request))

    def get_urls(self) -> list[URLPattern]:
        mine = path(
            "<int:pk>/try", self.admin_site.admin_view(require_POST(self.tried)), name="planning_thinkingmodel_try"
        )
        return [mine, *super().get_urls()]

    def tried(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the model as it is saved one short question, and say what came."""
        row = get_object_or_404(ThinkingModel, pk=pk)
        answers, words = thinking.trial(of_row(row))
        self.message_user(request, words, messages.SUCCESS if answers else messages.ERROR)
        return HttpResponseRedirect(reverse("admin:planning_thinkingmodel_change", args=[pk]))


@admin.register(ModelCall)
class ModelCallAdmin(LookOnly):
    list_display = (
        "called_at",
        "goal",
        "purpose",
        "model",
        "outcome",
        "input_tokens",
        "output_tokens",
        "cost",
        "seconds",
    )
    list_filter = ("outcome", "purpose", "model")
    list_select_related = ("goal",)
    ordering = ("-called_at",)
